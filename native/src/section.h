/* SPDX-License-Identifier: MIT */
/* What a section of the stream says besides packets: who wrote it, of which interfaces, how much was lost. */
#ifndef WHY502_SECTION_H
#define WHY502_SECTION_H

#include "capture.h"

/* Asks the kernel who it is, while that is allowed. */
void name_machine(struct capture *capture);
/* Adds the interface's description; from here on its packets may follow. */
void describe(struct capture *capture, struct ring *ring);
/* Adds its counters as they are now. */
void count_ring(struct capture *capture, struct ring *ring);

#endif
