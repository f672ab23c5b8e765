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
/* Whether the host has time to spare is looked at over so long; at first sooner, before a cold reader has taken in much. */
#define HOST_WINDOW (500 * MILLISECOND)
#define FIRST_WINDOW (100 * MILLISECOND)
/* In percent: with less, whoever is watched has to wait for a processor. */
#define TIME_TO_SPARE 5
/* Packets a second. The reader needs some 4 us for each: below this no more than 2 % of a processor, for all of them. */
#define WORTH_LEAVING_OUT 5000
/* The counts are told so often: before the verdicts that they concern. */
#define TELL_AFTER (100 * MILLISECOND)

void pressure_open(struct capture *capture)
{
	const struct options *options = capture->options;

	if (!capture->triage || !options->settings.triage || !capture->witness || capture->witness->probes.attached == 0)
		return;
	if (capture->output.kind == OUTPUT_FILE)
		return;
	capture->exchanges = exchanges_new();
	capture->pressure.idle.fd = -1;
	if (options->yields)
		idle_open(&capture->pressure.idle);
}

static bool is_late(const struct capture *capture, nanos now)
{
	return now < capture->pressure.late_until;
}

static bool is_pressed(const struct capture *capture, nanos now)
{
	return is_late(capture, now) || now < capture->pressure.busy_until;
}

static void press(struct capture *capture, nanos *until, nanos now)
{
	struct pressure *pressure = &capture->pressure;
	nanos last = pressure->late_until > pressure->busy_until ? pressure->late_until : pressure->busy_until;
	int n;

	if (!is_pressed(capture, now)) {
		bool again = pressure->calm > 0 && now < last + CALM;

		pressure->calm = !again ? CALM : pressure->calm < LONGEST_CALM ? 2 * pressure->calm : LONGEST_CALM;
		pressure->seen = 0;
		exchanges_forget(capture->exchanges);
		for (n = 0; n < capture->count; n++)
			ring_start_ahead(&capture->rings[n]);
		witness_start_ahead(capture->witness);
	}
	*until = now + pressure->calm;
}

/* What the reader does with requests that went well, somebody else has to wait for. */
static void look_at_host(struct capture *capture, nanos now)
{
	struct pressure *pressure = &capture->pressure;
	nanos passed = now - pressure->looked;
	uint64_t came = pressure->came - pressure->came_before;
	unsigned int share;
	/* Nothing came for long, or the clock was set: that says nothing of now. */
	bool anew = passed > 2 * HOST_WINDOW;

	if (pressure->idle.fd < 0 || passed < pressure->window)
		return;
	share = idle_share(&pressure->idle);
	pressure->window = anew ? FIRST_WINDOW : HOST_WINDOW;
	pressure->looked = now;
	pressure->came_before = pressure->came;
	if (anew)
		return;
	if (came * SECOND < WORTH_LEAVING_OUT * passed)
		pressure->busy_until = pressure->busy_until < now ? pressure->busy_until : now;
	else if (share < TIME_TO_SPARE)
		press(capture, &pressure->busy_until, now);
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
		capture->pressure.seen = packet.at;
		ring_mark_ahead(ring, exchanges_look(capture->exchanges, &packet));
	}
	if (capture->pressure.seen + HANDED_OVER < now)
		capture->pressure.seen = now - HANDED_OVER;
	blame_until(capture, capture->pressure.seen);
}

nanos pressure_hold(struct capture *capture, nanos at, nanos now)
{
	struct pressure *pressure = &capture->pressure;

	if (!capture->exchanges)
		return 0;
	look_at_host(capture, now);
	/* A packet that came after the reader was waited for last is late because we are: that is for the host's sake, or nobody's. */
	if (at + TOO_LONG + (is_pressed(capture, now) ? FORESIGHT + HANDED_OVER : 0) < now && capture->output.waited >= at)
		press(capture, &pressure->late_until, now);
	capture->output.pressed = is_pressed(capture, now);
	/* A packet of the future is not waited for: the clock was set back. */
	if (!capture->output.pressed || at + FORESIGHT <= pressure->seen || at > now + HANDED_OVER)
		return 0;
	look_ahead(capture, now);
	return at + FORESIGHT <= pressure->seen ? 0 : now + BLOCK_TIMEOUT_MS * MILLISECOND;
}

static const char *why(bool late)
{
	return late ? "the reader is too slow" : "the host has no processor time to spare";
}

/* From here on exchanges of the connection are left out. */
static void tell_connection(struct buffer *to, const struct segment *segment, bool late, nanos at)
{
	char from[ENDS_OCTETS], server[ENDS_OCTETS];
	struct entry entry;

	begin_entry(&entry, at, INFO, "withheld");
	end_text(segment->from.address, segment->from.port, from);
	end_text(segment->to.address, segment->to.port, server);
	add(&entry, "MESSAGE=%s: requests that went well are left out of the connection %s - %s\n", why(late), from, server);
	add(&entry, "WHY502_LOCAL=%s\nWHY502_REMOTE=%s\n", from, server);
	write_entry(to, &entry);
}

static void tell_server(struct buffer *to, const struct served *served, bool late, nanos at)
{
	char server[ENDS_OCTETS];
	struct entry entry;

	begin_entry(&entry, at, INFO, "withheld");
	end_text(served->server.address, served->server.port, server);
	add(&entry, "MESSAGE=%s: %llu requests of %s that went well were left out\n", why(late),
	    (unsigned long long)served->left_out, server);
	add(&entry, "WHY502_SERVER=%s\nWHY502_REASON=%s\n", server, late ? "slow-reader" : "busy-host");
	field(&entry, "REQUESTS", served->left_out);
	write_entry(to, &entry);
}

bool pressure_leaves_out(struct capture *capture, const struct ring *ring, const struct packet_block *packet)
{
	struct pressure *pressure = &capture->pressure;
	uint32_t number = capture->exchanges ? ring_mark(ring) : 0;
	bool late = is_late(capture, packet->at);
	struct segment segment;

	if (number == 0)
		return false;
	switch (exchanges_judge(capture->exchanges, number, witness_is_whole(capture->witness, packet->at))) {
	case WRITE:
		return false;
	case LEAVE_OUT_OF_KNOWN:
		if (segment_of(packet, &segment))
			tell_connection(&capture->output.buffer, &segment, late, packet->at);
		break;
	case LEAVE_OUT:
		break;
	}
	++*(late ? &pressure->for_reader : &pressure->for_host);
	if (packet->at > pressure->told + TELL_AFTER)
		pressure_tell(capture, packet->at);
	return true;
}

void pressure_tell(struct capture *capture, nanos at)
{
	int n;

	if (!capture->exchanges)
		return;
	capture->pressure.told = at;
	for (n = 0; n < SERVERS; n++) {
		struct served *served = exchanges_served(capture->exchanges, n);

		if (served->left_out)
			tell_server(&capture->output.buffer, served, is_late(capture, at), at);
		served->left_out = 0;
	}
}
