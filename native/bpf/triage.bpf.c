// SPDX-License-Identifier: MIT
/*
 * How much of a frame can matter to a 502? Heads of messages and everything small, not bodies.
 *
 * Hook: SO_ATTACH_BPF on a packet socket. Kernel: 5.8 (bounded loops, CAP_BPF); nothing of the running kernel's layout is
 * read. Fallback: no filter (--no-triage), every octet. Cost: one look into an array for each segment;
 * a search for the empty line a head.
 *
 * Returns how many octets to keep; 0 leaves the frame alone.
 * - whole: ARP, ICMP, DNS, fragments, TCP segments without octets (SYN, FIN, RST, and ACK of what was asked for)
 * - TCP octets: the heads of both sides' messages with `body` octets of what follows; then only segments that are
 *   `body` octets or shorter; all of HTTP/2, whose heads cannot be read with one missing
 * - headers only: bodies, and connections that are no protocol of ours after their first octets
 * - nothing: other protocols, and acknowledgements of answers
 */
#include "include/turn.h"

char LICENSE[] SEC("license") = "MIT";

static __always_inline int wanted(const struct packet *p)
{
	int found = settings.ports == 0;
	int n;

	for (n = 0; n < MAX_PORTS && !found; n++) {
		if (n >= settings.ports)
			break;
		found = settings.port[n] == p->source_port || settings.port[n] == p->destination_port;
	}
	if (!found || settings.hosts == 0)
		return found;
	for (n = 0; n < MAX_HOSTS; n++) {
		__u64 first, second;

		if (n >= settings.hosts)
			break;
		first = *(const volatile __u64 *)&settings.host[n][0];
		second = *(const volatile __u64 *)&settings.host[n][8];
		if ((first == p->source[0] && second == p->source[1]) || (first == p->destination[0] && second == p->destination[1]))
			return 1;
	}
	return 0;
}

static __always_inline void end(struct flow *flow, __u32 direction)
{
	flow->ended[direction & 1] = 1;
	if (flow->ended[~direction & 1])
		forget(flow);
}

/*
 * One without octets, SYN, FIN or RST. It tells that the answer to a SYN came, and that a request did; of an answer the opener's
 * next segment tells it as well.
 */
static __always_inline __u32 acknowledgement(struct flow *flow, __u32 direction)
{
	if (flow->opener != direction + 1)
		return KEEP_WHOLE;
	if (flow->opened)
		return KEEP_NONE;
	flow->opened = 1;
	return KEEP_WHOLE;
}

/*
 * A TCP segment whose headers were read; `reach`: where its payload begins in the frame, and in the upper half where it ends;
 * `marks`: its flags, and above them its direction. A function of numbers, so that the verifier looks at it once and not
 * again for every way over the headers: that is most of the time between our start and the first packet.
 */
__noinline __u32 segment(struct __sk_buff *skb, __u64 key, __u64 reach, __u32 seq, __u32 marks)
{
	const struct piece piece = { .at = reach, .end = reach >> 32, .octets = (reach >> 32) - (__u32)reach, .seq = seq };
	__u32 flags = marks & 0xff, direction = marks >> 8 & 1;
	int empty = piece.at >= piece.end;
	__u32 place, keep;
	struct flow *flow = place_of(key, &place);

	if (!flow || (flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
		return KEEP_WHOLE;
	if (flags & TCP_SYN) {
		begin_flow(flow, key);
		flow->opener = direction + 1;
		return KEEP_WHOLE;
	}
	if (flow->key != key) {
		if (empty)
			return KEEP_WHOLE;
		begin_flow(flow, key);
	}
	if (flags & TCP_RST) {
		forget(flow);
		return KEEP_WHOLE;
	}
	if (empty && !(flags & TCP_FIN))
		return acknowledgement(flow, direction);
	keep = empty ? KEEP_WHOLE : piece.at + kept(skb, &piece, flow, place, direction);
	if (flags & TCP_FIN)
		end(flow, direction);
	return keep;
}

static __always_inline __u32 of_segment(struct __sk_buff *skb, const struct packet *p)
{
	__u64 key;
	__u32 direction = connection(p, &key);

	return segment(skb, key, p->payload | (__u64)p->end << 32, p->seq, p->flags | direction << 8);
}

static __always_inline __u32 datagram(struct __sk_buff *skb, const struct packet *p)
{
	__u8 ports[4];

	if (!settings.triage)
		return KEEP_WHOLE;
	if (load(skb, p->at, ports, sizeof(ports)))
		return KEEP_NONE;
	return be16(ports) == DNS_PORT || be16(ports + 2) == DNS_PORT ? KEEP_WHOLE : KEEP_NONE;
}

/* Goes over the headers. True where a TCP segment is to be judged; else `keep` says what is done with the frame. */
static __always_inline int is_segment(struct __sk_buff *skb, struct packet *p, __u16 type, __u32 *keep)
{
	p->end = skb->len;
	*keep = KEEP_WHOLE;
	if (type == 0x0806)
		return 0;
	if (type == 0x0800 ? !ipv4(skb, p) : type == 0x86dd ? !ipv6(skb, p) : 1) {
		*keep = settings.triage ? KEEP_NONE : KEEP_WHOLE;
		return 0;
	}
	switch (p->protocol) {
	case IP_TCP:
		/* Headers that cannot be read are evidence too. */
		return tcp(skb, p);
	case IP_UDP:
		*keep = datagram(skb, p);
		return 0;
	case IP_ICMP:
	case IP6_ICMP:
	case IP_LATER_FRAGMENT:
		return 0;
	default:
		*keep = settings.triage ? KEEP_NONE : KEEP_WHOLE;
		return 0;
	}
}

static __always_inline __u32 judge(struct __sk_buff *skb, struct packet *p, int segmented, __u32 keep)
{
	if (segmented && !wanted(p))
		keep = KEEP_NONE;
	else if (segmented)
		keep = settings.triage ? of_segment(skb, p) : KEEP_WHOLE;
	return keep < settings.snap ? keep : settings.snap;
}

SEC("socket")
int triage_ethernet(struct __sk_buff *skb)
{
	struct packet p = {};
	__u32 keep = KEEP_NONE;
	int segmented = plain_tcp(skb, &p) || is_segment(skb, &p, ether_type(skb, &p), &keep);

	return judge(skb, &p, segmented, keep);
}

/* Interfaces whose frames begin with the IP header: tunnels. */
SEC("socket")
int triage_ip(struct __sk_buff *skb)
{
	struct packet p = {};
	__u32 keep;
	int segmented = is_segment(skb, &p, ip_version(skb, &p), &keep);

	return judge(skb, &p, segmented, keep);
}
