// SPDX-License-Identifier: MIT
/*
 * Why did connect() fail before anything was sent: which route did the kernel refuse?
 *
 * Hook: tp_btf fib_table_lookup. Kernel: 5.11 (storage of tasks). Fallback: such an attempt is seen, its peer and its error are not. For IPv6: routes6.bpf.c.
 * Cost: a comparison for each look-up of a route: one a connection, not one a packet.
 */
#include "include/attempt.h"

#define EAGAIN_MISSED (-11)

SEC("tp_btf/fib_table_lookup")
int BPF_PROG(route_refused, __u32 table, const struct flowi4 *flow, const struct fib_nh_common *hop, int error)
{
	struct thread *thread;

	if (error >= 0)
		return 0;
	/* A thread that never read from an accepted connection is no gateway's. */
	thread = this_thread();
	if (!thread)
		return 0;
	/* Not in this table: perhaps in the next one. If it was the last one, there is no route; if not, the attempt begins. */
	thread->no_route = error == EAGAIN_MISSED ? ENETUNREACH : -error;
	__builtin_memset(thread->unrouted, 0, sizeof(thread->unrouted));
	map_address(thread->unrouted, flow->daddr);
	thread->unrouted_port = bpf_ntohs(flow->uli.ports.dport);
	return 0;
}
