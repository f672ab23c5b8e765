// SPDX-License-Identifier: MIT
/* Processor time as /proc/stat tells it, from made-up text. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "idle.h"

static const char TEXT[] = "cpu  30 3 60 900 90 6 6 9 0 0\n"
			   "cpu0 10 1 20 300 30 2 2 3 7 1\n"
			   "cpu2 20 2 40 600 60 4 4 6 0 0\n"
			   "intr 5 0 0\n"
			   "cpu3 9 9 9 9 9 9 9 9 9 9\n";

static cpu_set_t set(int first, int second)
{
	cpu_set_t made;

	CPU_ZERO(&made);
	CPU_SET(first, &made);
	CPU_SET(second, &made);
	return made;
}

static void expect_time(const char *what, const char *text, cpu_set_t ours, uint64_t idle, uint64_t all)
{
	struct processor_time time = processor_time_in(text, &ours);

	expect(what, time.idle, idle);
	expect(what, time.all, all);
}

static void expect_share(const char *what, const char *before, const char *now, unsigned int share)
{
	char path[] = "/tmp/why502-idle.XXXXXX";
	struct idle idle = { .fd = mkstemp(path), .ours = set(0, 2) };

	unlink(path);
	expect(what, write(idle.fd, before, strlen(before)), strlen(before));
	idle_share(&idle);
	expect(what, ftruncate(idle.fd, 0), 0);
	expect(what, pwrite(idle.fd, now, strlen(now), 0), strlen(now));
	expect(what, idle_share(&idle), share);
	close(idle.fd);
}

int main(void)
{
	struct idle none = { .fd = -1 };
	struct idle real;

	expect_time("the sum of both; guests are counted once", TEXT, set(0, 2), 990, 1104);
	expect_time("of one that is ours; another is not there", TEXT, set(2, 5), 660, 736);
	expect_time("what follows the processors is not read", TEXT, set(3, 4), 0, 0);
	expect_time("a line that is cut is not read", "cpu0 1 1 1 1 1 1 1 1 1 1\ncpu2 1 1", set(0, 2), 2, 8);
	expect_time("nothing", "", set(0, 2), 0, 0);
	expect_time("something else", "nonsense\ncpu0 1 1 1 1 1 1 1 1\n", set(0, 2), 0, 0);

	expect_share("a quarter idle, waiting included", "cpu0 10 0 0 100 10 0 0 0\n", "cpu0 60 10 10 120 15 0 0 5\n", 25);
	expect_share("low priority is not idle", "cpu0 0 0 0 100 0 0 0 0\n", "cpu0 0 100 0 100 0 0 0 0\n", 0);
	expect_share("what was taken back is none", "cpu0 0 0 0 100 50 0 0 0\n", "cpu0 90 0 0 100 40 0 0 0\n", 0);
	expect_share("no time has passed", "cpu0 1 0 0 1 0 0 0 0\n", "cpu0 1 0 0 1 0 0 0 0\n", IDLE_UNKNOWN);
	expect_share("it says nothing", "cpu0 1 0 0 1 0 0 0 0\n", "", IDLE_UNKNOWN);
	expect("there is no such file", idle_share(&none), IDLE_UNKNOWN);
	idle_open(&real);
	expect("the machine's own file is understood", real.before.all > 0 && real.before.idle <= real.before.all, 1);
	return report("idle");
}
