/* SPDX-License-Identifier: MIT */
/* One interface's packets: an AF_PACKET socket with a TPACKET_V3 ring, which the kernel fills and we read in place. */
#ifndef WHY502_RING_H
#define WHY502_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "interfaces.h"
#include "pcapng.h"

/* The kernel hands over a block that is not full after this long. */
#define BLOCK_TIMEOUT_MS 20

/* A place in the ring. Blocks are counted on, beyond the ring's end. */
struct cursor {
	uint64_t block;
	/* The next packet in the block, and how many are left; 0: the block was not begun. */
	uint8_t *packet;
	unsigned int left;
};

struct ring {
	int fd;
	/* Of the interface that it follows; 0: a spare socket, which follows none yet. */
	int interface;
	/* Its number in the pcapng section. */
	uint32_t number;
	char name[16];
	/* Its frames begin with the IP header. */
	bool bare;
	/* The interface is gone: what the ring holds is read, then it is a spare again. */
	bool gone;
	/* Packets were dropped in front of the next one. */
	bool losing;

	uint8_t *map;
	size_t block_size;
	unsigned int blocks;
	/* The next packet to be handed on, and the next one that was not looked at yet. */
	struct cursor at;
	struct cursor ahead;
	/* What belongs into the packet that was looked at last: a VLAN tag, an Ethernet header. */
	uint8_t added[14];

	/* Packets that passed the filter, of which the ring had no room for some; those that were handed on. */
	uint64_t received;
	uint64_t dropped;
	uint64_t delivered;
};

/* Opens a socket that receives nothing yet: the one step that needs CAP_NET_RAW. Returns 0 or the error. */
int ring_open(struct ring *ring);
/* Lets it follow an interface. `filter` is a BPF program, or -1. Returns 0 or the error, with its step. */
int ring_follow(struct ring *ring, const struct interface *interface, size_t size, int filter, const char **step);
/* Fills `packet` with the oldest one held and returns true; false where the kernel has handed over none. */
bool ring_peek(struct ring *ring, struct packet_block *packet);
/* The packet is done with: the kernel may have its room. */
void ring_take(struct ring *ring);
/* Looks ahead from here on; then the next packet that was not looked at, and a number that it is to be remembered by. */
void ring_start_ahead(struct ring *ring);
bool ring_peek_ahead(struct ring *ring, struct packet_block *packet);
void ring_mark_ahead(struct ring *ring, uint32_t mark);
/* The number of the packet that would be taken next. */
uint32_t ring_mark(const struct ring *ring);
/* An interface that went down is an error to poll(2) until somebody reads it; when it is up again, packets come again. */
void ring_forgive(struct ring *ring);
/* Adds what the kernel counted since the last time: what was dropped lies in front of the next packet that is marked so, or of all to come. */
void ring_count(struct ring *ring);

#endif
