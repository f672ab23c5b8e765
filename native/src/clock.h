/* SPDX-License-Identifier: MIT */
/* Two clocks: the wall's, which packets carry, and one that never jumps, for everything that is waited for. */
#ifndef WHY502_CLOCK_H
#define WHY502_CLOCK_H

#include <stdint.h>

typedef uint64_t nanos;

#define MILLISECOND 1000000ull
#define SECOND 1000000000ull
#define NEVER UINT64_MAX

/* Since 1970. */
nanos wall_clock(void);
/* Since some moment. */
nanos steady_clock(void);
/* Processor time that this process has taken. */
nanos processor_clock(void);
/* Whole milliseconds from now to `until`, rounded up, for poll(2): -1 for NEVER. */
int milliseconds_until(nanos until, nanos now);

#endif
