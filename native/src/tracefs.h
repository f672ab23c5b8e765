/* SPDX-License-Identifier: MIT */
/* The file system in which the kernel names its tracepoints: those of single system calls are found nowhere else. */
#ifndef WHY502_TRACEFS_H
#define WHY502_TRACEFS_H

/* Where the host has not mounted it: mounts it for this process alone, if it may. What cannot be had shows when it is needed. */
void tracefs_open(void);

#endif
