// SPDX-License-Identifier: MIT
/*
 * Why did connect() to a unix socket fail: missing, denied, refused, or its queue full?
 *
 * Hook: tracepoints sys_enter_connect, sys_exit_connect. Kernel: 5.8. Fallback: a 502 without any attempt.
 * Cost: some 50 ns for every system call of every process, whatever it calls: only where it is asked for (--syscalls).
 */
#include "include/acts.h"

#define EINPROGRESS 115
#define EINTR 4

struct entered {
	__u64 common;
	__s64 number;
	__s64 fd;
	const char *address;
	__u64 length;
};

struct left {
	__u64 common;
	__s64 number;
	__s64 result;
};

SEC("tp/syscalls/sys_enter_connect")
int connect_entered(const struct entered *call)
{
	struct thread *thread = this_thread(0);
	__u16 family = 0;

	if (!thread)
		return 0;
	thread->path[0] = 0;
	bpf_probe_read_user(&family, sizeof(family), call->address);
	if (family == AF_UNIX)
		bpf_probe_read_user_str(thread->path, sizeof(thread->path), call->address + sizeof(family));
	return 0;
}

SEC("tp/syscalls/sys_exit_connect")
int connect_left(const struct left *call)
{
	struct thread *thread = this_thread(0);
	struct event *event;

	if (!thread || thread->path[0] != '/' || call->result >= 0 || call->result == -EINPROGRESS || call->result == -EINTR)
		return 0;
	event = &thread->attempt;
	/* A retry of what ended right before. */
	if (thread->act == ENDED)
		tell(thread);
	thread->failed = thread->act == ENDED ? event->socket : 0;
	begin(event, ATTEMPT_ENDED);
	/* The socket is at hand nowhere: a number of its own, that no cookie has. */
	event->socket = 1ull << 52 | (bpf_ktime_get_ns() & ((1ull << 52) - 1));
	event->after = thread->failed;
	event->flags = NEVER_OPEN | (thread->act == READ ? AFTER_READ : 0);
	event->error = -call->result;
	__builtin_memcpy(event->path, thread->path, sizeof(event->path));
	thread->act = ENDED;
	thread->told = 0;
	return 0;
}
