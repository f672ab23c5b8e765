/* SPDX-License-Identifier: MIT */
/* How much processor time nobody takes: of those processors that this program, and so its reader, may run on. */
#ifndef WHY502_IDLE_H
#define WHY502_IDLE_H

#include <sched.h>
#include <stdint.h>

/* In the kernel's ticks, since the machine started. */
struct processor_time {
	uint64_t idle;
	uint64_t all;
};

struct idle {
	/* /proc/stat; -1: it cannot be known. */
	int fd;
	cpu_set_t ours;
	struct processor_time before;
};

#define IDLE_UNKNOWN 101

/* While files can be opened. */
void idle_open(struct idle *idle);
/*
 * Percent of the time since the last call in which nothing ran. What runs at a low priority does run: this program is among
 * it. IDLE_UNKNOWN where that cannot be said.
 */
unsigned int idle_share(struct idle *idle);
/* The sum of the `cpuN` lines of `ours`, which /proc/stat begins with (proc(5)). The last line may be cut. */
struct processor_time processor_time_in(const char *text, const cpu_set_t *ours);

#endif
