/* SPDX-License-Identifier: MIT */
/* The witness: programs at the kernel's tracepoints. Each probe that cannot attach is named; the others go on. */
#ifndef WHY502_PROBES_H
#define WHY502_PROBES_H

#include <stdbool.h>
#include <stddef.h>

#define NOT_ASKED (-1)

struct probe {
	const char *name;
	const void *(*octets)(size_t *size);
	/* What is not known without it. */
	const char *lost;
	/* Costs every process something: only where it is asked for. */
	bool costly;
	/* 0 where it is attached; NOT_ASKED. */
	int error;
};

struct bpf_map;

struct probes {
	struct probe *all;
	int count;
	int attached;
	/* Shared by all; NULL where none is attached. */
	struct bpf_map *events;
	struct bpf_map *dropped;
};

/* Loads and attaches what the kernel allows. They live as long as this process. */
void probes_open(struct probes *probes, bool syscalls);
/* The kernel's name of a reason for a reset, or "" where it gives none. */
const char *reset_reason(unsigned int number);

#endif
