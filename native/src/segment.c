// SPDX-License-Identifier: MIT
#include "segment.h"

#include <linux/if_ether.h>
#include <string.h>

#define VLAN_TAGS 2
#define EXTENSION_HEADERS 6

enum { HOP_BY_HOP = 0, TCP = 6, ROUTING = 43, DESTINATION = 60 };

/* What is left of the frame, and how long it was on the wire. */
struct rest {
	const uint8_t *octets;
	uint32_t kept;
	uint32_t length;
};

static uint16_t be16(const uint8_t *octets)
{
	return octets[0] << 8 | octets[1];
}

static bool skip(struct rest *rest, uint32_t octets)
{
	if (rest->kept < octets || rest->length < octets)
		return false;
	rest->octets += octets;
	rest->kept -= octets;
	rest->length -= octets;
	return true;
}

/* Behind a datagram there may be padding. */
static void end_at(struct rest *rest, uint32_t length)
{
	if (length < rest->length)
		rest->length = length;
	if (rest->kept > rest->length)
		rest->kept = rest->length;
}

static bool ethernet(struct rest *rest, uint16_t *type)
{
	int tag;

	if (!skip(rest, ETH_HLEN))
		return false;
	*type = be16(rest->octets - 2);
	for (tag = 0; tag < VLAN_TAGS && (*type == ETH_P_8021Q || *type == ETH_P_8021AD); tag++) {
		if (!skip(rest, 4))
			return false;
		*type = be16(rest->octets - 2);
	}
	return true;
}

static bool ipv4(struct rest *rest, struct segment *segment)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const uint8_t *header = rest->octets;
	uint32_t octets;

	if (rest->kept < 20 || header[9] != TCP || be16(header + 6) & 0x3fff)
		return false;
	octets = (header[0] & 15) * 4;
	/* 0: larger than 65535 octets (BIG TCP). */
	if (be16(header + 2))
		end_at(rest, be16(header + 2));
	memcpy(segment->from.address, mapped, sizeof(mapped));
	memcpy(segment->to.address, mapped, sizeof(mapped));
	memcpy(segment->from.address + 12, header + 12, 4);
	memcpy(segment->to.address + 12, header + 16, 4);
	return octets >= 20 && skip(rest, octets);
}

static bool ipv6(struct rest *rest, struct segment *segment)
{
	const uint8_t *header = rest->octets;
	uint8_t next;
	int n;

	if (rest->kept < 40)
		return false;
	next = header[6];
	if (be16(header + 4))
		end_at(rest, 40 + be16(header + 4));
	memcpy(segment->from.address, header + 8, 16);
	memcpy(segment->to.address, header + 24, 16);
	if (!skip(rest, 40))
		return false;
	for (n = 0; n < EXTENSION_HEADERS; n++) {
		if (next != HOP_BY_HOP && next != ROUTING && next != DESTINATION)
			break;
		if (rest->kept < 8)
			return false;
		next = rest->octets[0];
		if (!skip(rest, (rest->octets[1] + 1) * 8))
			return false;
	}
	return next == TCP;
}

bool segment_of(const struct packet_block *packet, struct segment *segment)
{
	struct rest rest = { .octets = packet->octets, .kept = packet->captured, .length = packet->length };
	bool bare = packet->added_octets > 0 && packet->added_at == 0;
	uint16_t type = ETH_P_IP;
	uint32_t octets;

	memset(segment, 0, sizeof(*segment));
	if (bare && rest.kept > 0)
		type = rest.octets[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP;
	else if (!ethernet(&rest, &type))
		return false;
	if (type == ETH_P_IP ? !ipv4(&rest, segment) : type == ETH_P_IPV6 ? !ipv6(&rest, segment) : true)
		return false;
	if (rest.kept < 20)
		return false;
	segment->from.port = be16(rest.octets);
	segment->to.port = be16(rest.octets + 2);
	segment->flags = rest.octets[13];
	octets = (rest.octets[12] >> 4) * 4;
	if (octets < 20 || !skip(&rest, octets))
		return false;
	segment->octets = rest.octets;
	segment->kept = rest.kept;
	segment->length = rest.length;
	return true;
}
