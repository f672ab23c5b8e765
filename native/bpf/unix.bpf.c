// SPDX-License-Identifier: MIT
/*
 * Which attempts did a gateway make over unix sockets, what was said, how did they end, and who was at the other end?
 *
 * Hook: tp_btf sock_send_length, sock_recv_length. Kernel: 6.3. Fallback: calls.bpf.c; such attempts leave no packets.
 * Cost: a comparison for each send and receive of any socket; a look-up for those of unix sockets, two where they are of no
 * gateway, and some 100 octets for each accepted one of these; for those of a gateway a copy of what was said.
 */
#include "include/conversation.h"

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct conversation);
} conversations SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct reader);
} readers SEC(".maps");

static __always_inline bool is_stream(const struct sock *sk)
{
	return sk->__sk_common.skc_family == AF_UNIX && sk->sk_type == SOCK_STREAM;
}

static __always_inline struct conversation *conversation_on(struct sock *sk)
{
	return sk->sk_bpf_storage ? bpf_sk_storage_get(&conversations, sk, NULL, 0) : NULL;
}

static __always_inline struct reader *reader_of(struct sock *sk)
{
	return sk->sk_bpf_storage ? bpf_sk_storage_get(&readers, sk, NULL, 0) : NULL;
}

/* No conversation is at the other end. False where none can be: who is connected to has the address of the listener. */
static __always_inline bool put_down_reader(struct sock *sk, const struct unix_sock *own)
{
	struct reader *reader = reader_of(sk);

	if (!reader && own->addr)
		reader = bpf_sk_storage_get(&readers, sk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!reader)
		return false;
	read_by_this(reader);
	return true;
}

static __always_inline struct conversation *begin_conversation(struct sock *sk, struct thread *thread)
{
	const struct unix_address *address = address_of_peer(sk);
	struct conversation *with = NULL;
	struct unix_sock *own;

	if (address)
		with = bpf_sk_storage_get(&conversations, sk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!with)
		return NULL;
	converse(with, bpf_get_socket_cookie(sk), address, thread);
	own = bpf_skc_to_unix_sock(sk);
	if (own && own->peer)
		served_before(with, reader_of(own->peer));
	return with;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(unix_sent, struct sock *sk, int result)
{
	struct conversation *with;
	struct thread *thread;

	if (!is_stream(sk) || result == -EAGAIN)
		return 0;
	thread = this_thread();
	if (!thread)
		return 0;
	with = conversation_on(sk);
	if (!with)
		with = begin_conversation(sk, thread);
	if (with)
		told(with, thread, result);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(unix_received, struct sock *sk, int result)
{
	struct conversation *with;
	struct thread *thread;
	struct unix_sock *own;

	if (!is_stream(sk) || result == -EAGAIN)
		return 0;
	with = conversation_on(sk);
	if (with) {
		thread = this_thread();
		if (thread)
			heard(with, thread, result);
		return 0;
	}
	own = bpf_skc_to_unix_sock(sk);
	if (!own || !own->peer)
		return 0;
	with = conversation_on(own->peer);
	if (!with && put_down_reader(sk, own))
		with = conversation_on(own->peer);
	if (with)
		served(with);
	return 0;
}
