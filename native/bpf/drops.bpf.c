// SPDX-License-Identifier: MIT
/*
 * Which TCP segment did this host throw away, and why: a filter, a full queue, no route, a neighbour that does not answer?
 *
 * Hook: tp_btf kfree_skb. Kernel: 5.17 (its reason). Fallback: silence is seen, its reason is not.
 * Cost: some comparisons for each buffer that is dropped. Of a flood a number is told, not each one.
 */
#include "include/segment.h"

#define IP_PROTOCOL 9
#define IP6_NEXT 6
/* Told of in a second at most, by each processor; the others are counted as lost. */
#define TOLD 256
#define SECOND 1000000000ull

struct window {
	__u64 since;
	__u64 told;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct window);
} window SEC(".maps");

#define IS(reason, name) (bpf_core_enum_value_exists(enum skb_drop_reason, name) && (reason) == bpf_core_enum_value(enum skb_drop_reason, name))

static __always_inline bool can_explain(__u32 reason)
{
	return IS(reason, SKB_DROP_REASON_NETFILTER_DROP) || IS(reason, SKB_DROP_REASON_IP_RPFILTER) ||
	       IS(reason, SKB_DROP_REASON_TCP_LISTEN_OVERFLOW) || IS(reason, SKB_DROP_REASON_IP_OUTNOROUTES) ||
	       IS(reason, SKB_DROP_REASON_IP_INNOROUTES) || IS(reason, SKB_DROP_REASON_NEIGH_FAILED) ||
	       IS(reason, SKB_DROP_REASON_NEIGH_QUEUEFULL) || IS(reason, SKB_DROP_REASON_PROTO_MEM) ||
	       IS(reason, SKB_DROP_REASON_PKT_TOO_BIG);
}

static __always_inline bool is_tcp(const struct sk_buff *skb)
{
	const unsigned char *ip = skb->head + skb->network_header;
	__u8 version = 0, protocol = 0;

	bpf_probe_read_kernel(&version, sizeof(version), ip);
	bpf_probe_read_kernel(&protocol, sizeof(protocol), ip + (version >> 4 == 4 ? IP_PROTOCOL : IP6_NEXT));
	return (version >> 4 == 4 || version >> 4 == 6) && protocol == IPPROTO_TCP;
}

static __always_inline bool has_room(void)
{
	__u32 zero = 0;
	struct window *now = bpf_map_lookup_elem(&window, &zero);
	__u64 at = bpf_ktime_get_ns();

	if (!now)
		return false;
	if (at - now->since > SECOND) {
		now->since = at;
		now->told = 0;
	}
	return now->told++ < TOLD;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(dropped, const struct sk_buff *skb, void *place, __u32 reason)
{
	struct event event;

	if (!can_explain(reason) || !is_tcp(skb))
		return 0;
	begin(&event, DROPPED);
	event.reason = reason;
	name_segment(&event, skb);
	if (!is_segment_ours(&event, skb))
		return 0;
	if (!has_room()) {
		lose();
		return 0;
	}
	submit(&event);
	return 0;
}
