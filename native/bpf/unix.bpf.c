// SPDX-License-Identifier: MIT
/*
 * Which attempts did a gateway make over unix sockets, how did they end, and who was at the other end?
 *
 * Hook: tp_btf sock_send_length, sock_recv_length. Kernel: 6.3. Fallback: none; such attempts leave no packets.
 * Cost: a comparison for each send and receive of any socket; a look-up for those of unix sockets.
 *
 * There is no tracepoint where a unix socket is closed. A gateway closes one when it was told of its end: that is the end.
 */
#include "include/acts.h"

static __always_inline bool is_stream(const struct sock *sk)
{
	return sk->__sk_common.skc_family == AF_UNIX && sk->sk_type == SOCK_STREAM;
}

/* The socket was connected, not accepted: it has no name, its peer has one. */
static __always_inline bool name_peer(struct attempt *attempt, const struct sock *sk)
{
	const struct unix_sock *own = (const struct unix_sock *)sk;
	const struct unix_sock *peer = (const struct unix_sock *)BPF_CORE_READ(own, peer);
	struct unix_address *address = BPF_CORE_READ(peer, addr);

	if (BPF_CORE_READ(own, addr) || !address)
		return false;
	bpf_probe_read_kernel_str(attempt->path, sizeof(attempt->path), &address->name[0].sun_path);
	return attempt->path[0] == '/';
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(unix_sent, struct sock *sk, int result)
{
	struct attempt *attempt;
	struct thread *thread;

	if (!is_stream(sk) || result == -EAGAIN)
		return 0;
	thread = this_thread(0);
	if (!thread)
		return 0;
	attempt = attempt_of(sk);
	if (!attempt) {
		attempt = bpf_sk_storage_get(&attempts, sk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (!attempt)
			return 0;
		attempt->socket = bpf_get_socket_cookie(sk);
		if (name_peer(attempt, sk))
			retry(attempt, thread);
		attempt->open = 1;
	}
	if (attempt->path[0] != '/')
		return 0;
	if (attempt->flags & RECEIVED_SINCE) {
		attempt->flags &= ~RECEIVED_SINCE;
		retry(attempt, thread);
	}
	thread->act = NOTHING;
	if (result < 0) {
		attempt->error = -result;
		ended(attempt);
		return 0;
	}
	attempt->sent += result;
	attempt->flags |= UNANSWERED;
	return 0;
}

/* The other end reads: whoever that is serves the attempt. */
static __always_inline void served(const struct sock *sk)
{
	struct unix_sock *own = bpf_skc_to_unix_sock((void *)sk);
	struct sock *peer = own ? own->peer : NULL;
	struct attempt *attempt = peer ? bpf_sk_storage_get(&attempts, peer, NULL, 0) : NULL;

	if (!attempt)
		return;
	attempt->server = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(attempt->server_name, sizeof(attempt->server_name));
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(unix_received, struct sock *sk, int result)
{
	struct attempt *attempt;
	struct thread *thread;

	if (!is_stream(sk) || result == -EAGAIN)
		return 0;
	attempt = attempt_of(sk);
	if (!attempt || attempt->path[0] != '/') {
		served(sk);
		return 0;
	}
	thread = this_thread(0);
	if (!thread)
		return 0;
	if (result <= 0) {
		if (result == 0)
			attempt->flags |= ENDED_BY_PEER;
		else
			attempt->error = -result;
		ended(attempt);
		return 0;
	}
	attempt->received += result;
	attempt->flags = (attempt->flags & ~UNANSWERED) | RECEIVED_SINCE;
	begin(&thread->attempt, ATTEMPT_ENDED);
	copy_attempt(&thread->attempt, attempt);
	thread->act = RECEIVED;
	thread->told = 0;
	return 0;
}
