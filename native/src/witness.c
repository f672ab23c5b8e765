// SPDX-License-Identifier: MIT
#include "witness.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The clocks are compared so often, and the quickest comparison counts. */
#define COMPARISONS 16
/* Of a round: as many as fit between two turns of other programs. */
#define CALLS 2000
#define BETWEEN_LOOKS (50 * MILLISECOND)

/* What follows an event, copied out of the ring, with no more octets than came. */
static struct talk *talk_in(const void *octets, size_t size)
{
	struct talk *talk;

	if (size < sizeof(talk->facts) || size > sizeof(*talk))
		return NULL;
	talk = malloc(sizeof(*talk));
	if (!talk)
		return NULL;
	memcpy(talk, octets, size);
	size -= sizeof(talk->facts);
	if (talk->facts.request_kept > size)
		talk->facts.request_kept = size;
	if (talk->facts.response_kept > size - talk->facts.request_kept)
		talk->facts.response_kept = size - talk->facts.request_kept;
	return talk;
}

static bool is_full(const struct witness *witness)
{
	return witness->count == MAX_WAITING || witness->talks == MAX_TALKS;
}

static int take_in(void *context, void *octets, size_t size)
{
	struct witness *witness = context;
	const struct event *event = octets;
	int at;

	if (size < sizeof(*event))
		return 0;
	/* Processors write side by side: an event is at most a few places late. */
	for (at = witness->count; at > witness->next && witness->waiting[at - 1].event.at > event->at; at--)
		witness->waiting[at] = witness->waiting[at - 1];
	witness->waiting[at].event = *event;
	witness->waiting[at].talk = talk_in(event + 1, size - sizeof(*event));
	witness->talks += witness->waiting[at].talk != NULL;
	witness->count++;
	if (at < witness->ahead)
		witness->ahead = at;
	/* What is left stays in the ring. */
	return is_full(witness) ? -1 : 0;
}

/* What a system call takes; the quickest round is the one that nobody disturbed. */
static nanos time_of(long call, int fd)
{
	nanos least = NEVER;
	char octet;
	int round, n;

	for (round = 0; round < COMPARISONS; round++) {
		nanos before = steady_clock();
		nanos took;

		for (n = 0; n < CALLS; n++)
			syscall(call, fd, &octet, sizeof(octet), MSG_PEEK, NULL, NULL);
		took = (steady_clock() - before) / CALLS;
		if (took < least)
			least = took;
	}
	return least;
}

/* Of one that does nothing, of one that writes, to nowhere, and of one that reads from a unix socket. */
static struct call_times time_calls(void)
{
	struct call_times times = { .idle = time_of(SYS_getppid, -1), .writing = time_of(SYS_write, -1) };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return times;
	if (send(ends[1], "", 1, 0) == 1)
		times.reading = time_of(SYS_recvfrom, ends[0]);
	close(ends[0]);
	close(ends[1]);
	return times;
}

static nanos more(nanos before, nanos after)
{
	return after > before ? after - before : 0;
}

void witness_open(struct witness *witness, bool unix_peers, const char *without)
{
	const struct call_times before = time_calls();
	void *dropped;

	witness->next = witness->ahead = witness->count = witness->talks = 0;
	witness_measure(witness);
	inventory_take(&witness->inventory);
	witness->inventory.unix_peers |= unix_peers;
	probes_open(&witness->probes, &witness->inventory, without);
	if (!witness->probes.events)
		return;
	if (witness->inventory.unix_peers) {
		const struct call_times after = time_calls();

		witness->slower = (struct call_times){
			.idle = more(before.idle, after.idle),
			.reading = more(before.reading, after.reading),
			.writing = more(before.writing, after.writing),
		};
	}
	witness->ring = ring_buffer__new(bpf_map__fd(witness->probes.events), take_in, witness, NULL);
	dropped = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, bpf_map__fd(witness->probes.dropped), 0);
	if (dropped != MAP_FAILED)
		witness->dropped = dropped;
}

void witness_look(struct witness *witness, const struct event *event, struct buffer *to, nanos at)
{
	bool full = event->kind == SYN_REPEATED || (event->kind == ATTEMPT_ENDED && event->path[0] && event->error == EAGAIN);

	if (!full || at - witness->looked < BETWEEN_LOOKS)
		return;
	witness->looked = at;
	inventory_queue(&witness->inventory, event, to, at);
}

int witness_fd(const struct witness *witness)
{
	return witness->ring ? ring_buffer__epoll_fd(witness->ring) : -1;
}

void witness_measure(struct witness *witness)
{
	int n;

	witness->error = NEVER;
	for (n = 0; n < COMPARISONS; n++) {
		nanos before = steady_clock();
		nanos wall = wall_clock();
		nanos after = steady_clock();
		nanos error = (after - before) / 2;

		if (error >= witness->error)
			continue;
		witness->error = error;
		witness->offset = (int64_t)(wall - before - error);
	}
}

nanos witness_read(struct witness *witness)
{
	nanos now = wall_clock();

	if (witness->next > 0 && (witness->next == witness->count || witness->count > MAX_WAITING / 2)) {
		witness->count -= witness->next;
		memmove(witness->waiting, witness->waiting + witness->next, witness->count * sizeof(witness->waiting[0]));
		witness->ahead = witness->ahead > witness->next ? witness->ahead - witness->next : 0;
		witness->next = 0;
	}
	if (witness->ring && !is_full(witness))
		ring_buffer__consume(witness->ring);
	return is_full(witness) ? witness->waiting[witness->count - 1].event.at + witness->offset : now;
}

static const struct event *event_at(const struct witness *witness, int place, nanos *at)
{
	if (place == witness->count)
		return NULL;
	*at = witness->waiting[place].event.at + witness->offset;
	return &witness->waiting[place].event;
}

const struct event *witness_peek(const struct witness *witness, nanos *at)
{
	return event_at(witness, witness->next, at);
}

const struct talk *witness_talk(const struct witness *witness)
{
	return witness->waiting[witness->next].talk;
}

void witness_take(struct witness *witness)
{
	struct waiting *taken = &witness->waiting[witness->next++];

	witness->talks -= taken->talk != NULL;
	free(taken->talk);
	witness->delivered++;
}

void witness_start_ahead(struct witness *witness)
{
	witness->ahead = witness->next;
}

const struct event *witness_peek_ahead(const struct witness *witness, nanos *at)
{
	return event_at(witness, witness->ahead, at);
}

bool witness_is_whole(const struct witness *witness, nanos since)
{
	return !is_full(witness) && since > witness->blind_until &&
	       (!witness->dropped || *witness->dropped == witness->told);
}

__u64 witness_lost(struct witness *witness, nanos *at)
{
	__u64 lost = witness->dropped ? *witness->dropped - witness->told : 0;

	if (lost == 0)
		return 0;
	witness->told += lost;
	*at = witness->blind_until = wall_clock();
	/* The ring was full from its newest event on. */
	if (witness->count > witness->next)
		*at = witness->waiting[witness->count - 1].event.at + witness->offset;
	return lost;
}
