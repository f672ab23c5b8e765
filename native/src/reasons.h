/* SPDX-License-Identifier: MIT */
/* The kernel's own names of the reasons for resets and drops: their numbers differ from one kernel to the next. */
#ifndef WHY502_REASONS_H
#define WHY502_REASONS_H

#include <stdbool.h>

#include "../bpf/include/event.h"

/* Reads them, while that is allowed; false where this kernel gives no reason for a reset. */
bool reasons_read(void);

/* Of a reset or a drop, or "" where the kernel gives none. */
const char *reason_of(const struct event *event);

#endif
