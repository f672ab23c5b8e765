// SPDX-License-Identifier: MIT
#include "ring.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif
#ifndef SO_ATTACH_BPF
#define SO_ATTACH_BPF 50
#endif

/*
 * Large blocks mean few wake-ups, small ones that a quiet ring lasts: each takes a block timeout, however little it holds.
 * A packet must fit into one, and there must be some.
 */
#define MAX_BLOCK (256 * 1024)
#define MIN_BLOCK (64 * 1024)
#define MIN_BLOCKS 4

#define VLAN_HLEN 4

int ring_open(struct ring *ring)
{
	*ring = (struct ring){ .fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) };
	return ring->fd < 0 ? errno : 0;
}

static int set(int fd, int level, int name, const void *value, socklen_t length)
{
	return setsockopt(fd, level, name, value, length) < 0 ? errno : 0;
}

/* Octets that PACKET_RX_RING is asked for; mapped once, and kept by a spare. */
static int map_ring(struct ring *ring, size_t size)
{
	const int version = TPACKET_V3;
	struct tpacket_req3 request = { .tp_frame_size = TPACKET_ALIGNMENT << 7, .tp_retire_blk_tov = BLOCK_TIMEOUT_MS };
	int error;

	if (ring->map)
		return 0;
	ring->block_size = MAX_BLOCK;
	while (ring->block_size * MIN_BLOCKS > size && ring->block_size > MIN_BLOCK)
		ring->block_size /= 2;
	ring->blocks = size / ring->block_size > 0 ? size / ring->block_size : 1;
	request.tp_block_size = ring->block_size;
	request.tp_block_nr = ring->blocks;
	request.tp_frame_nr = ring->block_size / request.tp_frame_size * ring->blocks;
	error = set(ring->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version));
	if (!error)
		error = set(ring->fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request));
	if (error)
		return error;
	ring->map = mmap(NULL, ring->block_size * ring->blocks, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
	if (ring->map != MAP_FAILED)
		return 0;
	ring->map = NULL;
	return errno;
}

int ring_follow(struct ring *ring, const struct interface *interface, size_t size, int filter, const char **step)
{
	const int ignore_outgoing = interface->loopback;
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = interface->index,
	};
	int error;

	*step = "the ring";
	error = map_ring(ring, size);
	if (!error && filter >= 0) {
		*step = "the filter";
		error = set(ring->fd, SOL_SOCKET, SO_ATTACH_BPF, &filter, sizeof(filter));
	}
	if (!error) {
		/* On loopback every packet passes twice, going out and coming in: the second pass is enough. */
		*step = "PACKET_IGNORE_OUTGOING";
		error = set(ring->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &ignore_outgoing, sizeof(ignore_outgoing));
	}
	if (!error) {
		*step = "the interface";
		error = bind(ring->fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ? errno : 0;
	}
	if (error)
		return error;
	ring->interface = interface->index;
	ring->bare = interface->frames == BARE_IP;
	ring->gone = ring->losing = false;
	ring->received = ring->dropped = ring->delivered = 0;
	memcpy(ring->name, interface->name, sizeof(ring->name));
	return 0;
}

static struct tpacket_block_desc *block_of(const struct ring *ring, const struct cursor *cursor)
{
	return (struct tpacket_block_desc *)(ring->map + cursor->block % ring->blocks * ring->block_size);
}

/* The block is read: what comes next is in the one behind it. Whoever hands packets on gives it back. */
static void leave(struct ring *ring, struct cursor *cursor)
{
	if (cursor == &ring->at)
		__atomic_store_n(&block_of(ring, cursor)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	cursor->block++;
}

/* Is there a packet? */
static bool ready(struct ring *ring, struct cursor *cursor)
{
	while (ring->map && cursor->left == 0) {
		struct tpacket_block_desc *block = block_of(ring, cursor);

		/* Once around: that block was looked at. */
		if (cursor->block >= ring->at.block + ring->blocks)
			return false;
		if (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			return false;
		/* Set in the first block that was filled after a drop, until somebody asks how many there were. */
		if (cursor == &ring->at && block->hdr.bh1.block_status & TP_STATUS_LOSING)
			ring->losing = true;
		cursor->left = block->hdr.bh1.num_pkts;
		cursor->packet = (uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;
		/* Handed over empty. */
		if (cursor->left == 0)
			leave(ring, cursor);
	}
	return cursor->left > 0;
}

static void put_16(uint8_t *to, uint16_t value)
{
	to[0] = value >> 8;
	to[1] = value;
}

/*
 * The kernel takes a VLAN tag out of the frame. A tunnel's frame has no link layer: it gets the header of zeros that
 * loopback has, because tcpdump reads no file of two link types.
 */
static void complete(struct ring *ring, const struct tpacket3_hdr *header, struct packet_block *packet)
{
	bool tagged = header->tp_status & TP_STATUS_VLAN_VALID;

	if (ring->bare) {
		memset(ring->added, 0, sizeof(ring->added));
		packet->added = ring->added;
		packet->added_octets = ETH_HLEN;
		packet->added_at = 0;
		put_16(ring->added + 12, packet->captured && packet->octets[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP);
	} else if (tagged) {
		packet->added = ring->added;
		packet->added_octets = VLAN_HLEN;
		packet->added_at = 2 * ETH_ALEN;
		put_16(ring->added, header->tp_status & TP_STATUS_VLAN_TPID_VALID ? header->hv1.tp_vlan_tpid : ETH_P_8021Q);
		put_16(ring->added + 2, header->hv1.tp_vlan_tci);
	}
}

static bool peek(struct ring *ring, struct cursor *cursor, struct packet_block *packet)
{
	const struct tpacket3_hdr *header;
	const struct sockaddr_ll *link;

	if (!ready(ring, cursor))
		return false;
	header = (const struct tpacket3_hdr *)cursor->packet;
	link = (const struct sockaddr_ll *)(cursor->packet + TPACKET_ALIGN(sizeof(*header)));
	*packet = (struct packet_block){
		.interface = ring->number,
		.at = header->tp_sec * SECOND + header->tp_nsec,
		.octets = cursor->packet + header->tp_mac,
		.captured = header->tp_snaplen,
		.length = header->tp_len,
		.direction = link->sll_pkttype == PACKET_OUTGOING ? OUTBOUND : INBOUND,
	};
	complete(ring, header, packet);
	/* The processor that took it in has the next one in its own cache. */
	if (cursor->left > 1)
		__builtin_prefetch(cursor->packet + header->tp_next_offset);
	return true;
}

static void take(struct ring *ring, struct cursor *cursor)
{
	cursor->packet += ((const struct tpacket3_hdr *)cursor->packet)->tp_next_offset;
	if (--cursor->left == 0)
		leave(ring, cursor);
}

bool ring_peek(struct ring *ring, struct packet_block *packet)
{
	return peek(ring, &ring->at, packet);
}

void ring_take(struct ring *ring)
{
	take(ring, &ring->at);
}

void ring_start_ahead(struct ring *ring)
{
	ring->ahead = ring->at;
}

bool ring_peek_ahead(struct ring *ring, struct packet_block *packet)
{
	return peek(ring, &ring->ahead, packet);
}

/* The header has room of its own for it, which the kernel clears. */
void ring_mark_ahead(struct ring *ring, uint32_t mark)
{
	memcpy(((struct tpacket3_hdr *)ring->ahead.packet)->tp_padding, &mark, sizeof(mark));
	take(ring, &ring->ahead);
}

uint32_t ring_mark(const struct ring *ring)
{
	uint32_t mark;

	memcpy(&mark, ((const struct tpacket3_hdr *)ring->at.packet)->tp_padding, sizeof(mark));
	return mark;
}

void ring_count(struct ring *ring)
{
	struct tpacket_stats_v3 counted = { 0 };
	socklen_t length = sizeof(counted);

	/* Reading sets the kernel's counters to zero. Those that were dropped are among those that came. */
	if (getsockopt(ring->fd, SOL_PACKET, PACKET_STATISTICS, &counted, &length) < 0)
		return;
	ring->received += counted.tp_packets;
	ring->dropped += counted.tp_drops;
}

void ring_forgive(struct ring *ring)
{
	int error;
	socklen_t length = sizeof(error);

	getsockopt(ring->fd, SOL_SOCKET, SO_ERROR, &error, &length);
}
