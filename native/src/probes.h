/* SPDX-License-Identifier: MIT */
/* The witness: programs at the kernel's tracepoints. Each probe that cannot attach is named; the others go on. */
#ifndef WHY502_PROBES_H
#define WHY502_PROBES_H

#include <stdbool.h>
#include <stddef.h>

#include "inventory.h"

#define NOT_ASKED (-1)

/* A kernel's version, in order. */
#define KERNEL(version, patchlevel) ((version) << 8 | (patchlevel))

enum when {
	ALWAYS,
	/* Where the one before it cannot be had. */
	INSTEAD,
	/* Where a gateway may have unix sockets for peers: it costs every send of the host something. */
	FOR_UNIX,
	/* There too: it costs every system call of the host something. */
	FOR_UNIX_CALLS,
	/* Where a gateway can be asked what TLS hides: it costs what clients ask by TLS something. */
	FOR_TLS,
};

struct probe {
	const char *name;
	const void *(*octets)(size_t *size);
	/* The first kernel that has what it needs; those of distributions may have it earlier. */
	unsigned int since;
	/* What is not known without it; of one that stands in for another, what it looks at. */
	const char *about;
	enum when when;
	/* 0 where it is attached; NOT_ASKED. */
	int error;
};

struct bpf_map;

struct probes {
	struct probe *all;
	int count;
	int attached;
	/* KERNEL of the one that runs; 0 where it cannot be read. */
	unsigned int kernel;
	/* Shared by all; NULL where none is attached. */
	struct bpf_map *events;
	struct bpf_map *dropped;
	/* Resets that no socket sends are told, too: since Linux 6.10, together with reasons. */
	bool every_reset;
};

/* Loads and attaches what the kernel allows and this host needs, but not those of the list `without`. They live as long as this process. */
void probes_open(struct probes *probes, const struct inventory *host, const char *without);
/* What stands in for the nth probe, which cannot be had; NULL where that is not so. */
const struct probe *probe_instead(const struct probes *probes, int n);
/* It cannot be had, and nothing stands in for it. */
bool probe_is_missed(const struct probes *probes, int n);
/* One of those that are there for unix sockets is attached. */
bool probes_watch_unix(const struct probes *probes);
/* Why the nth cannot be had. The text lasts until the next call. */
const char *probe_refusal(const struct probes *probes, int n);
#endif
