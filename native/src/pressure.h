/* SPDX-License-Identifier: MIT */
/*
 * What is done when the reader is too slow, or the host has no processor time to spare for it: packets are looked at some
 * time before they are written, and those of exchanges that went well are left out. So failures are not lost for the sake
 * of successes, and whoever is watched is not slowed by them.
 */
#ifndef WHY502_PRESSURE_H
#define WHY502_PRESSURE_H

#include "capture.h"

/* Where the reader may be slow, and the kernel tells which exchanges failed; while files can be opened. */
void pressure_open(struct capture *capture);
/* The oldest packet or event that waits is of `at`. Returns until when it has to wait for what comes after it; 0: no longer. */
nanos pressure_hold(struct capture *capture, nanos at, nanos now);
/* True where the ring's next packet is left out. */
bool pressure_leaves_out(struct capture *capture, const struct ring *ring, const struct packet_block *packet);
/* Tells the reader how many were. */
void pressure_tell(struct capture *capture, nanos at);

#endif
