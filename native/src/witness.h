/* SPDX-License-Identifier: MIT */
/* What the kernel's probes told, in the order of time, by the clock that packets have. */
#ifndef WHY502_WITNESS_H
#define WHY502_WITNESS_H

#include <stdbool.h>

#include "../bpf/include/event.h"
#include "clock.h"
#include "inventory.h"
#include "probes.h"

/* Events taken out of the kernel's ring and not written yet; what is more waits there. */
#define MAX_WAITING 16384
/* Of these, attempts at unix sockets with what was said on them: 4 MiB. */
#define MAX_TALKS 512

/* Events that may stand so far beside packets still tell what came first; more is told. */
#define CLOCK_ERROR_BORNE 50000

struct ring_buffer;

/* Of a system call that does nothing, of one that reads from a socket, and of one that writes. */
struct call_times {
	nanos idle;
	nanos reading;
	nanos writing;
};

struct waiting {
	struct event event;
	/* What was said; NULL where the event has none. */
	struct talk *talk;
};

struct witness {
	struct probes probes;
	struct inventory inventory;
	/* When a queue was looked at last: once in a while is enough. */
	nanos looked;
	/* By how much system calls got slower, where they do. */
	struct call_times slower;
	struct ring_buffer *ring;
	/* Events that the ring had no room for: the kernel's count, and how many of them were told. */
	const volatile __u64 *dropped;
	__u64 told;
	/* When it was noticed last that some were lost. */
	nanos blind_until;
	/* From the steady clock to the wall clock, and by how much that may be wrong. */
	int64_t offset;
	nanos error;
	/* In order of time; `next` is the oldest one that was not taken. */
	struct waiting waiting[MAX_WAITING];
	int next;
	/* The oldest one that was not looked at in advance. */
	int ahead;
	int count;
	int talks;
	__u64 delivered;
};

/* Attaches the probes, but not those of the list `without`. Never fails as a whole: without any, there are no events. */
void witness_open(struct witness *witness, bool unix_peers, const char *without);
/* What the events of a failure leave open: how full the queue is that it met. */
void witness_look(struct witness *witness, const struct event *event, struct buffer *to, nanos at);
/* To be polled; -1 where nothing can come. */
int witness_fd(const struct witness *witness);
/* Compares the clocks again. */
void witness_measure(struct witness *witness);
/* Takes what the ring holds, as far as there is room; returns up to when everything is known. */
nanos witness_read(struct witness *witness);
/* The oldest event and when it was, by the wall clock; NULL where there is none. */
const struct event *witness_peek(const struct witness *witness, nanos *at);
/* What was said on the unix socket that this event is about; NULL where it is about none. */
const struct talk *witness_talk(const struct witness *witness);
void witness_take(struct witness *witness);
/* The same in advance, without taking it. */
void witness_start_ahead(struct witness *witness);
const struct event *witness_peek_ahead(const struct witness *witness, nanos *at);
/* False where events since then may be missing. */
bool witness_is_whole(const struct witness *witness, nanos since);
/* Events lost since this was asked last; they lie behind all that had been read, which were until `at`. */
__u64 witness_lost(struct witness *witness, nanos *at);

#endif
