/* SPDX-License-Identifier: MIT */
/* What a gateway's thread did, act by act: an attempt ends, is begun, or begun again. Shared by TCP and unix sockets. */
#ifndef WHY502_ACTS_H
#define WHY502_ACTS_H

#include "attempt.h"

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

/* The thread's attempt becomes known to user space, once. */
static __always_inline void tell(struct thread *thread)
{
	struct event event;

	if (thread->told)
		return;
	thread->told = 1;
	begin(&event, ATTEMPT_ENDED);
	event.at = thread->at;
	copy_attempt(&event, &thread->attempt);
	if (thread->attempt.flags & UNIX) {
		event.other = thread->peer.process;
		__builtin_memcpy(event.other_name, thread->peer.name, sizeof(event.other_name));
		__builtin_memcpy(event.path, thread->peer.path, sizeof(event.path));
	}
	submit(&event);
}

static __always_inline bool has_failed(const struct attempt *attempt)
{
	__u32 flags = attempt->flags;

	return attempt->error != 0 || !(flags & OPEN) ||
	       (flags & (ENDED_BY_PEER | UNANSWERED)) == (ENDED_BY_PEER | UNANSWERED);
}

/* The thread's last act was to this attempt. */
static __always_inline void act(struct thread *thread, const struct attempt *attempt, enum act act)
{
	thread->at = bpf_ktime_get_ns();
	thread->attempt = *attempt;
	thread->act = act;
	thread->told = 0;
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

/* A request begins to be made of this attempt: the first one of it, or the next. */
static __always_inline void retry(struct attempt *attempt, struct thread *thread)
{
	struct event event;

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
		begin(&event, RETRIED);
		copy_attempt(&event, attempt);
		submit(&event);
	}
	thread->act = NOTHING;
}

#endif
