// SPDX-License-Identifier: MIT
/*
 * Which attempt led to which answer? One thread's own order of acts on connections tells: an attempt that ends, and then
 * the next attempt, or the answer (`answers.bpf.c`). And who closed an accepted connection that still owed an answer?
 *
 * Hook: tp_btf inet_sock_set_state, tcp_destroy_sock. Kernel: 5.12 (storage of tasks and sockets, atomics). Fallback: none;
 * attempts are tied to requests by what the packets say.
 * Cost: a look-up in an array for each attempt's beginning and end. Only failures leave the kernel.
 *
 * A thread that closes an attempt and then writes to a client, with nothing between, gives that client its consequence.
 * Only threads that have read from an accepted connection are gateways: what others open and close is nobody's attempt.
 * Close is told by the change of state that only a close makes, and by the end of a socket that was closed already.
 */
#include "include/acts.h"
#include "include/owing.h"

/*
 * A socket that is gone without ever having been connected: connect() failed before anything was sent, and routes.bpf.c
 * knows why. A listener has a port of its own.
 */
static __noinline void never_connected(const struct sock *sk, struct thread *thread)
{
	struct attempt attempt;

	__builtin_memset(&attempt, 0, sizeof(attempt));
	attempt.socket = bpf_get_socket_cookie((void *)sk);
	attempt.flags = NEVER_OPEN;
	if (thread->act == READ)
		attempt.flags |= AFTER_READ;
	if (thread->act == ENDED) {
		attempt.after = thread->attempt.socket;
		tell(thread);
	}
	if (thread->no_route) {
		attempt.error = thread->no_route;
		if (!thread->unrouted[0])
			map_address(attempt.local, 0);
		__builtin_memcpy(attempt.remote, thread->unrouted, sizeof(attempt.remote));
		attempt.remote_port = thread->unrouted_port;
	}
	thread->no_route = 0;
	act(thread, &attempt, ENDED);
}

/* In its place, or where that is taken in the socket's storage. */
static __always_inline struct attempt *new_attempt(const struct sock *sk)
{
	__u64 socket = bpf_get_socket_cookie((void *)sk);
	struct attempt *attempt = place_of(socket);

	if (attempt && __sync_bool_compare_and_swap(&attempt->socket, 0, socket)) {
		__builtin_memset(&attempt->after, 0, sizeof(*attempt) - sizeof(attempt->socket));
		return attempt;
	}
	attempt = bpf_sk_storage_get(&attempts, (void *)sk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (attempt)
		attempt->socket = socket;
	return attempt;
}

static __always_inline void attempt_begins(const struct sock *sk)
{
	struct thread *thread;
	struct attempt *attempt;

	if (!is_ours(sk))
		return;
	/* A socket may be connected anew. */
	attempt = attempt_of(sk);
	if (!attempt)
		attempt = new_attempt(sk);
	if (!attempt)
		return;
	thread = this_thread();
	if (thread)
		thread->no_route = 0;
	/* The port is chosen later; a retry is told with its peer. */
	if (thread && thread->act == ENDED)
		locate(attempt, sk);
	retry(attempt, thread);
}

/* Its SYN was answered, or will not be. */
static __always_inline void attempt_decided(struct attempt *attempt, const struct sock *sk, bool open)
{
	if (open) {
		attempt->flags |= OPEN;
		return;
	}
	locate(attempt, sk);
	/* connect() found no local port: that is the one error that no packet and no socket tells of. */
	attempt->error = sk->sk_err ? sk->sk_err : attempt->local_port ? ETIMEDOUT : EADDRNOTAVAIL;
}

static __always_inline void attempt_ends(struct attempt *attempt, const struct sock *sk)
{
	struct thread *thread;

	if (attempt->flags & CLOSED)
		return;
	thread = this_thread();
	/*
	 * One that was never open was located when that was decided: its ends may be gone by now. Unless nobody saw that: where a
	 * timer interrupts a program, the kernel does not run the same one within it.
	 */
	if (thread && (attempt->flags & OPEN || attempt->remote_port == 0))
		locate(attempt, sk);
	if (thread)
		count(attempt, sk);
	ended(attempt, thread);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(attempt_state, const struct sock *sk, int before, int after)
{
	bool closes = after == TCP_FIN_WAIT1 || after == TCP_LAST_ACK;
	struct attempt *attempt;

	/* Most changes say nothing, and most connections end without an error: no look-up for them. */
	if (after != TCP_SYN_SENT && before != TCP_SYN_SENT && !closes && !(after == TCP_CLOSE && sk->sk_err))
		return 0;
	if (after == TCP_SYN_SENT) {
		attempt_begins(sk);
		return 0;
	}
	attempt = attempt_of(sk);
	if (!attempt) {
		if (closes)
			owing_closes(sk, after);
		return 0;
	}
	if (before == TCP_SYN_SENT)
		attempt_decided(attempt, sk, after == TCP_ESTABLISHED);
	else if (after == TCP_CLOSE && (attempt->flags & OPEN))
		attempt->error = sk->sk_err;
	if (!closes)
		return 0;
	/* From CLOSE_WAIT: the peer had closed before. */
	if (after == TCP_LAST_ACK)
		attempt->flags |= ENDED_BY_PEER;
	attempt_ends(attempt, sk);
	return 0;
}

SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(attempt_destroyed, struct sock *sk)
{
	struct attempt *attempt = attempt_of(sk);
	struct thread *thread;

	if (attempt) {
		attempt_ends(attempt, sk);
		attempt->socket = 0;
		return 0;
	}
	if (sk->__sk_common.skc_dport || BPF_CORE_READ((const struct inet_sock *)sk, inet_sport) || !is_ours(sk))
		return 0;
	thread = this_thread();
	if (thread)
		never_connected(sk, thread);
	return 0;
}
