// SPDX-License-Identifier: MIT
#include "pressure.h"

#include "entry.h"

/* The reader is too slow where a packet waits longer than this; and so it is taken to be until it was not for some time. */
#define TOO_LONG (100 * MILLISECOND)
#define CALM (5 * SECOND)
/* Whoever is too slow again right afterwards needs twice as long, up to this: each try costs what it cannot afford. */
#define LONGEST_CALM (80 * SECOND)
/* Most exchanges are over so long after they began. A verdict comes later by as much. */
#define FORESIGHT (100 * MILLISECOND)
/* A packet that was captured so long ago is in a block that was handed over. */
#define HANDED_OVER (3 * BLOCK_TIMEOUT_MS * MILLISECOND)
/* The counts are told so often: before the verdicts that they concern. */
#define TELL_AFTER (100 * MILLISECOND)

static void begin(struct capture *capture)
{
	int n;

	exchanges_forget(capture->exchanges);
	for (n = 0; n < capture->count; n++)
		ring_start_ahead(&capture->rings[n]);
	witness_start_ahead(capture->witness);
	capture->seen = 0;
}

static void press(struct capture *capture, nanos now)
{
	bool again = capture->calm > 0 && now < capture->pressed_until + CALM;

	capture->calm = !again ? CALM : capture->calm < LONGEST_CALM ? 2 * capture->calm : LONGEST_CALM;
	begin(capture);
}

static struct ring *oldest_ahead(struct capture *capture, struct packet_block *oldest)
{
	struct ring *from = NULL;
	int n;

	oldest->at = NEVER;
	for (n = 0; n < capture->count; n++) {
		struct ring *ring = &capture->rings[n];
		struct packet_block packet;

		if (!ring->interface || !ring_peek_ahead(ring, &packet) || packet.at >= oldest->at)
			continue;
		*oldest = packet;
		from = ring;
	}
	return from;
}

static void blame_until(struct capture *capture, nanos until)
{
	const struct event *event;
	nanos at;

	while ((event = witness_peek_ahead(capture->witness, &at)) && at <= until) {
		exchanges_blame(capture->exchanges, event);
		capture->witness->ahead++;
	}
}

/* Packets and events in the order of time: an event is about the exchange that is under way. */
static void look_ahead(struct capture *capture, nanos now)
{
	struct packet_block packet;
	struct ring *ring;

	while ((ring = oldest_ahead(capture, &packet))) {
		blame_until(capture, packet.at);
		capture->seen = packet.at;
		ring_mark_ahead(ring, exchanges_look(capture->exchanges, &packet));
	}
	if (capture->seen + HANDED_OVER < now)
		capture->seen = now - HANDED_OVER;
	blame_until(capture, capture->seen);
}

nanos pressure_hold(struct capture *capture, nanos at, nanos now)
{
	bool pressed = now < capture->pressed_until;

	if (!capture->exchanges)
		return 0;
	if (at + TOO_LONG + (pressed ? FORESIGHT + HANDED_OVER : 0) < now) {
		if (!pressed)
			press(capture, now);
		capture->pressed_until = now + capture->calm;
		pressed = true;
	}
	capture->output.pressed = pressed;
	/* A packet of the future is not waited for: the clock was set back. */
	if (!pressed || at + FORESIGHT <= capture->seen || at > now + HANDED_OVER)
		return 0;
	look_ahead(capture, now);
	return at + FORESIGHT <= capture->seen ? 0 : now + BLOCK_TIMEOUT_MS * MILLISECOND;
}

/* From here on exchanges of the connection are left out. */
static void tell_connection(struct buffer *to, const struct segment *segment, nanos at)
{
	char from[ENDS_OCTETS], server[ENDS_OCTETS];
	struct entry entry;

	begin_entry(&entry, at, INFO, "withheld");
	end_text(segment->from.address, segment->from.port, from);
	end_text(segment->to.address, segment->to.port, server);
	add(&entry, "MESSAGE=under pressure, requests that went well are left out of the connection %s - %s\n", from, server);
	add(&entry, "WHY502_LOCAL=%s\nWHY502_REMOTE=%s\n", from, server);
	write_entry(to, &entry);
}

static void tell_server(struct buffer *to, const struct served *served, nanos at)
{
	char server[ENDS_OCTETS];
	struct entry entry;

	begin_entry(&entry, at, INFO, "withheld");
	end_text(served->server.address, served->server.port, server);
	add(&entry, "MESSAGE=under pressure, %llu requests of %s that went well were left out\n",
	    (unsigned long long)served->left_out, server);
	add(&entry, "WHY502_SERVER=%s\n", server);
	field(&entry, "REQUESTS", served->left_out);
	write_entry(to, &entry);
}

bool pressure_leaves_out(struct capture *capture, const struct ring *ring, const struct packet_block *packet)
{
	uint32_t number = capture->exchanges ? ring_mark(ring) : 0;
	struct segment segment;

	if (number == 0)
		return false;
	switch (exchanges_judge(capture->exchanges, number, witness_is_whole(capture->witness, packet->at))) {
	case WRITE:
		return false;
	case LEAVE_OUT_OF_KNOWN:
		if (segment_of(packet, &segment))
			tell_connection(&capture->output.buffer, &segment, packet->at);
		break;
	case LEAVE_OUT:
		break;
	}
	capture->left_out++;
	if (packet->at > capture->told + TELL_AFTER)
		pressure_tell(capture, packet->at);
	return true;
}

void pressure_tell(struct capture *capture, nanos at)
{
	int n;

	if (!capture->exchanges)
		return;
	capture->told = at;
	for (n = 0; n < SERVERS; n++) {
		struct served *served = exchanges_served(capture->exchanges, n);

		if (served->left_out)
			tell_server(&capture->output.buffer, served, at);
		served->left_out = 0;
	}
}
