/* SPDX-License-Identifier: MIT */
/*
 * An attempt over a unix socket, from its first octets on: what was said, how it ended, and who was at its other end. Whoever
 * includes this keeps one for each socket that is an attempt.
 */
#ifndef WHY502_CONVERSATION_H
#define WHY502_CONVERSATION_H

#include "acts.h"
#include "talk.h"

struct conversation {
	struct attempt attempt;
	struct peer peer;
	struct spoken talk;
};

/* Where the other end of a socket that was connected listens: such a socket has no name, its peer has one. NULL of any other. */
static __always_inline const struct unix_address *address_of_peer(const struct sock *sk)
{
	const struct unix_sock *own = (const struct unix_sock *)sk;
	const struct unix_sock *peer = (const struct unix_sock *)BPF_CORE_READ(own, peer);
	const struct unix_address *address = BPF_CORE_READ(peer, addr);
	char first = 0;

	if (BPF_CORE_READ(own, addr) || !address)
		return NULL;
	bpf_probe_read_kernel(&first, sizeof(first), &address->name[0].sun_path);
	return first == '/' ? address : NULL;
}

static __always_inline void converse(struct conversation *with, __u64 socket, const struct unix_address *address, struct thread *thread)
{
	bpf_probe_read_kernel_str(with->peer.path, sizeof(with->peer.path), &address->name[0].sun_path);
	with->attempt.socket = socket;
	with->attempt.flags = UNIX;
	retry(&with->attempt, thread);
	with->attempt.flags |= OPEN;
}

/* What is told of the attempt includes its peer, and what was said. */
static __always_inline void remember(struct conversation *with, struct thread *thread)
{
	thread->peer = with->peer;
	remember_talk(&with->talk, with->attempt.socket);
}

static __always_inline void told(struct conversation *with, struct thread *thread, int result)
{
	struct attempt *attempt = &with->attempt;
	bool first = attempt->sent == 0 || attempt->flags & RECEIVED_SINCE;

	sent_to(attempt, thread);
	if (result < 0) {
		attempt->error = -result;
		remember(with, thread);
		ended(attempt, thread);
		return;
	}
	if (result > 0)
		said_request(&with->talk, result, first);
	attempt->sent += result;
}

/* There is no tracepoint where a unix socket is closed. A gateway closes one when it was told of its end: that is the end. */
static __always_inline void heard(struct conversation *with, struct thread *thread, int result)
{
	struct attempt *attempt = &with->attempt;

	if (result > 0)
		said_response(&with->talk, result);
	remember(with, thread);
	if (result <= 0) {
		if (result == 0)
			attempt->flags |= ENDED_BY_PEER;
		else
			attempt->error = -result;
		ended(attempt, thread);
		return;
	}
	attempt->received += result;
	attempt->flags = (attempt->flags & ~UNANSWERED) | RECEIVED_SINCE;
	act(thread, attempt, RECEIVED);
}

/* The other end reads: whoever that is serves the attempt. */
static __always_inline void served(struct conversation *with)
{
	with->peer.process = bpf_get_current_pid_tgid() >> 32;
	name_process(with->peer.name, this_task());
}

/*
 * Whoever read at an end beyond which there was no conversation. A conversation begins when its first octets were sent: on another
 * processor they may have been read before that, and their reader be dead. Whoever reads puts this down and looks for the
 * conversation again; whoever begins one looks for this: one of them finds the other.
 */
struct reader {
	char name[NAME_OCTETS];
	__u32 process;
};

static __always_inline void read_by_this(struct reader *reader)
{
	__u32 process = bpf_get_current_pid_tgid() >> 32;

	if (reader->process == process)
		return;
	name_process(reader->name, this_task());
	reader->process = process;
}

static __always_inline void served_before(struct conversation *with, const struct reader *reader)
{
	if (!reader || with->peer.process)
		return;
	__builtin_memcpy(with->peer.name, reader->name, sizeof(with->peer.name));
	with->peer.process = reader->process;
}

#endif
