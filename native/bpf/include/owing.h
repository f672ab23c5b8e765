/* SPDX-License-Identifier: MIT */
/* Who closed an accepted connection that still owed an answer, and was that process dying? */
#ifndef WHY502_OWING_H
#define WHY502_OWING_H

#include "probe.h"

static __noinline void tell_close(const struct tcp_sock *tcp, const struct sock *sk)
{
	struct event event;

	begin(&event, PEER_CLOSED);
	name_ends(&event, sk);
	event.socket = bpf_get_socket_cookie((void *)sk);
	event.sent = tcp->bytes_sent;
	event.received = tcp->bytes_received;
	blame(&event, this_task());
	submit(&event);
}

/* A close with octets unread is a reset, and told by `resets.bpf.c`. */
static __always_inline void owing_closes(const struct sock *sk, int after)
{
	const struct tcp_sock *tcp = bpf_skc_to_tcp_sock((void *)sk);
	__s32 silence;

	if (!tcp)
		return;
	/* A client that left without a word is owed nothing; one that is left without a word may be. */
	if (tcp->bytes_received == 0 && after == TCP_LAST_ACK)
		return;
	/* In ticks of the kernel: of a connection that is closed in the tick of its last answer nobody knows which came last. */
	silence = tcp->inet_conn.icsk_ack.lrcvtime - tcp->lsndtime;
	if (tcp->bytes_sent > 0 && silence < (bpf_get_current_task_btf()->flags & PF_EXITING ? 0 : 1))
		return;
	if (is_ours(sk))
		tell_close(tcp, sk);
}

#endif
