/* SPDX-License-Identifier: MIT */
/*
 * What the filter remembers of a TCP connection. Each half is written by the packets of its own direction only, so that
 * two processors never change the same words; the other side is read, never written. All positions are sequence
 * numbers: what is sent again is judged as it was the first time.
 */
#ifndef WHY502_FLOW_H
#define WHY502_FLOW_H

#include "head.h"
#include "recognise.h"
#include "settings.h"

/* Connections remembered; the one that was silent longest goes first, and is met again as one that had begun before. */
#define FLOWS 65536

/* Segments of a side in which a protocol is looked for. */
#define TRIES 64
/* Octets of a side that are kept while nobody knows the protocol: as many as the recogniser of src/proto holds. */
#define UNKNOWN_OCTETS 512
/* A turn that begins like no message: enough to say what it is instead of one (nginx gives a head 4 or 8 KiB). */
#define TURN_OCTETS 4096
/* Of each side of a TLS connection: its handshake, with the certificates of most servers. */
#define TLS_OCTETS 16384
/* Records are followed so far into a segment; a FastCGI server that writes more at once has its later headers cut. */
#define RECORD_REACH 16384
#define RECORDS 32

enum where { NOWHERE, IN_HEAD, IN_BODY };

struct turn {
	/* Segments with octets, and how many the other side had sent at the last one: another number is a turn. */
	__u32 segments;
	__u32 answered;
	/* The turn's first octet, how many from there are kept, and at most. */
	__u32 base;
	__u32 keep;
	__u32 limit;
	/* Where the search for the head's end goes on; where the next FastCGI record begins. */
	__u32 searched;
	__u32 record;
	__u8 where;
	__u8 tail;
	__u8 in_step;
	__u8 held;
};

struct half {
	struct turn turn;
	/* The turn's first octets: PROOF of them, and room for a load behind them. */
	__u64 begin[4];
};

struct flow {
	struct half half[2];
	__u32 protocol;
	/* Its FIN was seen; by direction. */
	__u8 ended[2];
	__u16 pad;
};

_Static_assert(sizeof(struct half) == 64, "one cache line a direction");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, FLOWS);
	__type(key, struct key);
	__type(value, struct flow);
} flows SEC(".maps");

const volatile struct triage_settings settings = { .snap = 262144, .head = 65536, .body = 256, .triage = 1 };

/* Sequence numbers wrap: is a before b? */
static __always_inline int before(__u32 a, __u32 b)
{
	return (__s32)(a - b) < 0;
}

#endif
