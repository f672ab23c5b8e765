/* SPDX-License-Identifier: MIT */
/* What this process may do: asked for before anything is opened, given up once everything is. */
#ifndef WHY502_PRIVILEGES_H
#define WHY502_PRIVILEGES_H

#include <stdbool.h>

/* Ends the process where a capability is missing; says which, and the command that grants it. */
void need_capabilities(bool filter);
/* A file that root made belongs to the user who called sudo; root's own stay root's. */
void give_to_caller(int fd, const char *path);
/*
 * For good: no root (it becomes the user whom WHY502_UID and WHY502_GID name, else the one who called sudo), no capabilities,
 * none to be had again, only the system calls that capturing needs (seccomp.c). The kernel sends SIGTERM when the parent ends.
 */
void give_up_privileges(void);

/* seccomp.c. Returns 0 or the error. */
int allow_only_what_is_needed(void);

#endif
