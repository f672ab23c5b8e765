// SPDX-License-Identifier: MIT
#include "idle.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The lines of a thousand processors. */
#define LINES (128 * 1024)
/* user, nice, system, idle, iowait, irq, softirq, steal; what guests took is in the first two. */
enum { IDLE = 3, IOWAIT = 4, TIMES = 8 };

void idle_open(struct idle *idle)
{
	idle->fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);
	/* A kernel for more processors than the set has room for: all of those that it has. */
	if (sched_getaffinity(0, sizeof(idle->ours), &idle->ours) < 0)
		memset(&idle->ours, 0xff, sizeof(idle->ours));
	idle_share(idle);
}

static void add_line(struct processor_time *sum, char *from)
{
	int n;

	for (n = 0; n < TIMES; n++) {
		uint64_t ticks = strtoull(from, &from, 10);

		sum->all += ticks;
		if (n == IDLE || n == IOWAIT)
			sum->idle += ticks;
	}
}

struct processor_time processor_time_in(const char *text, const cpu_set_t *ours)
{
	struct processor_time sum = { 0 };
	const char *next;

	for (; strncmp(text, "cpu", 3) == 0 && (next = strchr(text, '\n')); text = next + 1) {
		char *times;
		unsigned long number;

		/* The sum of all has no number. */
		if (text[3] == ' ')
			continue;
		number = strtoul(text + 3, &times, 10);
		if (number < CPU_SETSIZE && CPU_ISSET(number, ours))
			add_line(&sum, times);
	}
	return sum;
}

unsigned int idle_share(struct idle *idle)
{
	static char text[LINES];
	struct processor_time before = idle->before;
	struct processor_time *now = &idle->before;
	ssize_t length;

	if (idle->fd < 0 || lseek(idle->fd, 0, SEEK_SET) < 0)
		return IDLE_UNKNOWN;
	length = read(idle->fd, text, sizeof(text) - 1);
	if (length <= 0)
		return IDLE_UNKNOWN;
	text[length] = '\0';
	*now = processor_time_in(text, &idle->ours);
	if (now->all <= before.all)
		return IDLE_UNKNOWN;
	/* The wait for input and output may be taken back (proc(5)). */
	return now->idle <= before.idle ? 0 : 100 * (now->idle - before.idle) / (now->all - before.all);
}
