// SPDX-License-Identifier: MIT
/* Reads the command line. Every limit, its default and its help stand here and nowhere else. */
#include "options.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

#define KIB 1024ull
#define MIB (1024 * KIB)
/* Half a second of a loopback that carries 100 MB/s, whole; many seconds of it with triage. */
#define DEFAULT_RING (64 * MIB)
#define MIN_RING (256 * KIB)
#define MAX_RING (1024 * MIB)
/* As much as tcpdump keeps. */
#define DEFAULT_SNAP 262144
/* What why502 reads of a head at most: nginx takes 4 or 8 KiB from an upstream and 32 KiB from a client by default. */
#define DEFAULT_HEAD 65536
/* A chunk's size line, an alert, an error page's beginning; small beside a body of some kilobytes. */
#define DEFAULT_BODY 256
#define DEFAULT_FILES 8
#define MAX_FILES 1000
#define DEFAULT_STATISTICS SECOND

static const char HELP[] =
	"usage: " PROGRAM " [options]\n"
	"\n"
	"Captures what can matter to a 502 and writes one pcapng stream.\n"
	"\n"
	"  -i, --interface IF      may be repeated; default: loopback and every interface that is\n"
	"                          up and carries IP, also those that appear later\n"
	"  -w, --write FILE        default, or -: standard output\n"
	"      --port PORT         TCP of this port only; may be repeated\n"
	"      --host ADDRESS      TCP of this IPv4 or IPv6 address only; may be repeated\n"
	"      --no-triage         all octets of all packets, not only what can matter\n"
	"      --no-witness        packets only: no events of the kernel\n"
	"      --syscalls          also what happens on unix sockets, which slows every system call of\n"
	"                          this host by some 50 ns; default: where a gateway may need it\n"
	"      --without PROBES    none of these probes, as in answers,sends: what can stand in for\n"
	"                          them does so, as on an older kernel\n"
	"      --snap OCTETS       of a packet at most (262144)\n"
	"      --head OCTETS       of a message's head at most (65536)\n"
	"      --body OCTETS       of what follows a head (256)\n"
	"      --ring SIZE         of each interface's ring (64M)\n"
	"      --memory SIZE       of all rings together; further interfaces are not followed\n"
	"      --cpu PERCENT       of one processor at most; packets wait in the rings meanwhile\n"
	"      --yield             leave out requests that went well while this host has no processor\n"
	"                          time to spare; default: only where the reader is too slow\n"
	"      --duration TIME     stop after it, as in 90s, 10m, 2h\n"
	"      --statistics TIME   between two counts of dropped packets (1s)\n"
	"      --rotate-size SIZE  begin the next file at this size, as in 100M\n"
	"      --rotate-time TIME  begin the next file after this time\n"
	"      --files N           there are so many, then the oldest is written anew (8)\n"
	"      --terminal FD       of a parent that draws there: given back if the parent is killed\n"
	"  -V, --version\n"
	"  -h, --help\n"
	"\n"
	"Exit codes: 0 done; 1 the output could not be written; 2 usage; 4 the machine does not allow it.\n";

enum {
	PORT = 256, HOST, NO_TRIAGE, NO_WITNESS, SYSCALLS, WITHOUT, SNAP, HEAD, BODY, RING, MEMORY, CPU, YIELD, DURATION, STATISTICS, ROTATE_SIZE, ROTATE_TIME, FILES, TERMINAL
};

static const struct option LONG[] = {
	{ "interface", required_argument, NULL, 'i' },
	{ "write", required_argument, NULL, 'w' },
	{ "port", required_argument, NULL, PORT },
	{ "host", required_argument, NULL, HOST },
	{ "no-triage", no_argument, NULL, NO_TRIAGE },
	{ "no-witness", no_argument, NULL, NO_WITNESS },
	{ "syscalls", no_argument, NULL, SYSCALLS },
	{ "without", required_argument, NULL, WITHOUT },
	{ "snap", required_argument, NULL, SNAP },
	{ "head", required_argument, NULL, HEAD },
	{ "body", required_argument, NULL, BODY },
	{ "ring", required_argument, NULL, RING },
	{ "memory", required_argument, NULL, MEMORY },
	{ "cpu", required_argument, NULL, CPU },
	{ "yield", no_argument, NULL, YIELD },
	{ "duration", required_argument, NULL, DURATION },
	{ "statistics", required_argument, NULL, STATISTICS },
	{ "rotate-size", required_argument, NULL, ROTATE_SIZE },
	{ "rotate-time", required_argument, NULL, ROTATE_TIME },
	{ "files", required_argument, NULL, FILES },
	{ "terminal", required_argument, NULL, TERMINAL },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct unit {
	const char *name;
	uint64_t times;
};

static const struct unit COUNTS[] = { { "", 1 }, { 0 } };
static const struct unit SIZES[] = { { "", 1 }, { "K", KIB }, { "M", MIB }, { "G", 1024 * MIB }, { 0 } };
static const struct unit TIMES[] = { { "ms", MILLISECOND }, { "s", SECOND }, { "", SECOND },
				     { "m", 60 * SECOND },  { "h", 3600 * SECOND }, { "d", 86400 * SECOND }, { 0 } };

/* A whole number with a unit, between `least` and `most`, or the end of the process. */
static uint64_t number(const char *text, const struct unit *unit, uint64_t least, uint64_t most)
{
	char *end;
	uint64_t value = isdigit((unsigned char)text[0]) ? strtoull(text, &end, 10) : 0;

	if (!isdigit((unsigned char)text[0]))
		give_up(EXIT_USAGE, "%.40s: not a number. See: " PROGRAM " --help", text);
	while (unit->name && strcmp(unit->name, end) != 0)
		unit++;
	if (!unit->name)
		give_up(EXIT_USAGE, "%.40s: the unit is not known. See: " PROGRAM " --help", text);
	if (value > most / unit->times || value * unit->times < least)
		give_up(EXIT_USAGE, "%.40s: out of bounds. See: " PROGRAM " --help", text);
	return value * unit->times;
}

static void add_host(struct triage_settings *settings, const char *text)
{
	__u8 *host = settings->host[settings->hosts];

	if (settings->hosts == MAX_HOSTS)
		give_up(EXIT_USAGE, "--host: more than %d", MAX_HOSTS);
	if (inet_pton(AF_INET6, text, host) != 1) {
		if (inet_pton(AF_INET, text, host + 12) != 1)
			give_up(EXIT_USAGE, "--host %.60s: no address. As in 10.0.0.1 or fd00::1", text);
		memset(host, 0, 10);
		memset(host + 10, 0xff, 2);
	}
	settings->hosts++;
}

static void read_option(struct options *o, int option, const char *value)
{
	struct triage_settings *settings = &o->settings;

	switch (option) {
	case 'i':
		if (o->interfaces == MAX_NAMED)
			give_up(EXIT_USAGE, "-i: more than %d interfaces", MAX_NAMED);
		o->interface[o->interfaces++] = value;
		break;
	case 'w':
		o->file = strcmp(value, "-") == 0 ? NULL : value;
		break;
	case PORT:
		if (settings->ports == MAX_PORTS)
			give_up(EXIT_USAGE, "--port: more than %d", MAX_PORTS);
		settings->port[settings->ports++] = number(value, COUNTS, 1, 65535);
		break;
	case HOST:
		add_host(settings, value);
		break;
	case NO_TRIAGE:
		settings->triage = 0;
		break;
	case NO_WITNESS:
		o->witness = false;
		break;
	case SYSCALLS:
		o->syscalls = true;
		break;
	case WITHOUT:
		o->without = value;
		break;
	case SNAP:
		settings->snap = number(value, SIZES, 64, DEFAULT_SNAP);
		break;
	case HEAD:
		settings->head = number(value, SIZES, 256, DEFAULT_SNAP);
		break;
	case BODY:
		settings->body = number(value, SIZES, 0, DEFAULT_SNAP);
		break;
	case RING:
		o->ring = number(value, SIZES, MIN_RING, MAX_RING);
		break;
	case MEMORY:
		o->memory = number(value, SIZES, 2 * MIN_RING, MAX_RING);
		break;
	case CPU:
		o->processor = number(value, COUNTS, 1, 100);
		break;
	case YIELD:
		o->yields = true;
		break;
	case DURATION:
		o->duration = number(value, TIMES, 1, NEVER / 2);
		break;
	case STATISTICS:
		o->statistics = number(value, TIMES, 10 * MILLISECOND, NEVER / 2);
		break;
	case ROTATE_SIZE:
		o->rotate_size = number(value, SIZES, 64 * KIB, SIZE_MAX / 2);
		break;
	case ROTATE_TIME:
		o->rotate_time = number(value, TIMES, 100 * MILLISECOND, NEVER / 2);
		break;
	case FILES:
		o->files = number(value, COUNTS, 2, MAX_FILES);
		break;
	case TERMINAL:
		o->terminal = number(value, COUNTS, 0, INT16_MAX);
		break;
	case 'V':
		puts(PROGRAM " " VERSION);
		exit(EXIT_DONE);
	case 'h':
		fputs(HELP, stdout);
		exit(EXIT_DONE);
	default:
		/* getopt said what is wrong. */
		give_up(EXIT_USAGE, "See: " PROGRAM " --help");
	}
}

void read_options(int argc, char **argv, struct options *o)
{
	bool rotates;
	int option;

	*o = (struct options){
		.ring = DEFAULT_RING,
		.witness = true,
		.settings = { .snap = DEFAULT_SNAP, .head = DEFAULT_HEAD, .body = DEFAULT_BODY, .triage = 1 },
		.duration = NEVER,
		.statistics = DEFAULT_STATISTICS,
		.rotate_time = NEVER,
		.files = 1,
		.terminal = -1,
	};
	while ((option = getopt_long(argc, argv, "i:w:Vh", LONG, NULL)) != -1)
		read_option(o, option, optarg);
	if (optind < argc)
		give_up(EXIT_USAGE, "%.60s: not an option. See: " PROGRAM " --help", argv[optind]);
	rotates = o->rotate_size > 0 || o->rotate_time != NEVER;
	if ((rotates || o->files > 1) && !o->file)
		give_up(EXIT_USAGE, "rotation needs files: name the first with -w");
	if (o->files > 1 && !rotates)
		give_up(EXIT_USAGE, "--files needs --rotate-size or --rotate-time");
	if (rotates && o->files == 1)
		o->files = DEFAULT_FILES;
}
