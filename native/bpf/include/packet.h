/* SPDX-License-Identifier: MIT */
/*
 * A frame's headers, from the link layer to TCP: where they are, which connection they belong to. Octets are loaded,
 * never pointed at: a socket filter has no direct access, and a load that runs past the frame's end fails as a whole.
 */
#ifndef WHY502_PACKET_H
#define WHY502_PACKET_H

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04

#define ETHER_OCTETS 14
#define VLAN_TAGS 2
#define EXTENSION_HEADERS 6
#define DNS_PORT 53

/* What is done with a frame, where that is no number of its octets. */
#define KEEP_NONE 0
#define KEEP_WHOLE 0xffffffffu

/* Protocol numbers (IANA). */
enum {
	IP6_HOP = 0,
	IP_ICMP = 1,
	IP_TCP = 6,
	IP_UDP = 17,
	IP6_ROUTING = 43,
	IP6_FRAGMENT = 44,
	IP_AH = 51,
	IP6_ICMP = 58,
	IP6_DESTINATION = 60,
	/* Not assigned: a later fragment, whose transport header is in the first one. */
	IP_LATER_FRAGMENT = 253,
};

struct packet {
	/* IPv4 as ::ffff:a.b.c.d. */
	__u64 source[2];
	__u64 destination[2];
	__u16 source_port;
	__u16 destination_port;
	/* Offsets in the frame: the current header, the payload, and where the IP datagram ends. */
	__u32 at;
	__u32 payload;
	__u32 end;
	__u32 seq;
	__u8 protocol;
	__u8 flags;
};

static __always_inline long load(struct __sk_buff *skb, __u32 at, void *to, __u32 octets)
{
	return bpf_skb_load_bytes(skb, at, to, octets);
}

/*
 * As many octets as there are, at most `most`: between 1 and `most` for the verifier too, which follows the one value
 * that is compared and loses it where the compiler keeps another copy of it.
 */
static __always_inline __u64 at_most(__u64 octets, __u64 most)
{
	barrier_var(octets);
	if (octets > most)
		octets = most;
	barrier_var(octets);
	return octets;
}

/* A number that is not 0, as the verifier of Linux 6.1 knows too: it does not learn that from a comparison with 0. */
static __always_inline __u64 not_none(__u64 octets)
{
	asm volatile("if %0 > 0 goto +1\n\t%0 = 1" : "+r"(octets));
	return octets;
}

static __always_inline __u32 be32(const __u8 *octets)
{
	return (__u32)octets[0] << 24 | (__u32)octets[1] << 16 | (__u32)octets[2] << 8 | octets[3];
}

static __always_inline __u16 be16(const __u8 *octets)
{
	return (__u16)octets[0] << 8 | octets[1];
}

/* The network protocol of an Ethernet frame, or 0; p->at comes to stand on its header. */
static __always_inline __u16 ether_type(struct __sk_buff *skb, struct packet *p)
{
	__u8 two[2];
	int tag;

	p->at = ETHER_OCTETS;
	for (tag = 0; tag <= VLAN_TAGS; tag++) {
		__u16 type;

		if (load(skb, p->at - 2, two, 2))
			return 0;
		type = be16(two);
		if (type != 0x8100 && type != 0x88a8 && type != 0x9100)
			return type;
		p->at += 4;
	}
	return 0;
}

static __always_inline __u16 ip_version(struct __sk_buff *skb, struct packet *p)
{
	__u8 first;

	p->at = 0;
	if (load(skb, 0, &first, 1))
		return 0;
	return first >> 4 == 4 ? 0x0800 : first >> 4 == 6 ? 0x86dd : 0;
}

/* Both addresses of an IPv4 header. */
static __always_inline void map_addresses(struct packet *p, const __u8 *addresses)
{
	__u32 source, destination;

	__builtin_memcpy(&source, addresses, 4);
	__builtin_memcpy(&destination, addresses + 4, 4);
	p->source[1] = (__u64)source << 32 | 0xffff0000;
	p->destination[1] = (__u64)destination << 32 | 0xffff0000;
}

/* Over the IPv4 header. False: there is none. */
static __always_inline int ipv4(struct __sk_buff *skb, struct packet *p)
{
	__u8 header[20];
	__u32 octets, total;

	if (load(skb, p->at, header, sizeof(header)))
		return 0;
	octets = (header[0] & 15) * 4;
	if (octets < sizeof(header))
		return 0;
	total = be16(header + 2);
	/* 0: larger than 65535 octets (BIG TCP). */
	if (total && p->at + total < p->end)
		p->end = p->at + total;
	p->protocol = be16(header + 6) & 0x1fff ? IP_LATER_FRAGMENT : header[9];
	map_addresses(p, header + 12);
	p->at += octets;
	return 1;
}

/* Over the IPv6 header and its extensions. */
static __always_inline int ipv6(struct __sk_buff *skb, struct packet *p)
{
	__u8 header[40];
	__u8 next;
	__u32 total;
	int n;

	if (load(skb, p->at, header, sizeof(header)))
		return 0;
	total = be16(header + 4);
	if (total && p->at + 40 + total < p->end)
		p->end = p->at + 40 + total;
	__builtin_memcpy(p->source, header + 8, 16);
	__builtin_memcpy(p->destination, header + 24, 16);
	next = header[6];
	p->at += 40;
	for (n = 0; n < EXTENSION_HEADERS; n++) {
		__u8 extension[4];

		if (next != IP6_HOP && next != IP6_ROUTING && next != IP6_DESTINATION && next != IP6_FRAGMENT && next != IP_AH)
			break;
		if (load(skb, p->at, extension, sizeof(extension)))
			return 0;
		if (next == IP6_FRAGMENT) {
			p->at += 8;
			next = be16(extension + 2) & 0xfff8 ? IP_LATER_FRAGMENT : extension[0];
		} else {
			p->at += next == IP_AH ? (extension[1] + 2) * 4 : (extension[1] + 1) * 8;
			next = extension[0];
		}
	}
	p->protocol = next;
	return 1;
}

/* The TCP header at p->at. */
static __always_inline int tcp(struct __sk_buff *skb, struct packet *p)
{
	__u8 header[20];
	__u32 octets;

	if (load(skb, p->at, header, sizeof(header)))
		return 0;
	octets = (header[12] >> 4) * 4;
	if (octets < sizeof(header))
		return 0;
	p->source_port = be16(header);
	p->destination_port = be16(header + 2);
	p->seq = be32(header + 4);
	p->flags = header[13];
	p->payload = p->at + octets;
	return 1;
}

/*
 * What nearly every frame is: Ethernet without a tag, IPv4 without options, no fragment, TCP. All of it in one load.
 * False, with nothing changed: it must be looked at step by step.
 */
static __always_inline int plain_tcp(struct __sk_buff *skb, struct packet *p)
{
	/* From the Ethernet type to the flags, so that words lie at multiples of their size. */
	struct {
		__u8 pad[2];
		__be16 type;
		__u8 version, service;
		__be16 total;
		__be16 id, fragment;
		__u8 life, protocol;
		__be16 sum;
		__u8 addresses[8];
		__be16 source, destination;
		__be32 seq, ack;
		__u8 offset, flags;
	} header;
	__u32 total;

	if (load(skb, ETHER_OCTETS - 2, &header.type, 2 + 20 + 14) || header.type != bpf_htons(0x0800) ||
	    header.version != 0x45 || header.protocol != IP_TCP || header.fragment & bpf_htons(0x3fff) || header.offset >> 4 < 5)
		return 0;
	total = bpf_ntohs(header.total);
	p->end = skb->len;
	if (total && ETHER_OCTETS + total < p->end)
		p->end = ETHER_OCTETS + total;
	map_addresses(p, header.addresses);
	p->source_port = bpf_ntohs(header.source);
	p->destination_port = bpf_ntohs(header.destination);
	p->seq = bpf_ntohl(header.seq);
	p->flags = header.flags;
	p->payload = ETHER_OCTETS + 20 + (header.offset >> 4) * 4;
	return 1;
}

/* Odd, with bits all over: 2^64 by the golden ratio. */
#define EVEN_OUT 0x9e3779b97f4a7c15ull

/* An address in eight octets, IPv4 exactly. */
static __always_inline __u64 fold(const __u64 *address)
{
	return address[0] * EVEN_OUT ^ address[1];
}

static __always_inline __u64 mix(__u64 value, __u64 word)
{
	value = (value ^ word) * EVEN_OUT;
	return value ^ value >> 32;
}

/*
 * Names a connection by eight octets, the same for both directions, never 0; returns which of them the packet goes in. Two could
 * be named alike, if somebody takes pains: then more is kept of them, or less.
 */
static __always_inline __u32 connection(const struct packet *p, __u64 *key)
{
	__u64 source = fold(p->source), destination = fold(p->destination);
	/* Any order does, as long as it is the same for both directions. */
	int low = source != destination ? source < destination : p->source_port < p->destination_port;
	__u32 ports = low ? (__u32)p->source_port << 16 | p->destination_port : (__u32)p->destination_port << 16 | p->source_port;

	*key = mix(mix(mix(0, low ? source : destination), low ? destination : source), ports) | 1;
	return low;
}

#endif
