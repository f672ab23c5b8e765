// SPDX-License-Identifier: MIT
/*
 * Why did connect() over IPv6 fail before anything was sent: which route did the kernel refuse?
 *
 * Hook: tp_btf fib6_table_lookup. Kernel: 5.11 (storage of tasks). Fallback: such an attempt is seen, its peer and its error are not.
 * Cost: two comparisons for each look-up of a route: one a connection, not one a packet.
 */
#include "include/attempt.h"

/* linux/rtnetlink.h */
enum { RTN_BLACKHOLE = 6, RTN_UNREACHABLE, RTN_PROHIBIT };

/* ip6_rt_type_to_error() of net/ipv6/route.c; a route to nowhere is the table's own empty entry. */
static __always_inline int error_of(const struct net *net, const struct fib6_result *result)
{
	if (result->f6i == net->ipv6.fib6_null_entry)
		return ENETUNREACH;
	switch (result->fib6_type) {
	case RTN_BLACKHOLE:
		return EINVAL;
	case RTN_UNREACHABLE:
		return EHOSTUNREACH;
	case RTN_PROHIBIT:
		return EACCES;
	default:
		return 0;
	}
}

SEC("tp_btf/fib6_table_lookup")
int BPF_PROG(route6_refused, const struct net *net, const struct fib6_result *result, void *table, const struct flowi6 *flow)
{
	int error = error_of(net, result);
	struct thread *thread;

	if (!error)
		return 0;
	/* A thread that never read from an accepted connection is no gateway's. */
	thread = this_thread();
	if (!thread)
		return 0;
	/* In one table: perhaps the next one knows a way. Then the attempt begins. */
	thread->no_route = error;
	BPF_CORE_READ_INTO((struct in6_addr *)thread->unrouted, flow, daddr);
	thread->unrouted_port = bpf_ntohs(flow->uli.ports.dport);
	return 0;
}
