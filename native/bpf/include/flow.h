/* SPDX-License-Identifier: MIT */
/*
 * What the filter remembers of a TCP connection, in one of the two places that its ends lead to. Where both are taken one
 * is taken over; whoever had it is met again as a connection that had begun before. An array is cheaper than a hash map.
 *
 * Each direction's packets write their own turn, so that two processors never change the same words; the other side is
 * read, never written. All positions are sequence numbers: what is sent again is judged as it was the first time.
 */
#ifndef WHY502_FLOW_H
#define WHY502_FLOW_H

#include "head.h"
#include "recognise.h"
#include "settings.h"

/*
 * Connections remembered, in pairs of places: more than are halfway through something at any time; and no more than the
 * processor's caches hold, for every new connection comes to a place where none has been for long.
 */
#define PLACES 16384

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

/* How many octets of a turn are kept at most. */
enum limit { AT_MOST_UNKNOWN, AT_MOST_TURN, AT_MOST_HEAD };

struct turn {
	/* The turn's first octet, and how many from there are kept. */
	__u32 base;
	__u32 keep;
	/* Where the search for the head's end goes on; where the next FastCGI record begins. */
	__u32 searched;
	__u32 record;
	/* Segments with octets, and how many the other side had sent at the last one: another number is a turn. */
	__u16 segments;
	__u16 answered;
	__u8 where : 4;
	__u8 limit : 4;
	__u8 tail;
	__u8 in_step;
	__u8 held;
};

struct flow {
	/* 0: the place is free. */
	__u64 key;
	__u8 protocol;
	/* Its FIN was seen; by direction. */
	__u8 ended[2];
	/* Which direction the SYN went, and one more; 0: it was not seen. Its sender has acknowledged the answer to it. */
	__u8 opener;
	__u8 opened;
	__u8 pad[3];
	struct turn turn[2];
};

/* It is fetched from afar for most segments: what else ran since then took its place in the nearest caches. */
_Static_assert(sizeof(struct flow) == 64, "one cache line");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	/* Nobody maps it, but one that may be mapped begins where a page does: so its elements are whole cache lines. */
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PLACES);
	__type(key, __u32);
	__type(value, struct flow);
} flows SEC(".maps");

/* The first octets of each side's turn, where they do not come in one segment. */
struct beginning {
	__u64 octets[2][PROOF / 8];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PLACES);
	__type(key, __u32);
	__type(value, struct beginning);
} beginnings SEC(".maps");

/* Where the connection is, or is to be. */
static __always_inline struct flow *place_of(__u64 key, __u32 *place)
{
	__u32 first = key >> 40 & (PLACES - 2), second = first | 1;
	struct flow *flow = bpf_map_lookup_elem(&flows, &first);
	struct flow *other;

	*place = first;
	if (!flow || flow->key == key)
		return flow;
	other = bpf_map_lookup_elem(&flows, &second);
	if (!other || other->key == key || (flow->key && (!other->key || key & 2))) {
		*place = second;
		return other;
	}
	return flow;
}

static __always_inline void begin_flow(struct flow *flow, __u64 key)
{
	__builtin_memset(flow, 0, sizeof(*flow));
	flow->key = key;
}

static __always_inline void forget(struct flow *flow)
{
	flow->key = 0;
}

const volatile struct triage_settings settings = { .snap = 262144, .head = 65536, .body = 256, .triage = 1 };

/* Sequence numbers wrap: is a before b? */
static __always_inline int before(__u32 a, __u32 b)
{
	return (__s32)(a - b) < 0;
}

#endif
