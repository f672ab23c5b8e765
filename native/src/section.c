// SPDX-License-Identifier: MIT
#include "section.h"

#include <stdio.h>
#include <sys/utsname.h>

#include "journal.h"
#include "pressure.h"
#include "say.h"

static const char TRIAGED[] =
	"Triaged in the kernel: octets of bodies were left out on purpose (captured length below the length on the wire).";

void name_machine(struct capture *capture)
{
	struct utsname name;

	if (uname(&name) < 0)
		return;
	snprintf(capture->machine, sizeof(capture->machine), "%.64s", name.machine);
	snprintf(capture->system, sizeof(capture->system), "%.64s %.64s %.64s", name.sysname, name.release, name.version);
}

/* In words, for people who read the file with something else. */
static void filter_text(const struct capture *capture, char *text, size_t size)
{
	const struct triage_settings *s = &capture->options->settings;

	if (s->triage)
		snprintf(text, size,
			 "why502 triage: heads up to %u octets, %u octets of a body, headers of all other segments%s", s->head,
			 s->body, s->ports || s->hosts ? "; TCP of some ports or hosts only" : "");
	else
		snprintf(text, size, "%s", s->ports || s->hosts ? "TCP of some ports or hosts only" : "");
}

void describe(struct capture *capture, struct ring *ring)
{
	char filter[256];

	filter_text(capture, filter, sizeof(filter));
	ring->number = capture->described++;
	write_interface(&capture->output.buffer, &(struct interface_block){
							 .link_type = LINKTYPE_ETHERNET,
							 .snap = capture->options->settings.snap,
							 .name = ring->name,
							 .filter = filter,
						 });
}

static void write_counters(struct capture *capture, const struct ring *ring, nanos at)
{
	write_statistics(&capture->output.buffer, &(struct statistics_block){
							  .interface = ring->number,
							  .at = at,
							  .since = capture->since,
							  .received = ring->received,
							  .dropped = ring->dropped,
							  .delivered = ring->delivered,
						  });
}

void count_ring(struct capture *capture, struct ring *ring, nanos at)
{
	ring_count(ring);
	ring->losing = false;
	write_counters(capture, ring, at);
}

void tell_lost_events(struct capture *capture)
{
	nanos at;
	__u64 lost = witness_lost(capture->witness, &at);

	if (lost)
		write_lost_events(&capture->output.buffer, lost, at);
}

/* As long as packets wait, what was dropped lies behind some of them: it is counted where it shows. */
static void count_all(struct capture *capture, nanos at, bool waiting_too)
{
	struct packet_block packet;
	int n;

	for (n = 0; n < capture->count; n++) {
		struct ring *ring = &capture->rings[n];

		if (!ring->interface)
			continue;
		if (waiting_too || !ring_peek(ring, &packet))
			count_ring(capture, ring, at);
		else
			write_counters(capture, ring, at);
	}
}

static void add_statistics(struct capture *capture, bool waiting_too)
{
	nanos now = wall_clock();

	count_all(capture, now, waiting_too);
	pressure_tell(capture, now);
	if (!capture->witness)
		return;
	tell_lost_events(capture);
	witness_measure(capture->witness);
	if (capture->witness->error > CLOCK_ERROR_BORNE)
		write_clock(&capture->output.buffer, capture->witness->error, now);
}

void capture_statistics(struct capture *capture)
{
	add_statistics(capture, false);
}

void capture_last_statistics(struct capture *capture)
{
	add_statistics(capture, true);
}

void capture_head(struct capture *capture)
{
	int n;

	capture->since = wall_clock();
	capture->described = 0;
	write_section(&capture->output.buffer, &(struct section_block){
						       .hardware = capture->machine,
						       .system = capture->system,
						       .application = PROGRAM " " VERSION,
						       .comment = capture->triage && capture->options->settings.triage ? TRIAGED : NULL,
					       });
	for (n = 0; n < capture->count; n++) {
		struct ring *ring = &capture->rings[n];

		ring->received = ring->dropped = ring->delivered = 0;
		if (ring->interface)
			describe(capture, ring);
	}
}

void capture_section(struct capture *capture)
{
	capture_head(capture);
	if (!capture->witness)
		return;
	write_witness(&capture->output.buffer, capture->witness, capture->since);
	inventory_write(&capture->witness->inventory, &capture->output.buffer, capture->since);
}
