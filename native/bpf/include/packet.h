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

/* Both ends of a connection, the lower one first: the same key for both directions. */
struct key {
	__u8 low[16];
	__u8 high[16];
	__u16 low_port;
	__u16 high_port;
	__u32 pad;
};

struct packet {
	__u8 source[16];
	__u8 destination[16];
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
	p->source[10] = p->source[11] = p->destination[10] = p->destination[11] = 0xff;
	__builtin_memcpy(p->source + 12, header + 12, 4);
	__builtin_memcpy(p->destination + 12, header + 16, 4);
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
	/* From the Ethernet type to the flags: stacks are small. */
	__u8 header[2 + 20 + 14];
	const __u8 *ip = header + 2;
	const __u8 *tcp = ip + 20;
	__u32 total;

	if (load(skb, ETHER_OCTETS - 2, header, sizeof(header)) || be16(header) != 0x0800 || ip[0] != 0x45 || ip[9] != IP_TCP ||
	    be16(ip + 6) & 0x3fff || tcp[12] >> 4 < 5)
		return 0;
	total = be16(ip + 2);
	p->end = skb->len;
	if (total && ETHER_OCTETS + total < p->end)
		p->end = ETHER_OCTETS + total;
	p->source[10] = p->source[11] = p->destination[10] = p->destination[11] = 0xff;
	__builtin_memcpy(p->source + 12, ip + 12, 4);
	__builtin_memcpy(p->destination + 12, ip + 16, 4);
	p->source_port = be16(tcp);
	p->destination_port = be16(tcp + 2);
	p->seq = be32(tcp + 4);
	p->flags = tcp[13];
	p->payload = ETHER_OCTETS + 20 + (tcp[12] >> 4) * 4;
	return 1;
}

static __always_inline __u64 half_address(const __u8 *octets)
{
	__u64 half;

	__builtin_memcpy(&half, octets, sizeof(half));
	return half;
}

/* Is the source the lower end? Any order does, as long as it is the same for both directions. */
static __always_inline int source_is_low(const struct packet *p)
{
	__u64 a = half_address(p->source), b = half_address(p->destination);

	if (a != b)
		return a < b;
	a = half_address(p->source + 8);
	b = half_address(p->destination + 8);
	return a != b ? a < b : p->source_port < p->destination_port;
}

/* Fills the connection's key; returns which of its two directions the packet goes in. */
static __always_inline __u32 connection(const struct packet *p, struct key *key)
{
	int low = source_is_low(p);

	__builtin_memcpy(key->low, low ? p->source : p->destination, 16);
	__builtin_memcpy(key->high, low ? p->destination : p->source, 16);
	key->low_port = low ? p->source_port : p->destination_port;
	key->high_port = low ? p->destination_port : p->source_port;
	key->pad = 0;
	return low;
}

#endif
