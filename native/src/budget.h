/* SPDX-License-Identifier: MIT */
/* A share of one processor's time that may not be exceeded: whoever has used it up rests until it has grown again. */
#ifndef WHY502_BUDGET_H
#define WHY502_BUDGET_H

#include "clock.h"

struct budget {
	/* Of one processor; 0: no limit. */
	unsigned int percent;
	/* Since when it is counted, and what had been used by then. */
	nanos since;
	nanos used_before;
};

/* Until when to rest, by the clock that `now` is of, or 0. `used` is the processor time taken so far. */
nanos budget_rest(struct budget *budget, nanos now, nanos used);

#endif
