/* SPDX-License-Identifier: MIT */
/*
 * What was said on a unix socket for the request under way: the beginning of the request and of its response. It stays in the
 * kernel, with the conversation; a copy goes with the thread's last act, and leaves with the attempt, if that is told.
 */
#ifndef WHY502_TALK_H
#define WHY502_TALK_H

#include "attempt.h"
#include "call.h"

/* As the request and then the response; what a piece may need besides is for the verifier, which adds up limits. */
struct spoken {
	struct talk_facts facts;
	__u8 octets[3 * TALK_OCTETS];
};

/* Copies what the call moved to `to`, where `used` octets are; returns how many are there then. */
static __always_inline __u32 copy_call(__u8 *to, __u64 used, __u32 moved)
{
	struct call call;
	__u32 n;

	if (!this_call(&call))
		return used;
	for (n = 0; n < MAX_PIECES && moved > 0; n++) {
		struct piece piece;
		__u64 length;

		used = within(used, TALK_OCTETS);
		if (!nth_piece(&call, n, moved, &piece))
			break;
		moved -= piece.length;
		length = piece.length < TALK_OCTETS - used ? piece.length : TALK_OCTETS - used;
		length = within(length, TALK_OCTETS);
		if (bpf_probe_read_user(to + used, length, (void *)piece.base))
			break;
		used += length;
	}
	return used;
}

/* Octets of a request were sent: its first ones, or more. */
static __always_inline void said_request(struct spoken *talk, __u32 moved, bool first)
{
	if (first)
		__builtin_memset(&talk->facts, 0, sizeof(talk->facts));
	if (!talk->facts.request)
		talk->facts.requested = bpf_ktime_get_ns();
	/* A hole is not kept over: what follows it is counted. */
	if (talk->facts.request == talk->facts.request_kept)
		talk->facts.request_kept = copy_call(talk->octets, talk->facts.request_kept, moved);
	talk->facts.request += moved;
}

static __always_inline void said_response(struct spoken *talk, __u32 moved)
{
	if (!talk->facts.response)
		talk->facts.responded = bpf_ktime_get_ns();
	if (talk->facts.response == talk->facts.response_kept)
		talk->facts.response_kept = copy_call(talk->octets + TALK_OCTETS, talk->facts.response_kept, moved);
	talk->facts.response += moved;
}

/* The thread's act that comes next may be a consequence of this socket's end: what was said goes with it. */
static __always_inline void remember_talk(const struct spoken *talk, __u64 socket)
{
	struct remembered *to;
	__u64 request, response;

	to = bpf_task_storage_get(&remembered, bpf_get_current_task_btf(), NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!to)
		return;
	request = within(talk->facts.request_kept, TALK_OCTETS);
	response = within(talk->facts.response_kept, TALK_OCTETS);
	/* More of a long answer: the beginning is known. */
	if (to->event.socket == socket && to->facts.request == talk->facts.request &&
	    to->facts.requested == talk->facts.requested && to->facts.response_kept == response) {
		to->facts.response = talk->facts.response;
		return;
	}
	to->event.socket = socket;
	to->facts = talk->facts;
	bpf_probe_read_kernel(to->octets, request, talk->octets);
	bpf_probe_read_kernel(to->octets + request, response, talk->octets + TALK_OCTETS);
}

#endif
