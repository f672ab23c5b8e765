/* SPDX-License-Identifier: MIT */
/*
 * What the witness says, as entries of a systemd journal between the packets: MESSAGE for people and for Wireshark, and
 * the same in named fields (README.md lists them) for programs.
 */
#ifndef WHY502_JOURNAL_H
#define WHY502_JOURNAL_H

#include "pcapng.h"
#include "witness.h"

/* `talk`: what was said on the unix socket that it is about; NULL where it is about none. */
void write_event(struct buffer *to, const struct event *event, const struct talk *talk, nanos at);
/* Which probes are attached and which not, and by how much the clocks may differ: at the beginning of every section. */
void write_witness(struct buffer *to, const struct witness *witness, nanos at);
/* The clocks of events and packets could not be compared any better. */
void write_clock(struct buffer *to, nanos error, nanos at);
void write_lost_events(struct buffer *to, __u64 count, nanos at);

#endif
