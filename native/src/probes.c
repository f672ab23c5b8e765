// SPDX-License-Identifier: MIT
#include "probes.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "attempts.skel.h"
#include "closes.skel.h"
#include "connects.skel.h"
#include "exits.skel.h"
#include "oom.skel.h"
#include "resets.skel.h"
#include "routes.skel.h"
#include "signals.skel.h"
#include "statuses.skel.h"
#include "unix.skel.h"

/* Reasons that are remembered by name; kernels know some thirty. */
#define MAX_REASONS 64
#define REASON_PREFIX "SK_RST_REASON_"

/* `attempts` first: its maps are the ones that all share. */
static struct probe PROBES[] = {
	{ "attempts", attempts_bpf__elf_bytes, "which attempt led to which answer", false, 0 },
	{ "statuses", statuses_bpf__elf_bytes, "which 502 followed no failure that the kernel sees", false, 0 },
	{ "routes", routes_bpf__elf_bytes, "why connect() failed before a packet was sent", false, 0 },
	{ "unix", unix_bpf__elf_bytes, "attempts over unix sockets", false, 0 },
	{ "connects", connects_bpf__elf_bytes, "why connect() to a unix socket failed", true, 0 },
	{ "closes", closes_bpf__elf_bytes, "who closed a connection without an answer", false, 0 },
	{ "resets", resets_bpf__elf_bytes, "who reset a connection, and why", false, 0 },
	{ "exits", exits_bpf__elf_bytes, "which process ended, and how", false, 0 },
	{ "signals", signals_bpf__elf_bytes, "who killed, stopped or reloaded a process", false, 0 },
	{ "oom", oom_bpf__elf_bytes, "whom the OOM killer chose", false, 0 },
};
#define COUNT ((int)(sizeof(PROBES) / sizeof(PROBES[0])))

static char reasons[MAX_REASONS][40];

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

/* The one constant of every program. */
static void set_network(struct bpf_object *object, unsigned int network)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
		if (strstr(bpf_map__name(map), ".rodata"))
			bpf_map__set_initial_value(map, &network, sizeof(network));
}

static int attach(struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		if (!bpf_program__attach(program))
			return errno;
	return 0;
}

static struct bpf_object *open_probe(struct probe *probe, unsigned int network, const struct bpf_object *first)
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
	set_network(object, network);
	if (first)
		share_maps(object, first);
	probe->error = -bpf_object__load(object);
	if (!probe->error)
		probe->error = attach(object);
	if (!probe->error)
		return object;
	bpf_object__close(object);
	return NULL;
}

static void name_reasons(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int id = btf ? btf__find_by_name_kind(btf, "sk_rst_reason", BTF_KIND_ENUM) : -1;
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	const struct btf_enum *value = type ? btf_enum(type) : NULL;
	int n;

	for (n = 0; type && n < btf_vlen(type); n++) {
		const char *name = btf__name_by_offset(btf, value[n].name_off);
		size_t prefix = strlen(REASON_PREFIX);

		/* 0 is NOT_SPECIFIED. */
		if (value[n].val > 0 && value[n].val < MAX_REASONS && strncmp(name, REASON_PREFIX, prefix) == 0)
			strncpy(reasons[value[n].val], name + prefix, sizeof(reasons[0]) - 1);
	}
	btf__free(btf);
}

void probes_open(struct probes *probes, bool syscalls)
{
	struct bpf_object *first = NULL;
	struct stat network = { 0 };
	int n;

	libbpf_set_print(NULL);
	stat("/proc/self/ns/net", &network);
	*probes = (struct probes){ .all = PROBES, .count = COUNT };
	for (n = 0; n < COUNT; n++) {
		struct bpf_object *object = NULL;

		if (PROBES[n].costly && !syscalls)
			PROBES[n].error = NOT_ASKED;
		else
			object = open_probe(&PROBES[n], network.st_ino, first);
		if (!object)
			continue;
		if (!first)
			first = object;
		probes->attached++;
	}
	if (!first)
		return;
	probes->events = bpf_object__find_map_by_name(first, "events");
	probes->dropped = bpf_object__find_map_by_name(first, "lost");
	name_reasons();
}

const char *reset_reason(unsigned int number)
{
	return number < MAX_REASONS ? reasons[number] : "";
}
