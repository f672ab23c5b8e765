/* SPDX-License-Identifier: MIT */
/* The rings of all interfaces, joined to one stream in the order of time. */
#ifndef WHY502_CAPTURE_H
#define WHY502_CAPTURE_H

#include <stdbool.h>

#include "exchanges.h"
#include "idle.h"
#include "interfaces.h"
#include "options.h"
#include "output.h"
#include "ring.h"
#include "triage.h"
#include "witness.h"

/* Followed at once, at most, and sockets opened in advance for interfaces that appear later. */
#define MAX_RINGS 64
#define SPARES 16

/* Requests that went well are left out (pressure.h). */
struct pressure {
	/* Until when the reader is taken to be too slow, and the host to have no time to spare; how long after the last sign of it. */
	nanos late_until;
	nanos busy_until;
	nanos calm;
	/* Up to when packets were looked at in advance; when the reader was told last what was left out. */
	nanos seen;
	nanos told;
	/* Whether the host has time to spare: looked at since when, for how long, and how many packets had come until then. */
	struct idle idle;
	nanos looked;
	nanos window;
	uint64_t came_before;
	uint64_t came;
	/* Packets left out, for the reader's sake and for the host's. */
	uint64_t for_reader;
	uint64_t for_host;
};

struct capture {
	const struct options *options;
	struct interfaces interfaces;
	struct triage *triage;
	/* NULL: the kernel is not asked. */
	struct witness *witness;
	/* NULL: nothing is left out. */
	struct exchanges *exchanges;
	struct output output;
	struct ring rings[MAX_RINGS];
	int count;
	/* Octets of a ring, and of those that have one. */
	size_t ring;
	size_t mapped;
	/* Who the kernel says it is. */
	char machine[72];
	char system[208];
	/* Interfaces described in the section; since when it counts. */
	uint32_t described;
	nanos since;
	/* When the program was told to stop: later packets are left alone. */
	nanos stop_at;
	struct pressure pressure;
	/* Of all sections: packets handed on, and dropped. */
	uint64_t delivered;
	uint64_t dropped;
};

/* Lists the interfaces and loads the filter; ends the process where the machine refuses. */
void capture_prepare(struct capture *capture);
/* Opens the sockets and follows the interfaces: from here on packets come. Ends the process where the machine refuses. */
void capture_open(struct capture *capture);
/* Follows what has become worth following, lets go of what is gone. */
void capture_interfaces(struct capture *capture);
/* A section header, and what is known of every interface. */
void capture_head(struct capture *capture);
/* The same, then what the kernel can be asked, and who listens. */
void capture_section(struct capture *capture);
/* What every ring received and dropped since the section began; at the end with what waits and will not be read. */
void capture_statistics(struct capture *capture);
void capture_last_statistics(struct capture *capture);
/* The buffer is full, and there may be more. */
#define AT_ONCE 0
/*
 * Adds packets to the output's buffer, oldest first, while it has room. Returns AT_ONCE, NEVER where no more is held, or
 * until when (by the wall clock) a packet is held because an older one may come.
 */
nanos capture_packets(struct capture *capture, nanos now);
/* Names of what is followed, for a line of text. */
void capture_names(const struct capture *capture, char *text, int size);

#endif
