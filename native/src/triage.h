/* SPDX-License-Identifier: MIT */
/* The filter that runs in the kernel, loaded with its settings. */
#ifndef WHY502_TRIAGE_H
#define WHY502_TRIAGE_H

#include <stdbool.h>

#include "../bpf/include/settings.h"

struct triage;

/* Would a filter with these settings do anything? If not, none is loaded, and CAP_BPF is not needed. */
bool triage_needed(const struct triage_settings *settings);
/* Loads it; NULL and the error where the kernel refuses. The programs live as long as this process and the sockets. */
struct triage *triage_load(const struct triage_settings *settings, int *error);
/* Sockets that have the filter keep it. */
void triage_unload(struct triage *triage);
/* The program, as a file descriptor; `bare`: for frames that begin with the IP header. */
int triage_program(const struct triage *triage, bool bare);

#endif
