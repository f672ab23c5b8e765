/* SPDX-License-Identifier: MIT */
/* What a gateway's thread did, act by act: an attempt ends, is begun, or begun again; a client is answered. Shared by TCP and unix sockets. */
#ifndef WHY502_ACTS_H
#define WHY502_ACTS_H

#include "line.h"
#include "plaintext.h"

static __always_inline void copy_attempt(struct event *event, const struct attempt *attempt)
{
	event->socket = attempt->socket;
	event->after = attempt->after;
	event->sent = attempt->sent;
	event->received = attempt->received;
	event->error = attempt->error;
	event->flags = attempt->flags & 0xffff;
	event->local_port = attempt->local_port;
	event->remote_port = attempt->remote_port;
	__builtin_memcpy(event->local, attempt->local, sizeof(event->local));
	__builtin_memcpy(event->remote, attempt->remote, sizeof(event->remote));
}

/* The same with what was said; false where that is not known. */
static __always_inline bool submit_talk(const struct event *event)
{
	struct remembered *talk = bpf_task_storage_get(&remembered, bpf_get_current_task_btf(), NULL, 0);
	__u64 length;

	if (!talk || talk->event.socket != event->socket)
		return false;
	talk->event = *event;
	length = within(talk->facts.request_kept + talk->facts.response_kept, 2 * TALK_OCTETS);
	if (bpf_ringbuf_output(&events, talk, sizeof(talk->event) + sizeof(talk->facts) + length, 0) != 0)
		lose();
	return true;
}

/*
 * The thread's attempt becomes known to user space, once. What makes an event is a function of its own: so the few
 * instructions of an act that nobody is told of lie together.
 */
static __noinline void tell_attempt(struct thread *thread)
{
	struct event event;

	begin(&event, ATTEMPT_ENDED);
	if (thread->at)
		event.at = thread->at;
	copy_attempt(&event, &thread->attempt);
	if (thread->attempt.flags & UNIX) {
		event.other = thread->peer.process;
		__builtin_memcpy(event.other_name, thread->peer.name, sizeof(event.other_name));
		__builtin_memcpy(event.path, thread->peer.path, sizeof(event.path));
		if (submit_talk(&event))
			return;
	}
	submit(&event);
}

static __always_inline void tell(struct thread *thread)
{
	if (thread->told)
		return;
	thread->told = 1;
	tell_attempt(thread);
	tell_line_of_attempt(thread);
}

static __always_inline bool has_failed(const struct attempt *attempt)
{
	__u32 flags = attempt->flags;

	return attempt->error != 0 || !(flags & OPEN) ||
	       (flags & (ENDED_BY_PEER | UNANSWERED)) == (ENDED_BY_PEER | UNANSWERED);
}

/* Of what the thread does next, nothing is a consequence of what it did before. */
static __always_inline void forget(struct thread *thread)
{
	thread->act = NOTHING;
	thread->line = NO_LINE;
}

/* The thread's last act was to this attempt. */
static __always_inline void act(struct thread *thread, const struct attempt *attempt, enum act act)
{
	thread->at = bpf_ktime_get_ns();
	thread->attempt = *attempt;
	thread->act = act;
	thread->told = thread->logged = 0;
	thread->line = thread->line == NEXT && act == ENDED ? OF_ATTEMPT : NO_LINE;
}

/* Octets came from this attempt. If that is ever told, it is when it has a consequence: a healthy request needs no clock. */
static __always_inline void hear(struct thread *thread, struct attempt *attempt, const struct sock *sk)
{
	locate(attempt, sk);
	count(attempt, sk);
	thread->at = 0;
	thread->attempt = *attempt;
	thread->act = RECEIVED;
	thread->told = thread->logged = 0;
	thread->line = NO_LINE;
}

static __always_inline void ended(struct attempt *attempt, struct thread *thread)
{
	if (attempt->flags & CLOSED)
		return;
	attempt->flags |= CLOSED;
	if (!thread)
		return;
	if (!(attempt->flags & OPEN))
		attempt->flags |= NEVER_OPEN;
	act(thread, attempt, ENDED);
	if (has_failed(attempt))
		tell(thread);
}

static __noinline void tell_retry(const struct attempt *attempt)
{
	struct event event;

	begin(&event, RETRIED);
	copy_attempt(&event, attempt);
	submit(&event);
}

/* A request begins to be made of this attempt: the first one of it, or the next. */
static __always_inline void retry(struct attempt *attempt, struct thread *thread)
{
	attempt->after = 0;
	attempt->flags &= ~(AFTER_READ | REUSED | ENDED_BY_PEER);
	if (attempt->flags & OPEN)
		attempt->flags |= REUSED;
	if (!thread)
		return;
	if (thread->act == READ)
		attempt->flags |= AFTER_READ;
	if (thread->act == ENDED) {
		attempt->after = thread->attempt.socket;
		tell(thread);
		tell_retry(attempt);
	}
	thread->act = NOTHING;
}

/* Octets are written to an attempt: the first ones of a request, or more of them. */
static __always_inline void sent_to(struct attempt *attempt, struct thread *thread)
{
	if (attempt->flags & RECEIVED_SINCE) {
		attempt->flags &= ~RECEIVED_SINCE;
		retry(attempt, thread);
	}
	attempt->flags |= UNANSWERED;
	/* What was written into the error log may be about this attempt: TLS says farewell before it closes. */
	if (thread) {
		thread->act = NOTHING;
		thread->plain = 0;
	}
}

/* Octets came from an attempt, or its end. */
static __always_inline void received_from(struct attempt *attempt, struct thread *thread, const struct sock *sk, int result)
{
	bool more = attempt->flags & RECEIVED_SINCE;

	if (result == 0)
		attempt->flags |= ENDED_BY_PEER;
	if (result < 0)
		attempt->error = -result;
	if (result <= 0)
		return;
	attempt->flags = (attempt->flags & ~UNANSWERED) | RECEIVED_SINCE;
	/* More of the same answer, with nothing else done meanwhile, is nothing new. */
	if (thread && !(more && thread->act == RECEIVED && thread->attempt.socket == attempt->socket))
		hear(thread, attempt, sk);
}

/* Octets came from a client: whoever reads them is a gateway's thread. */
static __always_inline void read_from(const struct sock *client, struct thread *thread)
{
	if (!thread)
		thread = bpf_task_storage_get(&threads, bpf_get_current_task_btf(), NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!thread)
		return;
	thread->act = READ;
	thread->line = NO_LINE;
	thread->client = (__u64)client;
	thread->client_port = client->__sk_common.skc_dport;
}

/* Octets were received on a connection, or its end, or an error. */
static __always_inline void received_on(const struct sock *sk, int result)
{
	struct thread *thread = this_thread();
	struct attempt *attempt;

	/* More of the same request. */
	if (thread && thread->act == READ && thread->client == (__u64)sk)
		return;
	attempt = attempt_of(sk);
	if (attempt) {
		received_from(attempt, thread, sk, result);
	} else if (sk->sk_protocol != IPPROTO_TCP) {
		/* A resolver answered, or cannot be reached: what follows is no answer without a question, nor more of an older one. */
		if (thread) {
			forget(thread);
			thread->client = 0;
		}
	} else if (result > 0) {
		read_from(sk, thread);
	}
}

static __noinline void tell_answer(const struct sock *sk, const struct thread *thread, __u32 status, __u64 after, bool direct)
{
	struct event event;

	begin(&event, ANSWERED);
	name_ends(&event, sk);
	event.socket = bpf_get_socket_cookie((void *)sk);
	event.status = status;
	event.after = after;
	if (direct)
		event.flags = DIRECT;
	if (thread->plain && submit_asking(&event, (__u64)sk, thread))
		return;
	submit(&event);
}

/* The first octets of an answer that this thread has a reason for, or none. `status`: 0 where it cannot be read. */
static __always_inline void answered(const struct sock *sk, struct thread *thread, __u32 status)
{
	__u32 act = thread->act;
	bool direct = act == READ && thread->client == (__u64)sk;
	bool consequence = (act == ENDED || act == RECEIVED) && (status == 502 || thread->told || thread->attempt.after);

	if (status == CONTROL_FRAMES) {
		thread->plain = 0;
		return;
	}
	thread->client = (__u64)sk;
	if ((status == 502 || consequence) && is_ours(sk)) {
		/* Of a unix socket the end is not seen: whose octets were refused is closed. */
		if (act == RECEIVED && thread->line == NEXT)
			thread->line = OF_ATTEMPT;
		if (consequence)
			tell(thread);
		if (thread->line == NEXT)
			tell_line(thread, bpf_get_socket_cookie((void *)sk));
		tell_answer(sk, thread, status, consequence ? thread->attempt.socket : 0, direct);
	}
	if (thread->plain)
		asking_is_answered(sk);
	thread->plain = 0;
	forget(thread);
}

#endif
