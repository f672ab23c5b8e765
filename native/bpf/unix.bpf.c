// SPDX-License-Identifier: MIT
/*
 * Which attempts did a gateway make over unix sockets, what was said, how did they end, and who was at the other end?
 *
 * Hook: tp_btf sock_send_length, sock_recv_length. Kernel: 6.3. Fallback: none; such attempts leave no packets.
 * Cost: a comparison for each send and receive of any socket; a look-up for those of unix sockets; for those of a gateway a
 * copy of what was said.
 *
 * There is no tracepoint where a unix socket is closed. A gateway closes one when it was told of its end: that is the end.
 */
#include "include/acts.h"
#include "include/talk.h"

static __always_inline bool is_stream(const struct sock *sk)
{
	return sk->__sk_common.skc_family == AF_UNIX && sk->sk_type == SOCK_STREAM;
}

/* The socket was connected, not accepted: it has no name, its peer has one. */
static __always_inline bool name_peer(struct peer *to, const struct sock *sk)
{
	const struct unix_sock *own = (const struct unix_sock *)sk;
	const struct unix_sock *peer = (const struct unix_sock *)BPF_CORE_READ(own, peer);
	struct unix_address *address = BPF_CORE_READ(peer, addr);

	if (BPF_CORE_READ(own, addr) || !address)
		return false;
	bpf_probe_read_kernel_str(to->path, sizeof(to->path), &address->name[0].sun_path);
	return to->path[0] == '/';
}

/* The attempt that this socket is, if it is one; known from its first octets on. */
static __always_inline struct attempt *unix_attempt(struct sock *sk, struct thread *thread)
{
	struct attempt *attempt = stored_attempt(sk);
	struct peer *peer;

	if (attempt)
		return attempt->flags & UNIX ? attempt : NULL;
	attempt = bpf_sk_storage_get(&attempts, sk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	peer = bpf_sk_storage_get(&peers, sk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!attempt || !peer || !name_peer(peer, sk))
		return NULL;
	attempt->socket = bpf_get_socket_cookie(sk);
	attempt->flags = UNIX;
	retry(attempt, thread);
	attempt->flags |= OPEN;
	return attempt;
}

/* What is told of the attempt includes its peer. */
static __always_inline void with_peer(struct thread *thread, struct sock *sk)
{
	const struct peer *peer = bpf_sk_storage_get(&peers, sk, NULL, 0);

	if (peer)
		thread->peer = *peer;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(unix_sent, struct sock *sk, int result)
{
	struct attempt *attempt;
	struct thread *thread;
	bool first;

	if (!is_stream(sk) || result == -EAGAIN)
		return 0;
	thread = this_thread();
	if (!thread)
		return 0;
	attempt = unix_attempt(sk, thread);
	if (!attempt)
		return 0;
	first = attempt->sent == 0 || attempt->flags & RECEIVED_SINCE;
	sent_to(attempt, thread);
	if (result > 0)
		said_request(sk, result, first);
	if (result < 0) {
		remember_talk(sk, attempt->socket);
		attempt->error = -result;
		with_peer(thread, sk);
		ended(attempt, thread);
		return 0;
	}
	attempt->sent += result;
	return 0;
}

/* The other end reads: whoever that is serves the attempt. */
static __always_inline void served(const struct sock *sk)
{
	struct unix_sock *own = bpf_skc_to_unix_sock((void *)sk);
	struct sock *other = own ? own->peer : NULL;
	struct peer *peer = other ? bpf_sk_storage_get(&peers, other, NULL, 0) : NULL;

	if (!peer)
		return;
	peer->process = bpf_get_current_pid_tgid() >> 32;
	name_process(peer->name, bpf_get_current_task_btf());
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(unix_received, struct sock *sk, int result)
{
	struct attempt *attempt;
	struct thread *thread;

	if (!is_stream(sk) || result == -EAGAIN)
		return 0;
	attempt = stored_attempt(sk);
	if (!attempt || !(attempt->flags & UNIX)) {
		served(sk);
		return 0;
	}
	thread = this_thread();
	if (!thread)
		return 0;
	with_peer(thread, sk);
	if (result > 0)
		said_response(sk, result);
	remember_talk(sk, attempt->socket);
	if (result <= 0) {
		if (result == 0)
			attempt->flags |= ENDED_BY_PEER;
		else
			attempt->error = -result;
		ended(attempt, thread);
		return 0;
	}
	attempt->received += result;
	attempt->flags = (attempt->flags & ~UNANSWERED) | RECEIVED_SINCE;
	act(thread, attempt, RECEIVED);
	return 0;
}
