// SPDX-License-Identifier: MIT
/*
 * Who sent a reset, and why?
 *
 * Hook: tp_btf tcp_send_reset. Kernel: 5.8; its reason since 6.10. Fallback: the RST is seen, its author is not.
 * Cost: nothing but for each reset that is sent.
 */
#include "include/attempt.h"

/* The ends of the segment that is answered by a reset: ours is where it went to. */
static __always_inline void name_segment(struct event *event, const struct sk_buff *skb)
{
	const unsigned char *ip = skb->head + skb->network_header;
	const unsigned char *tcp = skb->head + skb->transport_header;
	__u8 version = 0;
	__be32 address;
	__be16 port;

	bpf_probe_read_kernel(&version, sizeof(version), ip);
	if (version >> 4 == 4) {
		bpf_probe_read_kernel(&address, sizeof(address), ip + 16);
		map_address(event->local, address);
		bpf_probe_read_kernel(&address, sizeof(address), ip + 12);
		map_address(event->remote, address);
	} else {
		bpf_probe_read_kernel(event->local, sizeof(event->local), ip + 24);
		bpf_probe_read_kernel(event->remote, sizeof(event->remote), ip + 8);
	}
	bpf_probe_read_kernel(&port, sizeof(port), tcp + 2);
	event->local_port = bpf_ntohs(port);
	bpf_probe_read_kernel(&port, sizeof(port), tcp);
	event->remote_port = bpf_ntohs(port);
}

SEC("tp_btf/tcp_send_reset")
int BPF_PROG(reset_sent, const struct sock *sk, const struct sk_buff *skb)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct event event;

	if (!skb && (!sk || !is_ours(sk)))
		return 0;
	begin(&event, RESET_SENT);
	if (bpf_core_type_exists(enum sk_rst_reason))
		event.reason = ctx[2];
	if (skb) {
		name_segment(&event, skb);
	} else {
		/* Not in answer to a segment: a process did something, or a timer. */
		name_ends(&event, sk);
		event.socket = bpf_get_socket_cookie((void *)sk);
		blame(&event, task);
		if (!sk->sk_socket)
			event.flags |= NOT_ACCEPTED;
	}
	submit(&event);
	return 0;
}
