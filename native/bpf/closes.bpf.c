// SPDX-License-Identifier: MIT
/*
 * Who closed an accepted connection that still owed an answer, and was that process dying?
 *
 * Hook: tp_btf inet_sock_set_state. Kernel: 5.8. Fallback: the FIN is seen, its author is not.
 * Cost: two comparisons a change of state. A close with octets unread is a reset, and told by that probe.
 */
#include "include/attempt.h"

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(peer_closes, const struct sock *sk, int before, int after)
{
	const struct tcp_sock *tcp = (const struct tcp_sock *)sk;
	struct task_struct *task;
	struct event event;
	__u64 sent, received;
	__s32 silence;

	if ((after != TCP_FIN_WAIT1 && after != TCP_LAST_ACK) || !is_ours(sk) || attempt_of(sk))
		return 0;
	sent = BPF_CORE_READ(tcp, bytes_sent);
	received = BPF_CORE_READ(tcp, bytes_received);
	/* A client that left without a word is owed nothing; one that is left without a word may be. */
	if (received == 0 && after == TCP_LAST_ACK)
		return 0;
	task = bpf_get_current_task_btf();
	/* In ticks of the kernel: of a connection that is closed in the tick of its last answer nobody knows which came last. */
	silence = BPF_CORE_READ(tcp, inet_conn.icsk_ack.lrcvtime) - BPF_CORE_READ(tcp, lsndtime);
	if (sent > 0 && silence < (task->flags & PF_EXITING ? 0 : 1))
		return 0;
	begin(&event, PEER_CLOSED);
	name_ends(&event, sk);
	event.socket = bpf_get_socket_cookie((void *)sk);
	event.sent = sent;
	event.received = received;
	blame(&event, task);
	submit(&event);
	return 0;
}
