// SPDX-License-Identifier: MIT
#include "reasons.h"

#include <bpf/btf.h>
#include <string.h>

/* Reasons that are remembered by name; kernels know some thirty of resets, and a hundred of drops. */
#define MAX_REASONS 160

static char resets[MAX_REASONS][40];
static char drops[MAX_REASONS][40];

/* False where this kernel has no such reasons. */
static bool read_names(const struct btf *btf, const char *kind, const char *prefix, char (*names)[40])
{
	int id = btf ? btf__find_by_name_kind(btf, kind, BTF_KIND_ENUM) : -1;
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	const struct btf_enum *value = type ? btf_enum(type) : NULL;
	int n;

	for (n = 0; type && n < btf_vlen(type); n++) {
		const char *name = btf__name_by_offset(btf, value[n].name_off);
		size_t octets = strlen(prefix);

		/* 0 is NOT_SPECIFIED. */
		if (value[n].val > 0 && value[n].val < MAX_REASONS && strncmp(name, prefix, octets) == 0)
			strncpy(names[value[n].val], name + octets, sizeof(names[0]) - 1);
	}
	return type != NULL;
}

bool reasons_read(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	bool of_resets = read_names(btf, "sk_rst_reason", "SK_RST_REASON_", resets);

	read_names(btf, "skb_drop_reason", "SKB_DROP_REASON_", drops);
	btf__free(btf);
	return of_resets;
}

const char *reason_of(const struct event *event)
{
	if (event->reason >= MAX_REASONS)
		return "";
	return event->kind == RESET_SENT ? resets[event->reason] : event->kind == DROPPED ? drops[event->reason] : "";
}
