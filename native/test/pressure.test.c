// SPDX-License-Identifier: MIT
/* When requests that went well are left out, at made-up times, on a host of one made-up processor. */
#include "pressure.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static struct options options = { .settings = { .triage = 1 }, .yields = true };
static struct witness witness;
static struct capture capture;
static nanos now;
/* As /proc/stat has them. */
static unsigned int ran, idle;

/* `share` percent of the time until then were idle, and so many packets a second came. */
static void pass(nanos time, unsigned int share, unsigned int a_second)
{
	nanos end;
	char line[64];
	int length;

	for (end = now + time; now < end; now += 100 * MILLISECOND) {
		ran += 100 - share;
		idle += share;
		length = snprintf(line, sizeof(line), "cpu0 %u 0 0 %u 0 0 0 0 0 0\n", ran, idle);
		if (pwrite(capture.pressure.idle.fd, line, length, 0) != length)
			exit(1);
		capture.pressure.came += a_second / 10;
		pressure_hold(&capture, now, now);
	}
}

static void begin(void)
{
	char path[] = "/tmp/why502-pressure.XXXXXX";

	capture = (struct capture){ .options = &options, .witness = &witness, .exchanges = capture.exchanges };
	capture.pressure.idle.fd = mkstemp(path);
	CPU_SET(0, &capture.pressure.idle.ours);
	unlink(path);
	now += 3600 * SECOND;
}

static void expect_pressed(const char *what, bool pressed)
{
	expect(what, capture.output.pressed, pressed);
}

int main(void)
{
	capture.exchanges = exchanges_new();

	begin();
	pass(3 * SECOND, 10, 100000);
	expect_pressed("a host that has time to spare", false);
	pass(3 * SECOND, 0, 1000);
	expect_pressed("little is to be spared", false);
	pass(SECOND, 0, 100000);
	expect_pressed("a busy host", true);
	pass(4 * SECOND, 50, 100000);
	expect_pressed("a moment of calm", true);
	pass(2 * SECOND, 50, 100000);
	expect_pressed("it is calm", false);
	pass(SECOND, 0, 100000);
	expect_pressed("busy again, because all was written", true);
	pass(8 * SECOND, 50, 100000);
	expect_pressed("so it takes longer", true);
	pass(3 * SECOND, 50, 100000);
	expect_pressed("until it is calm", false);
	pass(SECOND, 0, 100000);
	pass(SECOND, 50, 1000);
	expect_pressed("all is written where that is little", false);
	close(capture.pressure.idle.fd);

	begin();
	pass(300 * MILLISECOND, 0, 100000);
	expect_pressed("at the beginning it is found out soon", true);
	close(capture.pressure.idle.fd);

	begin();
	pass(SECOND, 50, 10);
	now += 60 * SECOND;
	pass(100 * MILLISECOND, 0, 1000000);
	expect_pressed("a silence says nothing of now", false);
	close(capture.pressure.idle.fd);

	begin();
	pressure_hold(&capture, now - SECOND, now);
	expect_pressed("this program was late, not its reader", false);
	capture.output.waited = now;
	pressure_hold(&capture, now - 99 * MILLISECOND, now);
	expect_pressed("a reader that keeps up", false);
	pressure_hold(&capture, now - 101 * MILLISECOND, now);
	expect_pressed("one that is too slow, on an idle host", true);
	close(capture.pressure.idle.fd);

	begin();
	close(capture.pressure.idle.fd);
	capture.pressure.idle.fd = -1;
	capture.pressure.came = 1000000;
	pressure_hold(&capture, now + SECOND, now + SECOND);
	expect_pressed("how busy the host is cannot be known", false);
	return report("pressure");
}
