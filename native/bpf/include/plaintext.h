/* SPDX-License-Identifier: MIT */
/*
 * What a client asked for inside TLS: the beginning of the request under way on each connection, as the gateway itself reads it.
 * It stays in the kernel, and leaves with the answer, if that is told.
 */
#ifndef WHY502_PLAINTEXT_H
#define WHY502_PLAINTEXT_H

#include "attempt.h"

/* The most that is kept of a request and of its answer. */
#define ASKED_OCTETS 2048
#define REPLY_OCTETS 1024

/* In place of a status: HTTP/2 has more to say than answers, in the midst of what leads to one. */
#define CONTROL_FRAMES 1

/* As it leaves the kernel. */
struct asking {
	struct event event;
	struct talk_facts facts;
	/* The second part is for the verifier, which adds up limits. */
	__u8 octets[2 * (ASKED_OCTETS + REPLY_OCTETS)];
	/* Whose it is, as far as its port tells: a client may be gone without an answer, and another one have its socket. */
	__u32 port;
	/* It speaks HTTP/2: requests come in between each other, so what is kept are its last octets, whoever was answered. */
	__u32 frames;
	/* How many requests were answered on the connection with this number. */
	__u64 socket;
	__u64 answered;
};

/* By the client's socket. Loaded for one entry where nobody is read (probes.c). */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2048);
	__type(key, __u64);
	__type(value, struct asking);
} askings SEC(".maps");

/* The octets from there on, `most` of them at most, to `place` of what is kept; returns how many. */
static __always_inline __u64 keep_octets(struct asking *asking, __u64 place, __u64 most, __u64 from, __u64 octets)
{
	place = within(place, ASKED_OCTETS);
	octets = within(octets < most ? octets : most, ASKED_OCTETS);
	return bpf_probe_read_user(asking->octets + place, octets, (const void *)from) ? 0 : octets;
}

/* The answer to it becomes known to user space, together with the request; false where that was not read. */
static __always_inline bool submit_asking(const struct event *event, __u64 client, const struct thread *thread)
{
	struct asking *asking = bpf_map_lookup_elem(&askings, &client);
	__u64 length;

	if (!asking || !asking->facts.request)
		return false;
	asking->event = *event;
	if (asking->frames)
		asking->event.flags |= HTTP2_FRAMES;
	asking->facts.nth = (asking->socket == event->socket ? asking->answered : 0) + 1;
	asking->facts.responded = event->at;
	asking->facts.response = thread->plain_octets;
	asking->facts.response_kept =
		keep_octets(asking, asking->facts.request_kept, REPLY_OCTETS, thread->plain, thread->plain_octets);
	length = within(asking->facts.request_kept + asking->facts.response_kept, ASKED_OCTETS + REPLY_OCTETS);
	if (bpf_ringbuf_output(&events, asking, sizeof(asking->event) + sizeof(asking->facts) + length, 0) != 0)
		lose();
	return true;
}

/* What comes next on this connection is another request. */
static __always_inline void asking_is_answered(const struct sock *client)
{
	__u64 key = (__u64)client;
	struct asking *asking = bpf_map_lookup_elem(&askings, &key);
	__u64 socket;

	if (!asking || !asking->facts.request)
		return;
	socket = bpf_get_socket_cookie((void *)client);
	if (asking->socket != socket)
		asking->answered = 0;
	asking->socket = socket;
	asking->answered++;
	if (!asking->frames)
		__builtin_memset(&asking->facts, 0, sizeof(asking->facts));
}

#endif
