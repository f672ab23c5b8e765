/* SPDX-License-Identifier: MIT */
/*
 * What is remembered of each connection that was opened here, and of each thread that has read from an accepted one: what it
 * did to a connection last.
 * Threads live in the kernel's own storage of the task, so there are never more of them, and they go with it. A connection
 * lives in the place that its socket's number leads to, or in the socket's storage if that is taken: storage has to be
 * allocated for every connection.
 */
#ifndef WHY502_ATTEMPT_H
#define WHY502_ATTEMPT_H

#include "probe.h"

enum { CLOSED = 1 << 16, RECEIVED_SINCE = 1 << 17, OPEN = 1 << 18, UNIX = 1 << 19 };

struct attempt {
	__u64 socket;
	/* The attempt that it is the retry of, for the request under way. */
	__u64 after;
	__u32 flags;
	__s32 error;
	__u16 local_port;
	__u16 remote_port;
	__u32 pad;
	__u64 sent;
	__u64 received;
	__u8 local[16];
	__u8 remote[16];
};

/* The other end of a unix socket: where it listens, and who reads there. */
struct peer {
	__u32 process;
	char name[NAME_OCTETS];
	char path[PATH_OCTETS];
};

/* What a thread did to a connection last, as far as the next act may be a consequence of it. */
enum act { NOTHING, READ, RECEIVED, ENDED };

/* The line that a thread wrote into its error log last: whatever it does next is about that, or it was about an attempt. */
enum line { NO_LINE, NEXT, OF_ATTEMPT };

struct thread {
	__u32 act;
	__u16 told;
	/* A line about the attempt was told. */
	__u8 logged;
	/* What was written into the error log since, if user space does not know of it (enum line). */
	__u8 line;
	/* The accepted connection that was read from or written to last. */
	__u64 client;
	/* RECEIVED, ENDED: the attempt, when that was (`told`: user space knows of it), and its peer where it is a unix socket. */
	__u64 at;
	struct attempt attempt;
	struct peer peer;
	/* The route that the kernel refused it last: why, and where to. */
	__s32 no_route;
	__u16 unrouted_port;
	/* Of the client that was read from last; as the network has it. */
	__u16 client_port;
	__u8 unrouted[16];
	/* Where what is read out of TLS is put. */
	__u64 reads_to;
	/* What goes into TLS next: where it is, how much, and the status that it begins with; 0: nothing does. */
	__u64 plain;
	__u32 plain_octets;
	__u32 plain_status;
};

/*
 * Less than 32 KiB of them: so much lies in the kernel's direct mapping. What is larger is mapped in pages of 4 KiB, and the
 * processor waits for each page's address, every time that others have had its caches.
 */
#define PLACES 256

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PLACES);
	__type(key, __u32);
	__type(value, struct attempt);
} places SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct attempt);
} attempts SEC(".maps");

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
	const struct tcp_sock *tcp = bpf_skc_to_tcp_sock((void *)sk);

	if (tcp)
		attempt->local_port = bpf_ntohs(tcp->inet_conn.icsk_inet.inet_sport);
	attempt->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
	name_addresses(attempt->local, attempt->remote, sk);
}

/* What TCP itself counted of it. */
static __always_inline void count(struct attempt *attempt, const struct sock *sk)
{
	const struct tcp_sock *tcp = bpf_skc_to_tcp_sock((void *)sk);

	if (!tcp)
		return;
	attempt->sent = tcp->bytes_sent;
	attempt->received = tcp->bytes_received;
}

/* Numbers are given in turn: neighbours have places of their own. */
static __always_inline struct attempt *place_of(__u64 socket)
{
	__u32 place = socket % PLACES;

	return bpf_map_lookup_elem(&places, &place);
}

static __always_inline struct attempt *stored_attempt(const struct sock *sk)
{
	return sk->sk_bpf_storage ? bpf_sk_storage_get(&attempts, (void *)sk, NULL, 0) : NULL;
}

/* Sockets are numbered when somebody asks for it, as is done for every attempt. A number is never given again. */
static __always_inline struct attempt *attempt_of(const struct sock *sk)
{
	__u64 socket = sk->__sk_common.skc_cookie.counter;
	struct attempt *attempt;

	if (!socket)
		return NULL;
	attempt = place_of(socket);
	return attempt && attempt->socket == socket ? attempt : stored_attempt(sk);
}

/* NULL: it has not read from an accepted connection. Most such threads have no storage at all. */
static __always_inline struct thread *this_thread(void)
{
	struct task_struct *task = bpf_get_current_task_btf();

	return task->bpf_storage ? bpf_task_storage_get(&threads, task, NULL, 0) : NULL;
}

#endif
