/* SPDX-License-Identifier: MIT */
/* The TCP segment in a captured frame, as far as it was kept: which connection, which way, which octets. */
#ifndef WHY502_SEGMENT_H
#define WHY502_SEGMENT_H

#include <stdbool.h>

#include "pcapng.h"

enum tcp_flags { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

/* Without padding: compared and hashed as octets. IPv4 is written as ::ffff:a.b.c.d, ports in host order. */
struct end {
	uint8_t address[16];
	uint16_t port;
};

struct segment {
	struct end from;
	struct end to;
	uint8_t flags;
	/* Octets of the segment on the wire, and those that were kept. */
	uint32_t length;
	uint32_t kept;
	const uint8_t *octets;
};

/* False where the frame holds no TCP header that can be read, or only a fragment. */
bool segment_of(const struct packet_block *packet, struct segment *segment);

#endif
