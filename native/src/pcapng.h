/* SPDX-License-Identifier: MIT */
/* The only writer of pcapng (draft-ietf-opsawg-pcapng): whole blocks into a buffer, times in nanoseconds. */
#ifndef WHY502_PCAPNG_H
#define WHY502_PCAPNG_H

#include <stddef.h>
#include <stdint.h>

#include "clock.h"

struct buffer {
	uint8_t *octets;
	size_t used;
	size_t size;
};

enum { LINKTYPE_ETHERNET = 1 };
enum direction { DIRECTION_UNKNOWN, INBOUND, OUTBOUND };

struct section_block {
	const char *hardware;
	const char *system;
	const char *application;
	const char *comment;
};

struct interface_block {
	uint16_t link_type;
	uint32_t snap;
	const char *name;
	/* What is captured, in words. */
	const char *filter;
	const char *system;
};

struct packet_block {
	uint32_t interface;
	nanos at;
	const uint8_t *octets;
	uint32_t captured;
	uint32_t length;
	enum direction direction;
	/* Octets that belong into the frame and are not in it: so many of them, and where they go. */
	const uint8_t *added;
	uint32_t added_octets;
	uint32_t added_at;
};

/* Counted from `since`, the beginning of the section. */
struct statistics_block {
	uint32_t interface;
	nanos at;
	nanos since;
	uint64_t received;
	uint64_t dropped;
	uint64_t delivered;
};

/* Octets of a packet's block besides its packet, at most. */
#define PACKET_OVERHEAD 64

/* Each adds one block. The caller sees to the room: a block that does not fit is our bug and ends the program. */
void write_section(struct buffer *to, const struct section_block *section);
void write_interface(struct buffer *to, const struct interface_block *interface);
void write_packet(struct buffer *to, const struct packet_block *packet);
void write_statistics(struct buffer *to, const struct statistics_block *statistics);
/* An entry in the systemd Journal Export Format: `FIELD=value` lines. */
void write_journal(struct buffer *to, const char *entry, size_t length);

#endif
