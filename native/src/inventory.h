/* SPDX-License-Identifier: MIT */
/* What exists before anything is captured: who listens, with which queue, and which connections servers had opened before. */
#ifndef WHY502_INVENTORY_H
#define WHY502_INVENTORY_H

#include "clock.h"
#include "pcapng.h"
#include "programs.h"
#include "sockets.h"

struct inventory {
	struct sockets sockets;
	/* To ask again for the queues. */
	int fd;
	/* The length that the kernel cuts every queue to; 0: not known. */
	unsigned int somaxconn;
	/* A gateway runs here, and somebody listens on a unix socket that may be its peer. */
	bool unix_peers;
	/* Gateways that can be asked what TLS hides. */
	struct programs programs;
};

/* Reads it all, while it may be read. */
void inventory_take(struct inventory *inventory);
/* At the beginning of every section. */
void inventory_write(const struct inventory *inventory, struct buffer *to, nanos at);
/* The queue of the listener at this address, as it is now: where it is one of this host. */
void inventory_queue(const struct inventory *inventory, const struct event *event, struct buffer *to, nanos at);

#endif
