/* SPDX-License-Identifier: MIT */
/* Frames made by hand: Ethernet with VLAN tags, IPv4 with options, IPv6 with extension headers, TCP, UDP, ICMP. */
#ifndef WHY502_FRAMES_H
#define WHY502_FRAMES_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

struct frame_spec {
	bool v6;
	/* Frames of tunnels begin with the IP header. */
	bool no_ether;
	int vlans;
	/* Octets of IPv4 or TCP options, in fours; extension headers of IPv6. */
	int ip_options;
	int tcp_options;
	int extensions;
	/* 6 unless told otherwise. */
	uint8_t protocol;
	uint16_t fragment;
	/* From the client (port `client`) to the server, or back. */
	bool back;
	uint16_t client;
	uint16_t server;
	uint32_t seq;
	uint8_t flags;
	const void *octets;
	size_t length;
	/* Behind the IP datagram, as short Ethernet frames have. */
	size_t padding;
};

struct frame {
	uint8_t octets[131072];
	size_t length;
	/* Where the TCP payload begins. */
	size_t payload;
};

static inline void add(struct frame *frame, const void *octets, size_t length)
{
	if (length > 0)
		memcpy(frame->octets + frame->length, octets, length);
	frame->length += length;
}

static inline void add_16(struct frame *frame, uint16_t value)
{
	value = htons(value);
	add(frame, &value, 2);
}

static inline void add_zeros(struct frame *frame, size_t length)
{
	memset(frame->octets + frame->length, 0, length);
	frame->length += length;
}

static inline void add_ether(struct frame *frame, const struct frame_spec *spec)
{
	int n;

	add_zeros(frame, 12);
	for (n = 0; n < spec->vlans; n++) {
		add_16(frame, n == 0 && spec->vlans > 1 ? 0x88a8 : 0x8100);
		add_16(frame, 7);
	}
	add_16(frame, spec->v6 ? 0x86dd : 0x0800);
}

static inline void add_ip(struct frame *frame, const struct frame_spec *spec, size_t transport)
{
	uint8_t protocol = spec->protocol ? spec->protocol : 6;
	uint8_t client[16] = { 0xfd, 0 }, server[16] = { 0xfd, 0 };
	const uint8_t *from, *to;
	int n;

	client[15] = 9;
	server[15] = 1;
	from = spec->back ? server : client;
	to = spec->back ? client : server;
	if (spec->v6) {
		add_16(frame, 0x6000);
		add_16(frame, 0);
		add_16(frame, transport + 8 * spec->extensions);
		add(frame, &(uint8_t){ spec->extensions ? 0 : protocol }, 1);
		add(frame, &(uint8_t){ 64 }, 1);
		add(frame, from, 16);
		add(frame, to, 16);
		for (n = 0; n < spec->extensions; n++) {
			add(frame, &(uint8_t){ n + 1 < spec->extensions ? 60 : protocol }, 1);
			add_zeros(frame, 7);
		}
		return;
	}
	add(frame, &(uint8_t){ 0x40 | (5 + spec->ip_options / 4) }, 1);
	add_zeros(frame, 1);
	add_16(frame, 20 + spec->ip_options + transport);
	add_16(frame, 1);
	add_16(frame, spec->fragment);
	add(frame, &(uint8_t){ 64 }, 1);
	add(frame, &protocol, 1);
	add_16(frame, 0);
	add(frame, (uint8_t[]){ 10, 0, 0, from[15] }, 4);
	add(frame, (uint8_t[]){ 10, 0, 0, to[15] }, 4);
	add_zeros(frame, spec->ip_options);
}

static inline void build(struct frame *frame, const struct frame_spec *spec)
{
	bool tcp = spec->protocol == 0 || spec->protocol == 6;
	size_t header = tcp ? 20 + spec->tcp_options : 8;
	uint32_t seq = htonl(spec->seq);

	frame->length = 0;
	if (!spec->no_ether)
		add_ether(frame, spec);
	add_ip(frame, spec, header + spec->length);
	add_16(frame, spec->back ? spec->server : spec->client);
	add_16(frame, spec->back ? spec->client : spec->server);
	if (tcp) {
		add(frame, &seq, 4);
		add_zeros(frame, 4);
		add(frame, &(uint8_t){ (5 + spec->tcp_options / 4) << 4 }, 1);
		add(frame, &spec->flags, 1);
		add_zeros(frame, 6 + spec->tcp_options);
	} else {
		add_zeros(frame, 4);
	}
	frame->payload = frame->length;
	add(frame, spec->octets, spec->length);
	add_zeros(frame, spec->padding);
}

#endif
