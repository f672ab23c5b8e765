// SPDX-License-Identifier: MIT
#include "probes.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "answers.skel.h"
#include "attempts.skel.h"
#include "calls.skel.h"
#include "connects.skel.h"
#include "copies.skel.h"
#include "descriptors.skel.h"
#include "drops.skel.h"
#include "exits.skel.h"
#include "lines.skel.h"
#include "oom.skel.h"
#include "plaintext.skel.h"
#include "reasons.h"
#include "receives.skel.h"
#include "repeats.skel.h"
#include "resets.skel.h"
#include "routes.skel.h"
#include "routes6.skel.h"
#include "sends.skel.h"
#include "signals.skel.h"
#include "tracefs.h"
#include "transmits.skel.h"
#include "unix.skel.h"

/* `attempts` first: its maps are the ones that all share. */
static struct probe PROBES[] = {
	{ "attempts", attempts_bpf__elf_bytes, KERNEL(5, 12), "which attempt led to which answer, and who closed a connection without one", ALWAYS, 0 },
	{ "receives", receives_bpf__elf_bytes, KERNEL(6, 3), "which attempt led to which answer", ALWAYS, 0 },
	{ "copies", copies_bpf__elf_bytes, KERNEL(5, 11), "octets as they are copied to their reader", INSTEAD, 0 },
	{ "answers", answers_bpf__elf_bytes, KERNEL(6, 16), "which 502 followed no failure that the kernel sees", ALWAYS, 0 },
	{ "sends", sends_bpf__elf_bytes, KERNEL(6, 3), "octets after they were sent", INSTEAD, 0 },
	{ "transmits", transmits_bpf__elf_bytes, KERNEL(5, 15), "every frame that is sent", INSTEAD, 0 },
	{ "routes", routes_bpf__elf_bytes, KERNEL(5, 11), "why connect() failed before a packet was sent", ALWAYS, 0 },
	{ "routes6", routes6_bpf__elf_bytes, KERNEL(5, 11), "the same over IPv6", ALWAYS, 0 },
	{ "unix", unix_bpf__elf_bytes, KERNEL(6, 3), "attempts over unix sockets", FOR_UNIX, 0 },
	{ "calls", calls_bpf__elf_bytes, KERNEL(5, 15), "the end of every system call, which costs more", INSTEAD, 0 },
	{ "connects", connects_bpf__elf_bytes, KERNEL(5, 11), "why connect() to a unix socket failed", FOR_UNIX_CALLS, 0 },
	{ "descriptors", descriptors_bpf__elf_bytes, KERNEL(5, 15), "who had no file descriptor left to accept with", FOR_UNIX_CALLS, 0 },
	{ "lines", lines_bpf__elf_bytes, KERNEL(5, 11), "what a gateway wrote into its error log", FOR_UNIX_CALLS, 0 },
	{ "plaintext", plaintext_bpf__elf_bytes, KERNEL(5, 12), "what clients asked for inside TLS", FOR_TLS, 0 },
	{ "resets", resets_bpf__elf_bytes, KERNEL(5, 8), "who reset a connection, and why", ALWAYS, 0 },
	{ "drops", drops_bpf__elf_bytes, KERNEL(5, 17), "which segment was thrown away here, and why", ALWAYS, 0 },
	{ "repeats", repeats_bpf__elf_bytes, KERNEL(5, 12), "which queue was full while a SYN got no answer", ALWAYS, 0 },
	{ "exits", exits_bpf__elf_bytes, KERNEL(5, 11), "which process ended, and how", ALWAYS, 0 },
	{ "signals", signals_bpf__elf_bytes, KERNEL(5, 8), "who killed, stopped or reloaded a process", ALWAYS, 0 },
	{ "oom", oom_bpf__elf_bytes, KERNEL(5, 8), "whom the OOM killer chose", ALWAYS, 0 },
};
#define COUNT ((int)(sizeof(PROBES) / sizeof(PROBES[0])))

/* What is asked for, and what came of it. */
struct loading {
	const struct inventory *host;
	/* Names, parted by commas. */
	const char *without;
	/* The inode of the network namespace. */
	unsigned int network;
	/* By probe; NULL where it is not loaded. */
	struct bpf_object *objects[COUNT];
	/* Its maps are the ones that all share. */
	struct bpf_object *first;
};

static void share_maps(struct bpf_object *object, const struct bpf_object *first)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) {
		const struct bpf_map *shared = bpf_object__find_map_by_name(first, bpf_map__name(map));

		/* What is not shared is the program's own: its constants. */
		if (shared && !strchr(bpf_map__name(map), '.'))
			bpf_map__reuse_fd(map, bpf_map__fd(shared));
	}
}

/* The one constant of every program; an error where it is not the only one. */
static int set_network(struct bpf_object *object, unsigned int network)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) {
		int error = strstr(bpf_map__name(map), ".rodata") ? bpf_map__set_initial_value(map, &network, sizeof(network)) : 0;

		if (error)
			return -error;
	}
	return 0;
}

/* What is not read inside TLS needs no room. */
static void bound_askings(struct bpf_object *object, const struct inventory *host)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, "askings");

	if (map && host->programs.count == 0)
		bpf_map__set_max_entries(map, 1);
}

/* 0 where it is attached to one of them at least. */
static int attach_to_programs(struct bpf_program *program, const struct programs *programs)
{
	LIBBPF_OPTS(bpf_uprobe_opts, options, .retprobe = strcmp(bpf_program__section_name(program), "uretprobe") == 0);
	int error = ENOENT;
	int n;

	options.func_name = strcmp(bpf_program__name(program), "tls_writes") == 0 ? TLS_WRITES : TLS_READS;
	for (n = 0; n < programs->count; n++)
		if (bpf_program__attach_uprobe_opts(program, -1, programs->all[n].path, 0, &options))
			error = 0;
		else if (error)
			error = errno;
	return error;
}

static int attach(struct bpf_object *object, enum when when, const struct inventory *host)
{
	struct bpf_program *program;
	int error = 0;

	bpf_object__for_each_program(program, object) {
		if (when == FOR_TLS)
			error = attach_to_programs(program, &host->programs);
		else if (!bpf_program__attach(program))
			error = errno;
		if (error)
			return error;
	}
	return 0;
}

/* Without attaching it. */
static struct bpf_object *load(struct probe *probe, const struct loading *loading)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = probe->name);
	struct bpf_object *object;
	const void *octets;
	size_t size;

	octets = probe->octets(&size);
	object = bpf_object__open_mem(octets, size, &options);
	probe->error = object ? 0 : errno;
	if (!object)
		return NULL;
	bound_askings(object, loading->host);
	if (loading->first)
		share_maps(object, loading->first);
	probe->error = set_network(object, loading->network);
	if (!probe->error)
		probe->error = -bpf_object__load(object);
	if (!probe->error)
		return object;
	bpf_object__close(object);
	return NULL;
}

static bool is_wanted(int n, const struct inventory *host)
{
	switch (PROBES[n].when) {
	case INSTEAD:
		return PROBES[n - 1].error > 0;
	case FOR_UNIX:
	case FOR_UNIX_CALLS:
		return host->unix_peers;
	case FOR_TLS:
		return host->programs.count > 0;
	default:
		return true;
	}
}

/* Named in the list, whose names are parted by commas. */
static bool is_named(const char *name, const char *list)
{
	size_t octets = strlen(name);

	for (; list; list = strchr(list, ','), list = list ? list + 1 : NULL)
		if (strncmp(list, name, octets) == 0 && (list[octets] == ',' || list[octets] == '\0'))
			return true;
	return false;
}

/* KERNEL of the one that runs; 0 where it cannot be read. */
static unsigned int running_kernel(void)
{
	struct utsname name;
	unsigned int version, patchlevel;

	if (uname(&name) < 0 || sscanf(name.release, "%u.%u", &version, &patchlevel) != 2)
		return 0;
	return KERNEL(version, patchlevel);
}

/* Those that were asked for, as far as the kernel takes them. */
static void load_wanted(struct loading *loading, int from, int to)
{
	int n;

	for (n = from; n < to; n++) {
		if (!is_wanted(n, loading->host))
			PROBES[n].error = NOT_ASKED;
		else if (is_named(PROBES[n].name, loading->without))
			PROBES[n].error = ECANCELED;
		else
			loading->objects[n] = load(&PROBES[n], loading);
		if (!loading->first)
			loading->first = loading->objects[n];
	}
}

/*
 * All are loaded before the first is attached: that takes most of the time, and what happens meanwhile could be told only
 * after it.
 */
void probes_open(struct probes *probes, const struct inventory *host, const char *without)
{
	struct loading loading = { .host = host, .without = without };
	struct stat network = { 0 };
	int n, next;

	libbpf_set_print(NULL);
	stat("/proc/self/ns/net", &network);
	loading.network = network.st_ino;
	if (host->unix_peers)
		tracefs_open();
	*probes = (struct probes){ .all = PROBES, .count = COUNT, .kernel = running_kernel() };
	load_wanted(&loading, 0, COUNT);
	probes->every_reset = reasons_read();
	for (n = 0; n < COUNT; n++) {
		if (!loading.objects[n])
			continue;
		PROBES[n].error = attach(loading.objects[n], PROBES[n].when, host);
		if (!PROBES[n].error) {
			probes->attached++;
			continue;
		}
		/* The others still have the maps of the first. */
		if (loading.objects[n] != loading.first)
			bpf_object__close(loading.objects[n]);
		for (next = n + 1; next < COUNT && PROBES[next].when == INSTEAD; next++)
			load_wanted(&loading, next, next + 1);
	}
	if (probes->attached == 0)
		return;
	probes->events = bpf_object__find_map_by_name(loading.first, "events");
	probes->dropped = bpf_object__find_map_by_name(loading.first, "lost");
}

const struct probe *probe_instead(const struct probes *probes, int n)
{
	if (probes->all[n].error <= 0 || probes->all[n].when == INSTEAD)
		return NULL;
	for (n++; n < probes->count && probes->all[n].when == INSTEAD; n++)
		if (!probes->all[n].error)
			return &probes->all[n];
	return NULL;
}

bool probe_is_missed(const struct probes *probes, int n)
{
	return probes->all[n].error > 0 && probes->all[n].when != INSTEAD && !probe_instead(probes, n);
}

bool probes_watch_unix(const struct probes *probes)
{
	int n;

	for (n = 0; n < probes->count; n++)
		if (probes->all[n].error == 0 && (probes->all[n].when == FOR_UNIX || probes->all[n].when == FOR_UNIX_CALLS))
			return true;
	return false;
}

const char *probe_refusal(const struct probes *probes, int n)
{
	static char text[40];
	const struct probe *probe = &probes->all[n];

	if (probes->kernel >= probe->since || probe->error == ECANCELED)
		return strerror(probe->error);
	snprintf(text, sizeof(text), "Linux %u.%u has what it needs", probe->since >> 8, probe->since & 0xff);
	return text;
}
