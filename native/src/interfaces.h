/* SPDX-License-Identifier: MIT */
/* Which interfaces there are, and which of them are worth following: rtnetlink tells, now and when something changes. */
#ifndef WHY502_INTERFACES_H
#define WHY502_INTERFACES_H

#include <stdbool.h>

#define MAX_INTERFACES 256

/* What its frames begin with. */
enum frames { UNREADABLE, ETHERNET, BARE_IP };

struct interface {
	int index;
	char name[16];
	enum frames frames;
	bool up;
	bool loopback;
	/* It has, or had, an IPv4 or IPv6 address. */
	bool addressed;
};

struct interfaces {
	int fd;
	struct interface all[MAX_INTERFACES];
	int count;
};

/* Opens the socket and reads what there is now. Returns 0 or the error. */
int interfaces_open(struct interfaces *interfaces);
/* Reads what has changed. */
void interfaces_read(struct interfaces *interfaces);
const struct interface *interface_named(const struct interfaces *interfaces, const char *name);
const struct interface *interface_numbered(const struct interfaces *interfaces, int index);
/* Is it one that is followed unless others are named? */
bool interface_wanted(const struct interface *interface);

#endif
