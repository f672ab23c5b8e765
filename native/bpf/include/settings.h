/* SPDX-License-Identifier: MIT */
/*
 * What user space tells the triage filter before it is loaded: constants to the kernel, so that what is off costs nothing.
 * Shared by both sides; plain fixed-width types only.
 */
#ifndef WHY502_SETTINGS_H
#define WHY502_SETTINGS_H

#include <linux/types.h>

#define MAX_PORTS 16
#define MAX_HOSTS 16

struct triage_settings {
	/* Octets of any frame that are kept at most. */
	__u32 snap;
	/* Octets of a message's head that are kept at most, and of what follows it. */
	__u32 head;
	__u32 body;
	/* 0: frames are only chosen by port and host, and kept whole. */
	__u8 triage;
	__u8 ports;
	__u8 hosts;
	__u8 pad;
	__u16 port[MAX_PORTS];
	/* IPv4 as ::ffff:a.b.c.d. */
	__u8 host[MAX_HOSTS][16];
};

_Static_assert(sizeof(struct triage_settings) == 16 + 2 * MAX_PORTS + 16 * MAX_HOSTS, "no hidden padding");

#endif
