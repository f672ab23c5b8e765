/* SPDX-License-Identifier: MIT */
/* A TCP segment as the kernel holds it: between whom, and where. */
#ifndef WHY502_SEGMENT_H
#define WHY502_SEGMENT_H

#include "probe.h"

/* Ours is where it went to. */
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

/* The lowest bit of a segment's route says that it is borrowed. */
#define ROUTE_MASK (~1UL)

/* A segment of a named event, but not one on the loopback of another network namespace: as is_ours() of sockets. */
static __always_inline bool is_segment_ours(const struct event *event, const struct sk_buff *skb)
{
	const struct dst_entry *route = (const struct dst_entry *)(skb->_skb_refdst & ROUTE_MASK);
	const __u8 *remote = event->remote;

	/* 127.0.0.0/8, mapped into IPv6, or ::1. */
	if (!(remote[10] ? remote[12] == 127 : !remote[0] && !remote[1]) || !route)
		return true;
	return BPF_CORE_READ(route, dev, nd_net.net, ns.inum) == own_network;
}

#endif
