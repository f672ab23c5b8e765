// SPDX-License-Identifier: MIT
#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal.h"
#include "pressure.h"
#include "privileges.h"
#include "say.h"
#include "section.h"

/*
 * How long a packet waits for older ones of other interfaces. Their rings hand over what they hold after the block
 * timeout and a tick or two of the kernel's clock.
 */
#define HOLD (3 * BLOCK_TIMEOUT_MS * MILLISECOND)

static bool follow(struct capture *capture, struct ring *ring, const struct interface *interface)
{
	const struct options *options = capture->options;
	int filter = capture->triage ? triage_program(capture->triage, interface->frames == BARE_IP) : -1;
	const char *step;
	bool fresh = !ring->map;
	int error;

	if (fresh && options->memory > 0 && capture->mapped + capture->ring > options->memory) {
		say("%s is not captured: the memory that is allowed is in use", interface->name);
		return false;
	}
	error = ring_follow(ring, interface, capture->ring, filter, &step);
	if (fresh && ring->map)
		capture->mapped += capture->ring;
	if (error) {
		say("%s cannot be captured: %s: %s", interface->name, step, strerror(error));
		return false;
	}
	return true;
}

static struct ring *spare(struct capture *capture)
{
	int n;

	for (n = 0; n < capture->count; n++)
		if (capture->rings[n].interface == 0)
			return &capture->rings[n];
	return NULL;
}

static struct ring *following(struct capture *capture, int index)
{
	int n;

	for (n = 0; n < capture->count; n++)
		if (capture->rings[n].interface == index)
			return &capture->rings[n];
	return NULL;
}

/* With a limit: as much for each that is followed from the beginning, and for one that may appear. */
static void share_memory(struct capture *capture)
{
	const struct options *options = capture->options;
	int wanted = options->interfaces;
	int n;

	capture->ring = options->ring;
	if (options->memory == 0)
		return;
	for (n = 0; n < capture->interfaces.count && options->interfaces == 0; n++)
		wanted += interface_wanted(&capture->interfaces.all[n]);
	if (options->memory / (wanted + 1) < capture->ring)
		capture->ring = options->memory / (wanted + 1);
}

static void open_socket(struct capture *capture)
{
	int error = ring_open(&capture->rings[capture->count]);

	if (error)
		give_up(EXIT_REFUSED, "a packet socket cannot be opened: %s", strerror(error));
	capture->count++;
}

static void follow_named(struct capture *capture)
{
	const struct options *options = capture->options;
	int n;

	for (n = 0; n < options->interfaces; n++) {
		const struct interface *interface = interface_named(&capture->interfaces, options->interface[n]);

		if (!interface)
			give_up(EXIT_USAGE, "-i %.40s: there is no interface of that name", options->interface[n]);
		if (interface->frames == UNREADABLE)
			give_up(EXIT_REFUSED, "-i %.40s: frames of its kind cannot be read", options->interface[n]);
		if (following(capture, interface->index))
			continue;
		open_socket(capture);
		if (!follow(capture, &capture->rings[capture->count - 1], interface))
			exit(EXIT_REFUSED);
	}
}

static void follow_wanted(struct capture *capture)
{
	int n;

	for (n = 0; n < capture->interfaces.count && capture->count < MAX_RINGS - SPARES; n++) {
		const struct interface *interface = &capture->interfaces.all[n];

		if (!interface_wanted(interface))
			continue;
		open_socket(capture);
		follow(capture, &capture->rings[capture->count - 1], interface);
	}
	for (n = 0; n < SPARES; n++)
		open_socket(capture);
}

void capture_prepare(struct capture *capture)
{
	const struct triage_settings *settings = &capture->options->settings;
	int error = interfaces_open(&capture->interfaces);

	if (error)
		give_up(EXIT_REFUSED, "the interfaces cannot be listed: %s", strerror(error));
	name_machine(capture);
	need_capabilities(triage_needed(settings));
	if (triage_needed(settings)) {
		capture->triage = triage_load(settings, &error);
		/* Without it all packets are whole, which is more to read; but whose they are must be looked at here. */
		if (!capture->triage && (settings->ports > 0 || settings->hosts > 0))
			give_up(EXIT_REFUSED, "the kernel refuses the filter that --port and --host need: %s", strerror(error));
		if (!capture->triage)
			say("the kernel refuses the triage filter: %s. Packets are captured whole", strerror(error));
	}
}

void capture_open(struct capture *capture)
{
	share_memory(capture);
	if (capture->options->interfaces > 0)
		follow_named(capture);
	else
		follow_wanted(capture);
}

void capture_interfaces(struct capture *capture)
{
	int n;

	interfaces_read(&capture->interfaces);
	for (n = 0; n < capture->count; n++) {
		struct ring *ring = &capture->rings[n];

		if (ring->interface && !interface_numbered(&capture->interfaces, ring->interface))
			ring->gone = true;
	}
	if (capture->options->interfaces > 0)
		return;
	for (n = 0; n < capture->interfaces.count; n++) {
		const struct interface *interface = &capture->interfaces.all[n];
		struct ring *ring = spare(capture);

		if (!interface_wanted(interface) || following(capture, interface->index))
			continue;
		if (!ring) {
			say("%s is not captured: no more than %d interfaces are followed", interface->name, capture->count);
			continue;
		}
		if (!follow(capture, ring, interface))
			continue;
		say("capturing on %s too", interface->name);
		describe(capture, ring);
	}
}

/* What a ring without an interface still holds is read first. */
static void let_go(struct capture *capture, struct ring *ring)
{
	say("%s is gone", ring->name);
	count_ring(capture, ring, wall_clock());
	ring->interface = 0;
}

/* Writes the event, or where there is none the packet, unless it came after the order to stop. */
static void hand_on(struct capture *capture, const struct packet_block *packet, struct ring *from, const struct event *event, nanos at)
{
	nanos when = event ? at : packet->at;

	/* Before the packet: whoever reads it must know what is missing in front of it. */
	if (!event && from->losing)
		count_ring(capture, from, packet->at);
	if (when <= capture->stop_at) {
		if (event) {
			write_event(&capture->output.buffer, event, witness_talk(capture->witness), at);
			witness_look(capture->witness, event, &capture->output.buffer, at);
		} else if (!pressure_leaves_out(capture, from, packet)) {
			write_packet(&capture->output.buffer, packet);
			from->delivered++;
		}
	}
	if (event) {
		witness_take(capture->witness);
	} else {
		ring_take(from);
		capture->pressure.came++;
	}
}

nanos capture_packets(struct capture *capture, nanos now)
{
	/* Events are in their ring at once: all that are older than this have been read. */
	nanos known = NEVER;

	if (capture->witness) {
		known = witness_read(capture->witness);
		if (output_room(&capture->output))
			tell_lost_events(capture);
	}
	for (;;) {
		struct packet_block packet, oldest = { .at = NEVER };
		const struct event *event = NULL;
		struct ring *from = NULL;
		nanos event_at = NEVER;
		nanos at, until;
		bool silent = false;
		int n;

		for (n = 0; n < capture->count; n++) {
			struct ring *ring = &capture->rings[n];

			if (!ring->interface)
				continue;
			if (!ring_peek(ring, &packet)) {
				if (ring->gone)
					let_go(capture, ring);
				else
					silent = true;
			} else if (packet.at < oldest.at) {
				oldest = packet;
				from = ring;
			}
		}
		if (capture->witness)
			event = witness_peek(capture->witness, &event_at);
		/* A packet that came in the meantime: events came before it, too. */
		if (from && oldest.at > known && event_at > oldest.at) {
			known = witness_read(capture->witness);
			event = witness_peek(capture->witness, &event_at);
		}
		if (event_at > oldest.at)
			event = NULL;
		at = event ? event_at : oldest.at;
		if (!from && !event)
			return NEVER;
		/*
		 * A silent ring may hold an older one that it has not handed over. A packet of the future is not waited
		 * for: the clock was set back.
		 */
		if (silent && at + HOLD > now && at <= now + HOLD)
			return at + HOLD;
		until = pressure_hold(capture, at, now);
		if (until)
			return until;
		if (!output_room(&capture->output))
			return AT_ONCE;
		hand_on(capture, &oldest, from, event, at);
	}
}

void capture_names(const struct capture *capture, char *text, int size)
{
	int used = 0;
	int n;

	text[0] = '\0';
	for (n = 0; n < capture->count && used < size; n++)
		if (capture->rings[n].interface)
			used += snprintf(text + used, size - used, "%s%s", used ? ", " : "", capture->rings[n].name);
}
