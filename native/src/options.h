/* SPDX-License-Identifier: MIT */
/* The command line: what to capture, how much of it, where to, for how long. */
#ifndef WHY502_OPTIONS_H
#define WHY502_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "../bpf/include/settings.h"
#include "clock.h"

#define MAX_NAMED 32

struct options {
	const char *interface[MAX_NAMED];
	/* 0: loopback and every interface that is up and carries IP, now or later. */
	int interfaces;
	/* NULL: standard output. */
	const char *file;
	/* Octets of each interface's ring, and of all of them; 0: no limit. */
	size_t ring;
	size_t memory;
	/* Percent of one processor; 0: no limit. */
	unsigned int processor;
	struct triage_settings settings;
	/* The kernel's probes are attached. */
	bool witness;
	/* .. those too that slow every system call of the host a little. */
	bool syscalls;
	/* .. but not those of this list; NULL: none. */
	const char *without;
	/* Successes may be left out while the host has no processor time to spare, not only where the reader is too slow. */
	bool yields;
	nanos duration;
	nanos statistics;
	/* Rotation: a file ends at so many octets, or after so long; there are `files` of them. */
	size_t rotate_size;
	nanos rotate_time;
	int files;
	/* Descriptor of the terminal that the parent draws on; -1: none. */
	int terminal;
};

/* Ends the process where the command line is wrong, or asks for help. */
void read_options(int argc, char **argv, struct options *options);

#endif
