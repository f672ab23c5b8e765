// SPDX-License-Identifier: MIT
/*
 * What does a gateway's thread write next: a request to an attempt, or an answer to a client?
 *
 * Hook: tp_btf net_dev_queue, while the sender holds the socket: then it is its own thread that sends. Kernel: 5.15
 * (bpf_task_pt_regs). In place of sends.bpf.c: what waits for room in the peer's window is not seen, only what went before it;
 * the answer's status is read where the system call has it from.
 * Cost: a few comparisons for each frame that is sent, two look-ups for those of TCP.
 */
#include "include/acts.h"
#include "include/status.h"

#define TCP_HEADER 20
#define TCP_DESTINATION 2
#define TCP_LENGTH 12

/* Octets of the connection itself: a tunnel's frame around it goes the same way. */
static __always_inline bool has_octets(const struct sk_buff *skb, const struct sock *sk)
{
	const unsigned char *tcp = skb->head + skb->transport_header;
	__u8 header[TCP_HEADER];

	if (bpf_probe_read_kernel(header, sizeof(header), tcp))
		return false;
	return *(__be16 *)(header + TCP_DESTINATION) == sk->__sk_common.skc_dport &&
	       skb->len > tcp - skb->data + (header[TCP_LENGTH] >> 4) * 4;
}

/*
 * The whole socket, by the way that every kernel's verifier takes for one to hand to helpers: none for the little that stands
 * for a connection before it is accepted and after it is closed.
 */
static __always_inline const struct sock *whole_socket(const struct sk_buff *skb)
{
	const struct sock *sk = skb->sk;
	const struct sock *whole;
	__u64 number;

	if (!sk || !is_internet(sk) || sk->__sk_common.skc_state == TCP_TIME_WAIT || sk->__sk_common.skc_state == TCP_NEW_SYN_RECV)
		return NULL;
	whole = sk->sk_socket->sk;
	number = (__u64)whole;
	/* Or the compiler, which knows them to be the same then, takes the other one. */
	asm volatile("" : "+r"(number));
	return number == (__u64)sk ? whole : NULL;
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(transmitted, const struct sk_buff *skb)
{
	const struct sock *sk = whole_socket(skb);
	struct attempt *attempt;
	struct thread *thread;

	if (!sk)
		return 0;
	thread = this_thread();
	if (sk->sk_protocol != IPPROTO_TCP) {
		/* A resolver is asked: what follows is no answer without a question. */
		if (thread && thread->act == READ)
			thread->act = NOTHING;
		return 0;
	}
	/* More of the answer that was written last. */
	if (!is_held(sk) || (thread && thread->act == NOTHING && thread->client == (__u64)sk))
		return 0;
	attempt = attempt_of(sk);
	if ((!attempt && !thread) || !has_octets(skb, sk))
		return 0;
	if (attempt)
		sent_to(attempt, thread);
	else
		answered(sk, thread, status_of_call(thread, STATUS_LINE));
	return 0;
}
