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

/* Mostly an attempt's socket is the only one that has any storage: so most sockets need no look-up. */
static __always_inline bool may_be_attempt(const struct sock *sk)
{
	return sk->sk_bpf_storage != NULL;
}

struct thread {
	__u32 act;
	__u32 told;
	/* The accepted connection that was read from or written to last. */
	__u64 client;
	/* RECEIVED over TCP: the attempt's socket, open as long as this thread does nothing else; its ends are read when needed. */
	const struct sock *heard;
	/* RECEIVED, ENDED: the attempt, when that was (`told`: user space knows of it), and its peer where it is a unix socket. */
	__u64 at;
	struct attempt attempt;
	struct peer peer;
	/* The route that the kernel refused it last: why, and where to. */
	__s32 no_route;
	__u16 unrouted_port;
	__u16 pad;
	__u8 unrouted[16];
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

/* A number that the verifier, too, knows to be no larger than this: the compiler may not move the comparison. */
static __always_inline __u64 within(__u64 number, const __u64 limit)
{
	asm volatile("if %0 <= %1 goto +1\n\t%0 = %1" : "+r"(number) : "i"(limit));
	return number;
}

/* What was said on the unix socket of a thread's last act, as it leaves the kernel. */
struct remembered {
	struct event event;
	struct talk_facts facts;
	/* The third part is for the verifier, which adds up limits. */
	__u8 octets[3 * TALK_OCTETS];
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct remembered);
} remembered SEC(".maps");

static __always_inline void locate(struct attempt *attempt, const struct sock *sk)
{
	attempt->local_port = local_port(sk);
	attempt->remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	name_addresses(attempt->local, attempt->remote, sk);
}

/* What TCP itself counted of it. */
static __always_inline void count(struct attempt *attempt, const struct sock *sk)
{
	const struct tcp_sock *tcp = (const struct tcp_sock *)sk;

	attempt->sent = BPF_CORE_READ(tcp, bytes_sent);
	attempt->received = BPF_CORE_READ(tcp, bytes_received);
}

static __always_inline struct attempt *attempt_of(const struct sock *sk)
{
	return bpf_sk_storage_get(&attempts, (void *)sk, NULL, 0);
}

static __always_inline struct thread *this_thread(__u64 flags)
{
	return bpf_task_storage_get(&threads, bpf_get_current_task_btf(), NULL, flags);
}

#endif
