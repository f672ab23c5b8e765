// SPDX-License-Identifier: MIT
/* The share of processor time, at made-up times. */
#include "budget.h"
#include "check.h"

#define START (1000 * SECOND)

int main(void)
{
	struct budget none = { 0 };
	struct budget tenth = { .percent = 10 };
	nanos now;
	nanos used = 0;

	expect("no limit", budget_rest(&none, START, 0), 0);
	expect("no limit, whatever is used", budget_rest(&none, START + 1, 50 * SECOND), 0);

	expect("what was used before does not count", budget_rest(&tenth, START, 5 * SECOND), 0);
	expect("a second's share may be used at once",
	       budget_rest(&tenth, START + 100 * MILLISECOND, 5 * SECOND + 100 * MILLISECOND), 0);
	expect("more than that is rested off",
	       budget_rest(&tenth, START + 300 * MILLISECOND, 5 * SECOND + 300 * MILLISECOND), START + 3 * SECOND);
	expect("and then it is over", budget_rest(&tenth, START + 3 * SECOND, 5 * SECOND + 300 * MILLISECOND), 0);
	expect("an idle time", budget_rest(&tenth, START + 7200 * SECOND, 5 * SECOND + 300 * MILLISECOND), 0);
	expect("is not saved up", budget_rest(&tenth, START + 7201 * SECOND, 6 * SECOND + 300 * MILLISECOND),
	       START + 7210 * SECOND);

	tenth = (struct budget){ .percent = 10 };
	for (now = START; now < START + 100 * SECOND; now += 20 * MILLISECOND)
		if (budget_rest(&tenth, now, used) <= now)
			used += 20 * MILLISECOND;
	expect("whoever always wants more gets a tenth of 100 s", used > 9500 * MILLISECOND && used <= 10200 * MILLISECOND, 1);
	return report("budget");
}
