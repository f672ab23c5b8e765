/* SPDX-License-Identifier: MIT */
/* The rings of all interfaces, joined to one stream in the order of time. */
#ifndef WHY502_CAPTURE_H
#define WHY502_CAPTURE_H

#include <stdbool.h>

#include "exchanges.h"
#include "interfaces.h"
#include "options.h"
#include "output.h"
#include "ring.h"
#include "triage.h"
#include "witness.h"

/* Followed at once, at most, and sockets opened in advance for interfaces that appear later. */
#define MAX_RINGS 64
#define SPARES 16

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
	/*
	 * The reader is too slow: until when that is taken to be so, and how long after the last sign of it; up to when packets were looked at in advance, and when it
	 * was told last what was left out.
	 */
	nanos pressed_until;
	nanos calm;
	nanos seen;
	nanos told;
	/* Packets of exchanges that went well, under pressure. */
	uint64_t left_out;
	/* Of all sections: packets handed on, and dropped. */
	uint64_t delivered;
	uint64_t dropped;
};

/* Opens the sockets, loads the filter, follows the interfaces; ends the process where the machine refuses. */
void capture_open(struct capture *capture);
/* Follows what has become worth following, lets go of what is gone. */
void capture_interfaces(struct capture *capture);
/* A section header, and what is known of every interface. */
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
