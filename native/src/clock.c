// SPDX-License-Identifier: MIT
#include "clock.h"

#include <limits.h>
#include <time.h>

static nanos read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

nanos wall_clock(void)
{
	return read_clock(CLOCK_REALTIME);
}

nanos steady_clock(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

nanos processor_clock(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

int milliseconds_until(nanos until, nanos now)
{
	nanos left;

	if (until == NEVER)
		return -1;
	if (until <= now)
		return 0;
	left = (until - now + MILLISECOND - 1) / MILLISECOND;
	return left > INT_MAX ? INT_MAX : (int)left;
}
