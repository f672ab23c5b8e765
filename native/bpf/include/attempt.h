/* SPDX-License-Identifier: MIT */
/*
 * What is remembered of each connection that was opened here, and of each thread that has read from an accepted one: what it
 * did to a connection last.
 * Both live in the kernel's own storage of the socket and the task, so there are never more than these, and they go with them.
 */
#ifndef WHY502_ATTEMPT_H
#define WHY502_ATTEMPT_H

#include "probe.h"

enum { CLOSED = 1 << 16, RECEIVED_SINCE = 1 << 17, OPEN = 1 << 18, UNIX = 1 << 19 };

struct attempt {
	__u64 socket;
	/* The attempt that it is the retry of, for the request under way. */
	__u64 after;
	__u64 sent;
	__u64 received;
	__u8 local[16];
	__u8 remote[16];
	__u16 local_port;
	__u16 remote_port;
	__s32 error;
	__u32 flags;
	__u32 pad;
};

/* The other end of a unix socket: where it listens, and who reads there. */
struct peer {
	__u32 process;
	char name[NAME_OCTETS];
	char path[PATH_OCTETS];
};

/* What a thread did to a connection last, as far as the next act may be a consequence of it. */
enum act { NOTHING, READ, RECEIVED, ENDED };

struct thread {
	__u32 act;
	/* The status of the HTTP answer that is being written. */
	__u32 status;
	/* READ: the accepted connection. */
	__u64 read;
	/* RECEIVED, ENDED: the attempt, when that was, whether it was told of, and its peer where it is a unix socket. */
	__u64 at;
	struct attempt attempt;
	__u32 told;
	struct peer peer;
	/* The route that the kernel refused it last: why, and where to. */
	__s32 no_route;
	__be32 unrouted;
	__be16 unrouted_port;
	__u16 pad[3];
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct attempt);
} attempts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct peer);
} peers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct thread);
} threads SEC(".maps");

static __always_inline struct attempt *attempt_of(const struct sock *sk)
{
	return bpf_sk_storage_get(&attempts, (void *)sk, NULL, 0);
}

static __always_inline struct thread *this_thread(__u64 flags)
{
	return bpf_task_storage_get(&threads, bpf_get_current_task_btf(), NULL, flags);
}

#endif
