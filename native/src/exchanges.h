/* SPDX-License-Identifier: MIT */
/*
 * Which of the packets that wait belong to exchanges that went well: looked at ahead of those that are written, so that
 * under pressure successes stay here and every failure leaves whole. Asked of octets is only what an answer begins with.
 *
 * An exchange went well where every request of it was answered, each answer's head is whole and its status below 500, no
 * RST and no early FIN was seen, and no event of the kernel names its connection. What is no HTTP/1 and no CGI answer never
 * did. Bounded: a connection that is pushed out of the table, and an exchange that is too old, are written.
 */
#ifndef WHY502_EXCHANGES_H
#define WHY502_EXCHANGES_H

#include "../bpf/include/event.h"
#include "segment.h"

/* Servers that are counted by name; the last one stands for all others. */
#define SERVERS 64

struct exchanges;

struct served {
	struct end server;
	/* Exchanges left out since this was told last. */
	uint64_t left_out;
};

enum judgement {
	WRITE,
	LEAVE_OUT,
	/* .. and the reader knows the connection: it must be told that something is missing from here on. */
	LEAVE_OUT_OF_KNOWN,
};

struct exchanges *exchanges_new(void);
/* What was seen before is of no use: there may be packets between that were not looked at. */
void exchanges_forget(struct exchanges *exchanges);
/* The next packet, in the order of time. Returns its exchange's number; 0 where it belongs to none that is known. */
uint32_t exchanges_look(struct exchanges *exchanges, const struct packet_block *packet);
/* Both ends' exchange did not go well. */
void exchanges_blame(struct exchanges *exchanges, const struct event *event);
/* What is done with an exchange's packet: the first one decides for all. `may`: exchanges may be left out. */
enum judgement exchanges_judge(struct exchanges *exchanges, uint32_t number, bool may);
/* The n-th server of which exchanges were left out, of `SERVERS`. */
struct served *exchanges_served(struct exchanges *exchanges, int n);

#endif
