// SPDX-License-Identifier: MIT
#include "budget.h"

/* What was not used is forgotten after this long: an idle night allows no busy morning. */
#define PERIOD SECOND

nanos budget_rest(struct budget *budget, nanos now, nanos used)
{
	nanos needed;

	if (budget->percent == 0)
		return 0;
	if (budget->since == 0) {
		budget->since = now;
		budget->used_before = used;
	}
	/* The time in which the share amounts to what was used. */
	needed = (used - budget->used_before) * 100 / budget->percent;
	if (needed > PERIOD && budget->since + needed > now)
		return budget->since + needed;
	if (now - budget->since >= PERIOD) {
		budget->since = now;
		budget->used_before = used;
	}
	return 0;
}
