/* SPDX-License-Identifier: MIT */
/* The one loop: packets, statistics, files in turn, signals, and an end with nothing lost of what is held. */
#ifndef WHY502_LIFE_H
#define WHY502_LIFE_H

#include "capture.h"

/* Holds back the signals that end a capture, until they are read: called before anything is opened. */
int open_signals(void);
/* Runs until it is told to stop, the reader is gone or the time is over. */
void live(struct capture *capture, int signals);

#endif
