/* SPDX-License-Identifier: MIT */
/*
 * Where a head ends: the empty line (LF LF, or LF CR LF), eight octets at a time. A word is compared with LF and CR
 * in all its octets at once; no branch but the one that leaves, so that the verifier's work stays small.
 */
#ifndef WHY502_HEAD_H
#define WHY502_HEAD_H

#include "packet.h"

#define PIECE 64
/* Pieces of one segment that are searched. A segment whose head is longer than this is kept as a head, whole. */
#define PIECES 64

#define HIGH_BITS 0x8080808080808080ull
#define LOW_BITS 0x7f7f7f7f7f7f7f7full
#define EACH_OCTET(octet) (0x0101010101010101ull * (octet))

/* What the last two octets of the segment before were, for an empty line across two segments. */
#define WAS_LF 1
#define WAS_LF_CR 2

/* The high bit of every octet of `word` that equals the one `repeated`; exact. */
static __always_inline __u64 equal(__u64 word, __u64 repeated)
{
	__u64 other = word ^ repeated;

	return ~(((other & LOW_BITS) + LOW_BITS) | other | LOW_BITS) & HIGH_BITS;
}

/* Is there an end in the word? `lf` and `cr` hold the marks of the word before. Octets are compared in memory order. */
static __always_inline int ends_in(__u64 word, __u64 *lf, __u64 *cr)
{
	__u64 lf_now = equal(word, EACH_OCTET('\n'));
	__u64 cr_now = equal(word, EACH_OCTET('\r'));
	__u64 lf_1 = lf_now << 8 | *lf >> 56;
	__u64 lf_2 = lf_now << 16 | *lf >> 48;
	__u64 cr_1 = cr_now << 8 | *cr >> 56;

	*lf = lf_now;
	*cr = cr_now;
	return (lf_now & (lf_1 | (cr_1 & lf_2))) != 0;
}

/*
 * Searches the octets from `at` to `end`; returns an offset at most seven octets behind the head's end, or 0 where it is
 * not there.
 */
__noinline __u32 head_end(struct __sk_buff *skb, __u32 at, __u32 end, __u32 before)
{
	__u64 piece[PIECE / 8];
	/* As if the word before had ended in what the segment before ended in. */
	__u64 lf = before == WAS_LF ? 1ull << 63 : before == WAS_LF_CR ? 1ull << 55 : 0;
	__u64 cr = before == WAS_LF_CR ? 1ull << 63 : 0;
	int n, word;

	for (n = 0; n < PIECES; n++) {
		__u64 octets;

		if (at >= end)
			return 0;
		octets = at_most(end - at, PIECE);
		__builtin_memset(piece, 0, sizeof(piece));
		if (octets < 1 || load(skb, at, piece, not_none(octets)))
			return 0;
		for (word = 0; word < PIECE / 8; word++)
			if (ends_in(piece[word], &lf, &cr))
				return at + word * 8 + 8;
		/* Not by `octets`: whichever way they came about, the verifier then has one state to go on from. */
		at += PIECE;
	}
	return 0;
}

/* What head_end must know of this segment when it searches the next one. */
static __always_inline __u32 head_tail(struct __sk_buff *skb, __u32 at, __u32 end, __u32 before)
{
	__u8 last[2] = { 0, 0 };

	if (end - at >= 2)
		load(skb, end - 2, last, 2);
	else if (end - at == 1)
		load(skb, end - 1, last + 1, 1);
	if (end - at == 1 && before == WAS_LF)
		last[0] = '\n';
	if (last[1] == '\n')
		return WAS_LF;
	return last[0] == '\n' && last[1] == '\r' ? WAS_LF_CR : 0;
}

#endif
