// SPDX-License-Identifier: MIT
#include "life.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "budget.h"
#include "say.h"
#include "section.h"
#include "terminal.h"

/* After the order to stop, packets of before may still lie in blocks that the kernel has not handed over. */
#define LINGER (5 * BLOCK_TIMEOUT_MS * MILLISECOND)
/* A reader that takes nothing for so long after the order to stop is not waited for. */
#define PATIENCE (3 * SECOND)

/* A full buffer is looked at again after this long. */
#define FULL_FOR (100 * MILLISECOND)

/* What is polled, in this order; then the rings. */
enum { OUTPUT, SIGNALS, NETLINK, WITNESS, FIXED };

struct life {
	struct capture *capture;
	int signals;
	/* By the steady clock. */
	nanos end;
	nanos next_statistics;
	nanos next_file;
	/* 0: not yet. Since then, and since the reader took something last. */
	nanos stopping;
	nanos progress;
	bool blocked;
	/* .. and the buffer has no room for what comes. */
	bool full;
	bool done;
	/* By whoever started us, with SIGINT: then they can look after themselves. */
	bool asked;
	const char *why;
	struct budget budget;
	/* Until when nothing is done but listening, by the steady clock; 0: at work. */
	nanos resting;
};

int open_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void stop(struct life *life, nanos now)
{
	if (life->stopping) {
		/* Told twice: at once. */
		life->done = true;
		return;
	}
	life->stopping = life->progress = now;
	life->capture->stop_at = wall_clock();
}

static void flush(struct life *life, nanos now)
{
	uint64_t before = life->capture->output.octets;
	enum flushed flushed = output_flush(&life->capture->output);

	life->blocked = flushed == WOULD_BLOCK;
	life->full = life->blocked && !output_room(&life->capture->output);
	if (life->full)
		life->capture->output.waited = wall_clock();
	if (life->capture->output.octets != before)
		life->progress = now;
	if (flushed == READER_GONE) {
		life->done = true;
		life->why = "the reader is gone";
	}
}

static void add_up(struct capture *capture)
{
	int n;

	for (n = 0; n < capture->count; n++) {
		capture->delivered += capture->rings[n].delivered;
		capture->dropped += capture->rings[n].dropped;
	}
}

static nanos later(nanos now, nanos wait)
{
	return wait == NEVER ? NEVER : now + wait;
}

static void rotate(struct life *life, nanos now)
{
	const struct options *options = life->capture->options;
	const struct output *output = &life->capture->output;

	if (options->files == 1)
		return;
	if (now < life->next_file && (options->rotate_size == 0 || output->file_octets < options->rotate_size))
		return;
	capture_statistics(life->capture);
	flush(life, now);
	add_up(life->capture);
	output_rotate(&life->capture->output);
	capture_section(life->capture);
	life->next_file = later(now, options->rotate_time);
}

/* Everything that is due and has room. Returns what capture_packets said last. */
static nanos work(struct life *life, nanos now)
{
	struct capture *capture = life->capture;
	nanos held;

	if (now >= life->end) {
		life->end = NEVER;
		if (!life->stopping)
			stop(life, now);
	}
	do {
		if (now >= life->next_statistics && output_room(&capture->output)) {
			capture_statistics(capture);
			life->next_statistics = now + capture->options->statistics;
		}
		held = capture_packets(capture, wall_clock());
		flush(life, now);
		if (!life->blocked && !life->done)
			rotate(life, now);
	} while (held == AT_ONCE && !life->full && !life->done);
	return held;
}

/* When to look again at the latest, by the steady clock. */
static nanos wake_at(const struct life *life, nanos held, nanos now)
{
	nanos until = life->end < life->next_statistics ? life->end : life->next_statistics;
	nanos wall = wall_clock();

	if (life->resting)
		return life->resting;
	/* Nothing can be done before the reader takes something, but to see that it is too slow. */
	if (life->full && life->capture->exchanges && !life->capture->output.pressed)
		return now + FULL_FOR;
	if (life->full)
		return life->stopping ? now + LINGER : life->end;
	if (held != NEVER && held != AT_ONCE && now + (held > wall ? held - wall : 0) < until)
		until = now + (held > wall ? held - wall : 0);
	if (life->next_file < until)
		until = life->next_file;
	if (life->stopping && now + LINGER / 4 < until)
		until = now + LINGER / 4;
	return until;
}

static void listen(struct life *life, nanos held, nanos now)
{
	struct capture *capture = life->capture;
	struct pollfd polled[FIXED + MAX_RINGS];
	int n;

	polled[OUTPUT] = (struct pollfd){ .fd = output_fd(&capture->output), .events = life->blocked ? POLLOUT : 0 };
	polled[SIGNALS] = (struct pollfd){ .fd = life->signals, .events = POLLIN };
	polled[NETLINK] = (struct pollfd){ .fd = capture->interfaces.fd, .events = POLLIN };
	polled[WITNESS] = (struct pollfd){ .fd = -1, .events = POLLIN };
	if (capture->witness && !life->full && held == NEVER)
		polled[WITNESS].fd = witness_fd(capture->witness);
	/* Files are always ready, and never gone. */
	if (capture->output.kind == OUTPUT_FILE)
		polled[OUTPUT].fd = -1;
	for (n = 0; n < capture->count; n++) {
		bool wanted = capture->rings[n].interface && !life->full && !life->resting && held == NEVER;

		polled[FIXED + n] = (struct pollfd){ .fd = wanted ? capture->rings[n].fd : -1, .events = POLLIN };
	}
	poll(polled, FIXED + capture->count, milliseconds_until(wake_at(life, held, now), now));

	if (polled[OUTPUT].revents & (POLLERR | POLLHUP)) {
		life->done = true;
		life->why = "the reader is gone";
	}
	if (polled[SIGNALS].revents & POLLIN) {
		struct signalfd_siginfo signal;

		if (read(life->signals, &signal, sizeof(signal)) == sizeof(signal)) {
			life->asked |= signal.ssi_signo == SIGINT;
			stop(life, now);
		}
	}
	if (polled[NETLINK].revents && output_room(&capture->output))
		capture_interfaces(capture);
	for (n = 0; n < capture->count; n++)
		if (polled[FIXED + n].revents & POLLERR)
			ring_forgive(&capture->rings[n]);
}

/* All that was held is written, or nobody takes it. */
static bool over(const struct life *life, nanos held, nanos now)
{
	if (!life->stopping)
		return false;
	if (life->blocked)
		return now - life->progress > PATIENCE;
	return held == NEVER && now - life->stopping > LINGER;
}

static void finish(struct life *life)
{
	struct capture *capture = life->capture;
	nanos now = steady_clock();
	nanos until = now + PATIENCE;

	if (!life->asked)
		terminal_give_back();
	capture_last_statistics(capture);
	add_up(capture);
	for (flush(life, now); life->blocked && now < until; flush(life, now)) {
		struct pollfd output = { .fd = output_fd(&capture->output), .events = POLLOUT };

		poll(&output, 1, milliseconds_until(until, now));
		now = steady_clock();
	}
	if (life->blocked)
		life->why = "the reader took nothing; some of what was captured is lost";
	if (capture->pressure.for_host)
		say("the host had no processor time to spare: %llu packets of requests that went well were left out",
		    (unsigned long long)capture->pressure.for_host);
	if (capture->pressure.for_reader)
		say("the reader was slow: %llu packets of requests that went well were left out",
		    (unsigned long long)capture->pressure.for_reader);
	say("%s%s%llu packets, %llu octets written, %llu packets dropped by the kernel", life->why ? life->why : "",
	    life->why ? ": " : "", (unsigned long long)capture->delivered, (unsigned long long)capture->output.octets,
	    (unsigned long long)capture->dropped);
}

void live(struct capture *capture, int signals)
{
	const struct options *options = capture->options;
	nanos now = steady_clock();
	struct life life = {
		.capture = capture,
		.signals = signals,
		.end = later(now, options->duration),
		.next_statistics = later(now, options->statistics),
		.next_file = later(now, options->rotate_time),
		.budget = { .percent = options->processor },
	};

	while (!life.done) {
		nanos held = NEVER;

		now = steady_clock();
		life.resting = life.stopping ? 0 : budget_rest(&life.budget, now, processor_clock());
		if (!life.resting)
			held = work(&life, now);
		if (life.done || over(&life, held, now))
			break;
		listen(&life, held, now);
	}
	finish(&life);
}
