// SPDX-License-Identifier: MIT
/*
 * Which attempt led to which answer? One thread's own order of acts on connections tells: an attempt that ends, and then
 * the next attempt, or the answer.
 *
 * Hook: tp_btf inet_sock_set_state, tcp_destroy_sock, sock_send_length, sock_recv_length, tcp_sendmsg_locked (its own object).
 * Kernel: 6.3 (sock_send_length). Fallback: none; attempts are tied to requests by what the packets say.
 * Cost: a look-up in the socket's and in the task's storage for each send and receive of TCP. Only failures leave the kernel.
 *
 * A thread that closes an attempt and then writes to a client, with nothing between, gives that client its consequence.
 * Only threads that have read from an accepted connection are gateways: what others open and close is nobody's attempt.
 * Close is told by the change of state that only a close makes, and by the end of a socket that was closed already.
 */
#include "include/acts.h"

/*
 * A socket that is gone without ever having been connected: connect() failed before anything was sent, and routes.bpf.c
 * knows why. A listener has a port of its own.
 */
static __always_inline void never_connected(const struct sock *sk, struct thread *thread)
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
		map_address(attempt.local, 0);
		map_address(attempt.remote, thread->unrouted);
		attempt.remote_port = bpf_ntohs(thread->unrouted_port);
	}
	thread->no_route = 0;
	act(thread, &attempt, ENDED);
}

static __always_inline void locate(struct attempt *attempt, const struct sock *sk)
{
	attempt->local_port = local_port(sk);
	attempt->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
	name_addresses(attempt->local, attempt->remote, sk);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(attempt_state, const struct sock *sk, int before, int after)
{
	struct attempt *attempt;
	bool closes = after == TCP_FIN_WAIT1 || after == TCP_LAST_ACK;

	/* Most changes say nothing, and most connections end without an error: no look-up for them. */
	if (after != TCP_SYN_SENT && before != TCP_SYN_SENT && !closes && !(after == TCP_CLOSE && sk->sk_err))
		return 0;
	if (!is_ours(sk))
		return 0;
	if (after == TCP_SYN_SENT) {
		attempt = bpf_sk_storage_get(&attempts, (void *)sk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (!attempt)
			return 0;
		attempt->socket = bpf_get_socket_cookie((void *)sk);
		locate(attempt, sk);
		retry(attempt, this_thread(0));
		return 0;
	}
	attempt = attempt_of(sk);
	if (!attempt)
		return 0;
	if (before == TCP_SYN_SENT) {
		locate(attempt, sk);
		if (after == TCP_ESTABLISHED)
			attempt->flags |= OPEN;
		else
			/* connect() found no local port: that is the one error that no packet and no socket tells of. */
			attempt->error = sk->sk_err ? sk->sk_err : attempt->local_port ? ETIMEDOUT : EADDRNOTAVAIL;
	}
	if (closes)
		ended(attempt, this_thread(0));
	else if (after == TCP_CLOSE && (attempt->flags & OPEN))
		attempt->error = sk->sk_err;
	return 0;
}

SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(attempt_destroyed, struct sock *sk)
{
	struct attempt *attempt = attempt_of(sk);
	struct thread *thread;

	if (attempt) {
		ended(attempt, this_thread(0));
		return 0;
	}
	if (!is_ours(sk) || sk->__sk_common.skc_dport || BPF_CORE_READ((const struct inet_sock *)sk, inet_sport))
		return 0;
	thread = this_thread(0);
	if (thread)
		never_connected(sk, thread);
	return 0;
}

/* The first octets of an answer that this thread has a reason for, or none. */
static __always_inline void answered(const struct sock *sk, struct thread *thread)
{
	__u32 status = thread->status;
	__u32 act = thread->act;
	struct event event;
	bool direct = act == READ && thread->read == (__u64)sk;
	bool consequence = (act == ENDED || act == RECEIVED) && (status == 502 || thread->told || thread->attempt.after);

	thread->status = 0;
	thread->act = NOTHING;
	if (status != 502 && !consequence)
		return;
	if (consequence)
		tell(thread);
	begin(&event, ANSWERED);
	name_ends(&event, sk);
	event.socket = bpf_get_socket_cookie((void *)sk);
	event.status = status;
	if (consequence)
		event.after = thread->attempt.socket;
	if (direct)
		event.flags = DIRECT;
	submit(&event);
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(sent, struct sock *sk, int result)
{
	struct attempt *attempt;
	struct thread *thread;

	if (!is_ours(sk))
		return 0;
	attempt = attempt_of(sk);
	thread = this_thread(0);
	if (!attempt) {
		if (thread && result > 0)
			answered(sk, thread);
		return 0;
	}
	if (result == -EAGAIN)
		return 0;
	if (attempt->flags & RECEIVED_SINCE) {
		attempt->flags &= ~RECEIVED_SINCE;
		retry(attempt, thread);
	}
	if (result > 0) {
		attempt->sent += result;
		attempt->flags |= UNANSWERED;
	} else if (result < 0) {
		attempt->error = -result;
	}
	if (thread)
		thread->act = NOTHING;
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(received, struct sock *sk, int result)
{
	struct attempt *attempt;
	struct thread *thread;

	if (result == -EAGAIN || !is_ours(sk))
		return 0;
	attempt = attempt_of(sk);
	if (!attempt) {
		if (result <= 0)
			return 0;
		thread = this_thread(BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (thread) {
			thread->act = READ;
			thread->read = (__u64)sk;
		}
		return 0;
	}
	if (result == 0)
		attempt->flags |= ENDED_BY_PEER;
	if (result < 0)
		attempt->error = -result;
	if (result <= 0)
		return 0;
	attempt->received += result;
	attempt->flags = (attempt->flags & ~UNANSWERED) | RECEIVED_SINCE;
	thread = this_thread(0);
	if (thread)
		act(thread, attempt, RECEIVED);
	return 0;
}
