// SPDX-License-Identifier: MIT
#include "exchanges.h"

#include <stdlib.h>
#include <string.h>

#include "heads.h"

/*
 * Connections followed, in sets of which the one without news for longest goes; exchanges remembered, the latest ones. A set's
 * tags and news share a cache line: of its connections only the one that is meant is touched.
 */
#define SETS 4096
#define WAYS 8
#define REMEMBERED (1u << 18)

/* Of the exchange before: there was one, and nobody knows whether it was written. */
#define UNSEEN UINT32_MAX

enum state { UNDECIDED, WRITTEN, LEFT_OUT };

struct exchange {
	uint32_t number;
	/* The one before on the same connection; 0: the connection began with this one. */
	uint32_t before;
	uint8_t state;
	uint8_t server;
	bool failed;
	/* Saturate. */
	uint8_t asked;
	uint8_t answered;
};

struct flow {
	/* The lower one first. */
	struct end low;
	struct end high;
	uint32_t interface;
	/* 0: none yet. */
	uint32_t exchange;
	/* Since when what is known of it holds. */
	uint32_t epoch;
	bool low_asks;
	/* The server spoke since it was asked. */
	bool responding;
};

struct set {
	/* Of the connection's hash, what the set's number leaves over; when there was news of it, counted. */
	uint32_t tag[WAYS];
	uint32_t news[WAYS];
	struct flow flow[WAYS];
};

struct exchanges {
	uint32_t epoch;
	uint32_t news;
	/* The number given last. */
	uint32_t last;
	struct served servers[SERVERS];
	struct exchange all[REMEMBERED];
	struct set sets[SETS];
};

struct exchanges *exchanges_new(void)
{
	/* Untouched, it takes no memory. */
	return calloc(1, sizeof(struct exchanges));
}

void exchanges_forget(struct exchanges *x)
{
	x->epoch++;
}

struct served *exchanges_served(struct exchanges *x, int n)
{
	return &x->servers[n];
}

static struct exchange *exchange_of(struct exchanges *x, uint32_t number)
{
	struct exchange *exchange = &x->all[number % REMEMBERED];

	return number && exchange->number == number ? exchange : NULL;
}

static uint8_t server_of(struct exchanges *x, const struct end *server)
{
	int n;

	for (n = 0; n < SERVERS - 1; n++) {
		struct served *served = &x->servers[n];

		if (served->server.port == 0)
			served->server = *server;
		if (memcmp(&served->server, server, sizeof(*server)) == 0)
			return n;
	}
	return SERVERS - 1;
}

static uint64_t mix(uint64_t value, uint64_t word)
{
	value = (value ^ word) * 0x9e3779b97f4a7c15u;
	return value ^ value >> 32;
}

static uint64_t hash(const struct end *low, const struct end *high)
{
	uint64_t halves[4];

	memcpy(halves, low->address, 16);
	memcpy(halves + 2, high->address, 16);
	return mix(mix(mix(halves[0] ^ halves[2], halves[1]), halves[3]), (uint32_t)low->port << 16 | high->port);
}

static struct set *set_of(struct exchanges *x, uint64_t hash)
{
	return &x->sets[hash % SETS];
}

static uint32_t tag_of(uint64_t hash)
{
	return hash >> 32;
}

static bool is_of(const struct flow *flow, const struct end *low, const struct end *high)
{
	return memcmp(&flow->low, low, sizeof(*low)) == 0 && memcmp(&flow->high, high, sizeof(*high)) == 0;
}

/* The connection's row, made where there is none. */
static struct flow *flow_of(struct exchanges *x, const struct end *low, const struct end *high, uint32_t interface)
{
	uint64_t hashed = hash(low, high);
	struct set *set = set_of(x, hashed);
	struct flow *flow;
	int oldest = 0;
	int n;

	x->news++;
	for (n = 0; n < WAYS; n++) {
		flow = &set->flow[n];
		if (set->tag[n] == tag_of(hashed) && flow->interface == interface && flow->epoch == x->epoch && is_of(flow, low, high)) {
			set->news[n] = x->news;
			return flow;
		}
		if (set->news[n] < set->news[oldest])
			oldest = n;
	}
	flow = &set->flow[oldest];
	*flow = (struct flow){ .low = *low, .high = *high, .interface = interface, .epoch = x->epoch };
	set->tag[oldest] = tag_of(hashed);
	set->news[oldest] = x->news;
	return flow;
}

static struct exchange *begin(struct exchanges *x, struct flow *flow, const struct segment *segment, uint32_t before)
{
	struct exchange *exchange;

	if (++x->last == UNSEEN)
		x->last = 1;
	exchange = &x->all[x->last % REMEMBERED];
	*exchange = (struct exchange){ .number = x->last, .before = before, .server = server_of(x, &segment->to) };
	flow->exchange = x->last;
	flow->responding = false;
	return exchange;
}

static void more(uint8_t *count)
{
	if (*count < UINT8_MAX)
		++*count;
}

static struct exchange *ask(struct exchanges *x, struct flow *flow, struct exchange *exchange, const struct segment *segment)
{
	if (flow->responding)
		exchange = begin(x, flow, segment, exchange->number);
	/* One request may take several segments, and several may come before the first answer. */
	if (exchange->asked == 0 || begins_request(segment))
		more(&exchange->asked);
	return exchange;
}

static void answer(struct flow *flow, struct exchange *exchange, const struct segment *segment)
{
	/* What follows an answer's first octets is its body. */
	if (exchange->asked > 0 && exchange->answered >= exchange->asked && !begins_with(segment, "HTTP/1."))
		return;
	switch (answer_of(segment)) {
	case INTERIM:
		return;
	case WELL:
		more(&exchange->answered);
		break;
	case ILL:
		exchange->failed = true;
	}
	flow->responding = true;
}

static bool went_well(const struct exchange *exchange)
{
	/* A count that saturated is none. */
	return !exchange->failed && exchange->asked > 0 && exchange->asked < UINT8_MAX && exchange->answered == exchange->asked;
}

uint32_t exchanges_look(struct exchanges *x, const struct packet_block *packet)
{
	struct segment segment;
	struct exchange *exchange;
	struct flow *flow;
	bool from_low;

	if (!segment_of(packet, &segment))
		return 0;
	from_low = memcmp(&segment.from, &segment.to, sizeof(segment.from)) < 0;
	flow = from_low ? flow_of(x, &segment.from, &segment.to, packet->interface) :
			  flow_of(x, &segment.to, &segment.from, packet->interface);
	exchange = exchange_of(x, flow->exchange);
	if ((segment.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		exchange = begin(x, flow, &segment, 0);
		flow->low_asks = from_low;
	} else if (!exchange) {
		if (!begins_request(&segment))
			return 0;
		exchange = begin(x, flow, &segment, UNSEEN);
		flow->low_asks = from_low;
	}
	if (segment.length > 0) {
		if (from_low == flow->low_asks)
			exchange = ask(x, flow, exchange, &segment);
		else
			answer(flow, exchange, &segment);
	}
	if (segment.flags & TCP_RST || (segment.flags & TCP_FIN && !went_well(exchange)))
		exchange->failed = true;
	return exchange->number;
}

void exchanges_blame(struct exchanges *x, const struct event *event)
{
	struct end local = { .port = event->local_port };
	struct end remote = { .port = event->remote_port };
	bool local_is_low;
	const struct flow *flow;
	uint64_t hashed;
	int n;

	/* Of a line the failure that it is about is blamed, by an event of its own. */
	if (event->kind == LOGGED)
		return;
	memcpy(local.address, event->local, sizeof(local.address));
	memcpy(remote.address, event->remote, sizeof(remote.address));
	local_is_low = memcmp(&local, &remote, sizeof(local)) < 0;
	hashed = local_is_low ? hash(&local, &remote) : hash(&remote, &local);
	flow = set_of(x, hashed)->flow;
	for (n = 0; n < WAYS; n++) {
		struct exchange *exchange = exchange_of(x, flow[n].exchange);

		if (exchange && flow[n].epoch == x->epoch &&
		    (local_is_low ? is_of(&flow[n], &local, &remote) : is_of(&flow[n], &remote, &local)))
			exchange->failed = true;
	}
}

enum judgement exchanges_judge(struct exchanges *x, uint32_t number, bool may)
{
	struct exchange *exchange = exchange_of(x, number);
	const struct exchange *before;

	if (!exchange)
		return WRITE;
	if (exchange->state != UNDECIDED)
		return exchange->state == WRITTEN ? WRITE : LEAVE_OUT;
	exchange->state = may && went_well(exchange) ? LEFT_OUT : WRITTEN;
	if (exchange->state == WRITTEN)
		return WRITE;
	x->servers[exchange->server].left_out++;
	before = exchange_of(x, exchange->before);
	if (exchange->before == 0 || (before && before->state == LEFT_OUT))
		return LEAVE_OUT;
	return LEAVE_OUT_OF_KNOWN;
}
