// SPDX-License-Identifier: MIT
/*
 * Who sent a reset, and why?
 *
 * Hook: tp_btf tcp_send_reset. Kernel: 5.8; its reason since 6.10. Fallback: the RST is seen, its author is not.
 * Cost: nothing but for each reset that is sent.
 */
#include "include/segment.h"

SEC("tp_btf/tcp_send_reset")
int BPF_PROG(reset_sent, const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tcp = (const struct tcp_sock *)sk;
	struct event event;

	if (!skb && (!sk || !is_ours(sk)))
		return 0;
	begin(&event, RESET_SENT);
	if (bpf_core_type_exists(enum sk_rst_reason))
		event.reason = ctx[2];
	if (skb) {
		name_segment(&event, skb);
		if (!is_segment_ours(&event, skb))
			return 0;
	} else {
		/* Not in answer to a segment: a process did something, or a timer. */
		name_ends(&event, sk);
		blame(&event, this_task());
		event.unread = BPF_CORE_READ(tcp, rcv_nxt) - BPF_CORE_READ(tcp, copied_seq);
		if (!sk->sk_socket)
			event.flags |= NOT_ACCEPTED;
	}
	submit(&event);
	return 0;
}
