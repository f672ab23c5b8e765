/* SPDX-License-Identifier: MIT */
/* What the tracepoint of a system call's end (sys_exit_*) hands over, in the same layout on every kernel. */
#ifndef WHY502_LEFT_H
#define WHY502_LEFT_H

#include <linux/types.h>

struct left {
	__u64 common;
	__s64 number;
	__s64 result;
};

#endif
