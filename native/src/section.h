/* SPDX-License-Identifier: MIT */
/* What a section of the stream says besides packets: who wrote it, of which interfaces, how much was lost. */
#ifndef WHY502_SECTION_H
#define WHY502_SECTION_H

#include "capture.h"

/* Asks the kernel who it is, while that is allowed. */
void name_machine(struct capture *capture);
/* Adds the interface's description; from here on its packets may follow. */
void describe(struct capture *capture, struct ring *ring);
/* Adds its counters as they are now; what was dropped since the last time was dropped before `at`. */
void count_ring(struct capture *capture, struct ring *ring, nanos at);
/* Adds how many events were lost since this was told last. */
void tell_lost_events(struct capture *capture);

#endif
