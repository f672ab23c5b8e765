/* SPDX-License-Identifier: MIT */
/*
 * How many of a segment's octets are kept. A turn begins where a side speaks after the other one did, or with a segment
 * that begins like a message; it is a head up to the empty line, and a body after it.
 */
#ifndef WHY502_TURN_H
#define WHY502_TURN_H

#include "flow.h"

#define TCP_ACK 0x10
#define UINT16_LAST 0xffff

/* One segment with octets. */
struct piece {
	/* In the frame. */
	__u32 at;
	__u32 end;
	__u32 octets;
	__u32 seq;
};

/* Adds to the turn's first octets until there are PROOF of them. `front`: the segment's, with zeros behind them. */
static __always_inline void hold_begin(const struct piece *piece, const struct piece_words *front, struct turn *turn, __u64 *begin)
{
	__u32 bits = turn->held * 8;

	if (bits == 0) {
		begin[0] = front->word[0];
		begin[1] = front->word[1];
	} else if (bits < 64) {
		begin[0] |= front->word[0] << bits;
		begin[1] |= front->word[0] >> (64 - bits) | front->word[1] << bits;
	} else {
		begin[1] |= front->word[0] << (bits - 64);
	}
	turn->held += at_most(piece->octets, PROOF);
}

/* A response without a turn: after an interim one, or to a client that did not wait. */
static __always_inline int begins_response(struct __sk_buff *skb, const struct piece *piece)
{
	__u64 first;

	return !load(skb, piece->at, &first, sizeof(first)) &&
	       (first & FIRST(7)) == WORD('H', 'T', 'T', 'P', '/', '1', '.', 0);
}

static __always_inline void begin_turn(struct turn *turn, const struct piece *piece, __u32 protocol)
{
	/* The answers of these begin with any word: what does not look like a message may still be one. */
	int anything = protocol == FASTCGI || protocol == UWSGI || protocol == SCGI;

	turn->base = piece->seq;
	turn->keep = 0;
	turn->limit = protocol == UNKNOWN ? AT_MOST_UNKNOWN : anything ? AT_MOST_HEAD : AT_MOST_TURN;
	turn->searched = piece->seq;
	turn->where = IN_HEAD;
	turn->tail = 0;
	turn->held = 0;
	if (!turn->in_step)
		turn->record = piece->seq;
	turn->in_step = 1;
}

/* What its first octets say of a turn. */
static __always_inline void judge_begin(struct turn *turn, __u32 begins, __u64 first, __u64 second)
{
	/* A request whose length is said in front of it, or by its records: no empty line is looked for. */
	int known_length = begins == UWSGI || begins == SCGI || (begins == FASTCGI && is_begin_request(first, second));
	__u32 length = begins == UWSGI ? 4 + uwsgi_size(first) : begins == SCGI ? scgi_length(first, second) + 8 : 0;
	/* The empty line in the signature of a PROXY header is none: the search begins behind the addresses. */
	__u32 skip = begins == PROXY2 ? 16 + bpf_ntohs(second >> 48) : 0;

	turn->limit = AT_MOST_HEAD;
	turn->searched = turn->base + skip;
	turn->where = known_length ? IN_BODY : IN_HEAD;
	turn->keep = known_length ? length + settings.body : turn->keep;
}

/*
 * Follows the records of a FastCGI segment that begins at `start` in the frame, from its octet `at` on. Returns how many
 * of its octets hold the last header, and contents that are no bulk (PARAMS, STDERR, END_REQUEST), and in the upper half
 * where the next record begins; OUT_OF_STEP where that cannot be told. A function of its own to the verifier.
 */
#define OUT_OF_STEP 0xffffffffull

__noinline __u64 follow_records(struct __sk_buff *skb, __u32 start, __u32 octets, __u32 at)
{
	__u32 keep = 0;
	int n;

	for (n = 0; n < RECORDS && at < octets; n++) {
		__u64 header;
		__u32 content;
		__u8 type;

		if (at + 8 > octets || load(skb, start + at, &header, 8) || !is_record(header))
			return OUT_OF_STEP << 32 | octets;
		type = header >> 8;
		content = bpf_ntohs(header >> 32);
		keep = at + 8;
		/* Where a request's body ends is told by the answer. */
		if (type == FCGI_STDIN && content)
			return OUT_OF_STEP << 32 | keep;
		at += 8 + content + (__u8)(header >> 48);
		if (type != FCGI_STDOUT && type != FCGI_DATA)
			keep = at;
	}
	if (at < octets)
		return OUT_OF_STEP << 32 | octets;
	return (__u64)at << 32 | (keep <= RECORD_REACH ? keep : 0);
}

/* So many octets of a FastCGI segment: record headers must be seen, or the place is lost. */
static __always_inline __u32 records(struct __sk_buff *skb, const struct piece *piece, struct turn *turn)
{
	__u32 at = turn->record - piece->seq;
	__u64 followed;

	if (!turn->in_step || (__s32)at < 0) {
		__u64 header;

		/* A hole, or something sent again: whole, until a segment begins with a record. */
		turn->in_step = 0;
		if (piece->octets < 8 || load(skb, piece->at, &header, 8) || !is_record(header))
			return piece->octets;
		turn->in_step = 1;
		at = 0;
	}
	followed = follow_records(skb, piece->at, piece->octets, at);
	if (followed >> 32 == OUT_OF_STEP)
		turn->in_step = 0;
	turn->record = piece->seq + (__u32)(followed >> 32);
	return followed;
}

/* Most requests are one segment, a head and nothing else: a look at its end saves the search. So short, little is kept in vain. */
#define SHORT 1024
#define EMPTY_LINE WORD('\r', '\n', '\r', '\n', 0, 0, 0, 0)

static __always_inline int ends_in_empty_line(struct __sk_buff *skb, const struct piece *piece, const struct piece_words *front)
{
	__u32 last = 0;

	if (piece->octets > SHORT || piece->octets < 4)
		return 0;
	if (piece->octets <= PIECE)
		__builtin_memcpy(&last, (const void *)front + at_most(piece->octets - 4, PIECE - 4), sizeof(last));
	else
		load(skb, piece->end - 4, &last, 4);
	return last == EMPTY_LINE;
}

/* The turn's head goes on: looks for its end. */
static __always_inline void search(struct __sk_buff *skb, const struct piece *piece, const struct piece_words *front,
				   struct turn *turn)
{
	__u32 skip = turn->searched - piece->seq;
	__u32 keep = piece->seq - turn->base + piece->octets;
	__u32 limit = turn->limit == AT_MOST_HEAD ? settings.head : turn->limit == AT_MOST_TURN ? TURN_OCTETS : UNKNOWN_OCTETS;

	if ((__s32)skip < 0) {
		/* A hole: the end may have been in it. */
		turn->searched = piece->seq;
		turn->tail = 0;
		skip = 0;
	}
	/* Otherwise all of it lies in front of the head (PROXY), or is sent again. */
	if (skip < piece->octets) {
		__u32 found = front && ends_in_empty_line(skb, piece, front) ?
				      piece->end :
				      head_end(skb, piece->at + skip, piece->end, turn->tail, front && skip == 0);

		if (found) {
			turn->where = IN_BODY;
			keep = piece->seq - turn->base + (found - piece->at) + settings.body;
		} else {
			turn->tail = head_tail(skb, piece->at + skip, piece->end, turn->tail);
			turn->searched = piece->seq + piece->octets;
		}
	}
	if (keep > limit) {
		turn->where = IN_BODY;
		keep = limit;
	}
	if (keep > turn->keep)
		turn->keep = keep;
}

/* How many of the piece's octets lie within the first `octets` of the turn. */
static __always_inline __u32 within(const struct piece *piece, const struct turn *turn, __u32 octets)
{
	__u32 from = piece->seq - turn->base;

	/* Before the turn: something sent again, which was judged then. */
	if ((__s32)from < 0)
		return piece->octets;
	if (from >= octets)
		return 0;
	return octets - from < piece->octets ? octets - from : piece->octets;
}

/* Learns the protocol from the turn's first octets, as long as they are not all there. */
static __always_inline __u32 learn(const struct piece *piece, const struct piece_words *front, struct turn *turn,
				   __u64 *begin, struct flow *flow, __u32 known)
{
	__u32 begins;

	hold_begin(piece, front, turn, begin);
	begins = recognise(begin[0], begin[1]);
	/* A memcached server's `VALUE ` is no method. */
	if (begins == UNKNOWN || known == MEMCACHED)
		return known;
	/* Proved: no more of them are needed. */
	turn->held = PROOF;
	judge_begin(turn, begins, begin[0], begin[1]);
	if (begins == PROXY2)
		begins = HTTP;
	if (known == UNKNOWN || (known == HTTP && (begins == TLS || begins == HTTP2 || begins == FASTCGI)))
		flow->protocol = known = begins;
	return known;
}

/* So many of the segment's octets. */
static __always_inline __u32 judged(struct __sk_buff *skb, const struct piece *piece, struct turn *turn,
				    __u64 *begin, struct flow *flow, __u32 others)
{
	__u32 known = flow->protocol;
	int first = turn->segments == 0;
	int begins = first || turn->answered != others;
	const struct piece_words *front = NULL;
	__u32 keep;

	/* Not around to 0, which is the first one. */
	turn->segments = turn->segments == UINT16_LAST ? TRIES + 1 : turn->segments + 1;
	turn->answered = others;
	if (known == HTTP2)
		return piece->octets;
	if (known == UNKNOWN && turn->segments > TRIES)
		return 0;
	if (known != TLS || first) {
		begins = begins || (turn->held >= PROOF && (known == UNKNOWN || begins_response(skb, piece)));
		if (begins)
			begin_turn(turn, piece, known);
		if (turn->held < PROOF || turn->where == IN_HEAD)
			front = load_piece(skb, piece->at, piece->end);
		if (front && turn->held < PROOF)
			known = learn(piece, front, turn, begin, flow, known);
	}
	if (known == HTTP2)
		return piece->octets;
	if (known == TLS)
		return within(piece, turn, TLS_OCTETS);
	if (turn->where == IN_HEAD)
		search(skb, piece, front, turn);
	keep = within(piece, turn, turn->keep);
	if (known == FASTCGI) {
		__u32 held = records(skb, piece, turn);

		keep = held > keep ? held : keep;
	}
	return keep;
}

static __always_inline int is_partly_held(const struct turn *turn)
{
	return turn->held > 0 && turn->held < PROOF;
}

/* Fetches the turn's first octets, or puts them away. */
static __always_inline void held_begin(__u32 place, __u32 direction, __u64 *begin, int put)
{
	struct beginning *all = bpf_map_lookup_elem(&beginnings, &place);
	__u64 *octets;

	if (!all)
		return;
	octets = all->octets[direction & 1];
	__builtin_memcpy(put ? octets : begin, put ? begin : octets, PROOF);
}

static __always_inline __u32 kept(struct __sk_buff *skb, const struct piece *piece, struct flow *flow, __u32 place, __u32 direction)
{
	/* A copy, put back whole: what the other direction reads meanwhile is one state or the next. */
	struct turn turn = flow->turn[direction & 1];
	__u64 begin[PROOF / 8] = { 0 };
	__u32 keep;

	if (is_partly_held(&turn))
		held_begin(place, direction, begin, 0);
	keep = judged(skb, piece, &turn, begin, flow, flow->turn[~direction & 1].segments);
	if (is_partly_held(&turn))
		held_begin(place, direction, begin, 1);
	flow->turn[direction & 1] = turn;
	/* Once a stranger is given up its small segments go too. */
	if (piece->octets > settings.body || (flow->protocol == UNKNOWN && turn.segments > TRIES))
		return keep;
	return piece->octets;
}

#endif
