// SPDX-License-Identifier: MIT
/*
 * Why did connect() to a unix socket fail: missing, denied, refused, or its queue full?
 *
 * Hook: tracepoints sys_enter_connect, sys_exit_connect. Kernel: 5.11 (storage of tasks). Fallback: a 502 without any attempt.
 * Cost: some 50 ns for every system call of every process, whatever it calls: only where it is asked for (--syscalls).
 */
#include "include/acts.h"
#include "include/left.h"

#define EINPROGRESS 115
#define EINTR 4

struct entered {
	__u64 common;
	__s64 number;
	__s64 fd;
	const char *address;
	__u64 length;
};

/* The path that a thread connects to, from the beginning of the call to its end. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct peer);
} connecting SEC(".maps");

static __always_inline struct peer *connecting_to(__u64 flags)
{
	return bpf_task_storage_get(&connecting, bpf_get_current_task_btf(), NULL, flags);
}

SEC("tp/syscalls/sys_enter_connect")
int connect_entered(const struct entered *call)
{
	struct peer *peer;
	__u16 family = 0;

	if (!this_thread())
		return 0;
	peer = connecting_to(BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!peer)
		return 0;
	peer->path[0] = 0;
	bpf_probe_read_user(&family, sizeof(family), call->address);
	if (family == AF_UNIX)
		bpf_probe_read_user_str(peer->path, sizeof(peer->path), call->address + sizeof(family));
	return 0;
}

SEC("tp/syscalls/sys_exit_connect")
int connect_left(const struct left *call)
{
	struct thread *thread = this_thread();
	struct peer *peer = connecting_to(0);
	struct attempt attempt;

	if (!thread || !peer || peer->path[0] != '/' || call->result >= 0 || call->result == -EINPROGRESS ||
	    call->result == -EINTR)
		return 0;
	__builtin_memset(&attempt, 0, sizeof(attempt));
	/* The socket is at hand nowhere: a number of its own, that no cookie has. */
	attempt.socket = 1ull << 52 | (bpf_ktime_get_ns() & ((1ull << 52) - 1));
	attempt.flags = UNIX | NEVER_OPEN | (thread->act == READ ? AFTER_READ : 0);
	attempt.error = -call->result;
	if (thread->act == ENDED) {
		attempt.after = thread->attempt.socket;
		tell(thread);
	}
	thread->peer = *peer;
	act(thread, &attempt, ENDED);
	return 0;
}
