// SPDX-License-Identifier: MIT
/*
 * why502-capture: opens filter, probes, rings and output; gives up its privileges; then hands packets on until it is told to
 * stop, its reader is gone, its parent is dead or its time is over. What takes longest comes first: the rest is done soon after
 * the first packet and event.
 */
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "life.h"
#include "pressure.h"
#include "privileges.h"
#include "say.h"
#include "section.h"
#include "terminal.h"

/* Whoever is watched comes first: what waits for us meanwhile waits in the rings. */
#define NICENESS 5

/* Every file is a capture from the beginning, if one that holds nothing: it begins anew once it is needed. */
static void begin_files(struct capture *capture)
{
	struct output *output = &capture->output;

	for (output->current = output->count - 1; output->current > 0; output->current--) {
		capture_head(capture);
		output_flush(output);
	}
	output->file_octets = 0;
	capture_section(capture);
}

/* What the kernel cannot be asked, in a line each. */
static void say_probes(const struct witness *witness)
{
	const struct probes *probes = &witness->probes;
	int n;

	if (probes->attached == 0) {
		say("the kernel cannot be asked (%s): packets only", probe_refusal(probes, 0));
		return;
	}
	if (probes_watch_unix(probes))
		say("unix sockets are watched too: every system call of this host takes some %llu ns longer, one that reads a socket %llu ns, one that writes %llu ns",
		    (unsigned long long)witness->slower.idle, (unsigned long long)witness->slower.reading, (unsigned long long)witness->slower.writing);
	for (n = 0; n < probes->count; n++) {
		const struct probe *probe = &probes->all[n], *instead = probe_instead(probes, n);

		if (instead)
			say("the probe %s instead of %s (%s): it looks at %s", instead->name, probe->name, probe_refusal(probes, n), instead->about);
		else if (probe_is_missed(probes, n))
			say("without the probe %s (%s): it cannot be known %s", probe->name, probe_refusal(probes, n), probe->about);
	}
	if (!probes->every_reset)
		say("this kernel (before 6.10) does not tell of resets that no socket sends: whether a packet filter sent them is not known");
}

int main(int argc, char **argv)
{
	static struct options options;
	static struct capture capture = { .options = &options, .stop_at = NEVER };
	static struct witness witness;
	char names[512];
	int signals;

	read_options(argc, argv, &options);
	signals = open_signals();
	capture_prepare(&capture);
	if (options.witness) {
		witness_open(&witness, options.syscalls, options.without);
		capture.witness = &witness;
	}
	capture_open(&capture);
	output_open(&capture.output, &options);
	pressure_open(&capture);
	terminal_open(options.terminal);
	nice(NICENESS);
	give_up_privileges();

	begin_files(&capture);
	capture_names(&capture, names, sizeof(names));
	say("capturing on %s", *names ? names : "nothing yet");
	if (options.witness)
		say_probes(&witness);
	live(&capture, signals);
	return EXIT_DONE;
}
