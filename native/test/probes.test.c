// SPDX-License-Identifier: MIT
/* What stands in for a probe that cannot be had, and whether it is missed. */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "probes.h"

#define COUNT 4

/* One, two that stand in for it, and another one, which ended so; returns what stands in for the first, or its loss. */
static const char *outcome(int first, int second, int third)
{
	struct probe all[COUNT] = {
		{ .name = "first", .when = FOR_UNIX, .error = first },
		{ .name = "second", .when = INSTEAD, .error = second },
		{ .name = "third", .when = INSTEAD, .error = third },
		{ .name = "other", .when = ALWAYS },
	};
	const struct probes probes = { .all = all, .count = COUNT };
	const struct probe *instead = probe_instead(&probes, 0);
	int n;

	for (n = 1; n < COUNT; n++)
		if (probe_instead(&probes, n) || probe_is_missed(&probes, n))
			return "more than the first";
	return instead ? instead->name : probe_is_missed(&probes, 0) ? "missed" : "had";
}

static bool is(const char *found, const char *expected)
{
	return strcmp(found, expected) == 0;
}

/* Of a probe that Linux 5.12 has first, where it did not attach. */
static const char *refusal(unsigned int kernel, int error)
{
	struct probe probe = { .name = "one", .since = KERNEL(5, 12), .error = error };
	const struct probes probes = { .all = &probe, .count = 1, .kernel = kernel };

	return probe_refusal(&probes, 0);
}

static bool watches_unix(enum when when, int error)
{
	struct probe probe = { .name = "one", .when = when, .error = error };
	const struct probes probes = { .all = &probe, .count = 1 };

	return probes_watch_unix(&probes);
}

int main(void)
{
	expect("a kernel that is too old for it", is(refusal(KERNEL(5, 10), EINVAL), "Linux 5.12 has what it needs"), true);
	expect("a young one, which says why", is(refusal(KERNEL(6, 1), EPERM), strerror(EPERM)), true);
	expect("left out on purpose", is(refusal(KERNEL(5, 10), ECANCELED), strerror(ECANCELED)), true);
	expect("unix sockets are watched", watches_unix(FOR_UNIX_CALLS, 0), true);
	expect("not where the probe cannot be had", watches_unix(FOR_UNIX, EINVAL), false);
	expect("nor by any other", watches_unix(ALWAYS, 0), false);
	expect("attached", is(outcome(0, NOT_ASKED, NOT_ASKED), "had"), true);
	expect("not asked for", is(outcome(NOT_ASKED, NOT_ASKED, NOT_ASKED), "had"), true);
	expect("the next one stands in for it", is(outcome(ESRCH, 0, NOT_ASKED), "second"), true);
	expect("or the one behind that", is(outcome(ESRCH, ESRCH, 0), "third"), true);
	expect("one of another kind never does", is(outcome(ESRCH, ESRCH, EINVAL), "missed"), true);
	return report("probes");
}
