/* SPDX-License-Identifier: MIT */
/*
 * Where a head ends: the empty line (LF LF, or LF CR LF), eight octets at a time. A word is compared with LF and CR
 * in all its octets at once; no branch but the one that leaves, so that the verifier's work stays small.
 */
#ifndef WHY502_HEAD_H
#define WHY502_HEAD_H

#include "packet.h"

/* Octets that are loaded at once: most heads. A load costs as much as a search of a hundred octets. */
#define PIECE 512
/* Words that are searched between two looks at where the piece ends. */
#define STEP 8
/* Pieces of one segment that are searched. A segment whose head is longer than this is kept as a head, whole. */
#define PIECES 8

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

/* A piece of a segment, zeros behind it. Not on the stack, which is small. */
struct piece_words {
	__u64 word[PIECE / 8 + STEP];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct piece_words);
} pieces SEC(".maps");

/* Loads the octets from `at` on, up to a piece of them; NULL where that fails. */
static __always_inline struct piece_words *load_piece(struct __sk_buff *skb, __u32 at, __u32 end)
{
	__u32 zero = 0;
	struct piece_words *piece = bpf_map_lookup_elem(&pieces, &zero);
	__u64 octets = at_most(end - at, PIECE);

	if (!piece || octets < 1 || load(skb, at, piece, not_none(octets)))
		return NULL;
	__builtin_memset((void *)piece + octets, 0, STEP * 8);
	return piece;
}

/*
 * Searches the piece that was loaded last, of so many octets; returns an offset in it at most seven octets behind the head's
 * end, or 0 where that is not there, and in the upper half what its last octets were. A function of its own to the verifier,
 * which goes through every word of it.
 */
__noinline __u64 piece_end(__u32 octets, __u32 before)
{
	/* As if the word before had ended in what the piece before ended in. */
	__u64 lf = before == WAS_LF ? 1ull << 63 : before == WAS_LF_CR ? 1ull << 55 : 0;
	__u64 cr = before == WAS_LF_CR ? 1ull << 63 : 0;
	__u32 zero = 0;
	const struct piece_words *piece = bpf_map_lookup_elem(&pieces, &zero);
	__u32 step, word;

	for (step = 0; piece && step < PIECE / 8; step += STEP) {
		for (word = 0; word < STEP; word++)
			if (ends_in(piece->word[step + word], &lf, &cr))
				return (step + word) * 8 + 8;
		if (octets <= (step + STEP) * 8)
			break;
	}
	return (lf >> 63 ? (__u64)WAS_LF : cr >> 63 && lf >> 55 & 1 ? (__u64)WAS_LF_CR : 0) << 32;
}

/*
 * Searches the octets from `at` to `end`; returns an offset at most seven octets behind the head's end, or 0 where it is
 * not there. `loaded`: the first piece is there already.
 */
__noinline __u32 head_end(struct __sk_buff *skb, __u32 at, __u32 end, __u32 before, __u32 loaded)
{
	int n;

	for (n = 0; n < PIECES && at < end; n++) {
		__u64 found;

		if (!loaded && !load_piece(skb, at, end))
			return 0;
		loaded = 0;
		found = piece_end(end - at, before);
		if ((__u32)found)
			return at + (__u32)found;
		before = found >> 32;
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
