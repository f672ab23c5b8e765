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
	if (!attempt->path[0])
		return;
	event->other = attempt->server;
	__builtin_memcpy(event->other_name, attempt->server_name, sizeof(event->other_name));
	__builtin_memcpy(event->path, attempt->path, sizeof(event->path));
}

/* The thread's attempt becomes known to user space, once. */
static __always_inline void tell(struct thread *thread)
{
	if (thread->told)
		return;
	thread->told = 1;
	submit(&thread->attempt);
}

static __always_inline bool has_failed(const struct attempt *attempt)
{
	return attempt->error != 0 || !attempt->open || (attempt->flags & (ENDED_BY_PEER | UNANSWERED)) == (ENDED_BY_PEER | UNANSWERED);
}

static __always_inline void ended(struct attempt *attempt)
{
	struct thread *thread = this_thread(0);

	if (attempt->flags & CLOSED)
		return;
	attempt->flags |= CLOSED;
	if (!thread)
		return;
	if (!attempt->open)
		attempt->flags |= NEVER_OPEN;
	begin(&thread->attempt, ATTEMPT_ENDED);
	copy_attempt(&thread->attempt, attempt);
	thread->act = ENDED;
	thread->told = 0;
	if (has_failed(attempt))
		tell(thread);
}

static __always_inline void retry(struct attempt *attempt, struct thread *thread)
{
	struct event event;

	attempt->after = 0;
	attempt->flags &= ~(AFTER_READ | REUSED | ENDED_BY_PEER);
	if (attempt->open)
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
