// SPDX-License-Identifier: MIT
/*
 * Which connection attempt got no answer to its SYN? Where its peer is on this host, user space asks how full the queue is.
 *
 * Hook: tp_btf tcp_retransmit_skb. Kernel: 5.12 (numbers of sockets). Fallback: the SYN is seen again; why it is not answered is not.
 * Cost: a comparison for each segment that is sent again.
 */
#include "include/attempt.h"

SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(syn_repeated, const struct sock *sk)
{
	struct event event;

	if (sk->__sk_common.skc_state != TCP_SYN_SENT || !attempt_of(sk))
		return 0;
	begin(&event, SYN_REPEATED);
	name_ends(&event, sk);
	event.socket = bpf_get_socket_cookie((void *)sk);
	submit(&event);
	return 0;
}
