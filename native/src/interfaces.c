// SPDX-License-Identifier: MIT
#include "interfaces.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel sends no larger piece (NLMSG_GOODSIZE and what it grows to). */
#define PIECE 32768
/* Pieces read in a row: a dump of MAX_INTERFACES fits, and nobody keeps us here. */
#define MAX_PIECES 4096

static enum frames frames_of(unsigned short hardware)
{
	switch (hardware) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return ETHERNET;
	case ARPHRD_NONE:
	case ARPHRD_PPP:
	case ARPHRD_RAWIP:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
		return BARE_IP;
	default:
		return UNREADABLE;
	}
}

static struct interface *find(struct interfaces *all, int index)
{
	int n;

	for (n = 0; n < all->count; n++)
		if (all->all[n].index == index)
			return &all->all[n];
	return NULL;
}

static struct interface *find_or_add(struct interfaces *all, int index)
{
	struct interface *found = find(all, index);

	if (found || all->count == MAX_INTERFACES)
		return found;
	found = &all->all[all->count++];
	*found = (struct interface){ .index = index };
	return found;
}

static void remove_interface(struct interfaces *all, int index)
{
	struct interface *gone = find(all, index);

	if (gone)
		*gone = all->all[--all->count];
}

static void read_link(struct interfaces *all, const struct nlmsghdr *message)
{
	const struct ifinfomsg *link = NLMSG_DATA(message);
	const struct rtattr *attribute = IFLA_RTA(link);
	int left = IFLA_PAYLOAD(message);
	struct interface *interface;

	/* A bridge tells of its ports in messages of its own family. */
	if (link->ifi_family != AF_UNSPEC)
		return;
	if (message->nlmsg_type == RTM_DELLINK) {
		remove_interface(all, link->ifi_index);
		return;
	}
	interface = find_or_add(all, link->ifi_index);
	if (!interface)
		return;
	interface->up = link->ifi_flags & IFF_UP;
	interface->loopback = link->ifi_flags & IFF_LOOPBACK;
	interface->frames = frames_of(link->ifi_type);
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
		if (attribute->rta_type == IFLA_IFNAME)
			strncpy(interface->name, RTA_DATA(attribute), sizeof(interface->name) - 1);
}

static void read_address(struct interfaces *all, const struct nlmsghdr *message)
{
	const struct ifaddrmsg *address = NLMSG_DATA(message);
	struct interface *interface = find(all, address->ifa_index);

	if (interface)
		interface->addressed = true;
}

/* Reads one piece. False: there is none, or the answer to a question is complete. */
static bool read_piece(struct interfaces *all, int flags)
{
	static char piece[PIECE] __attribute__((aligned(NLMSG_ALIGNTO)));
	ssize_t octets = recv(all->fd, piece, sizeof(piece), flags);
	unsigned int left = octets < 0 ? 0 : octets;
	const struct nlmsghdr *message = (const struct nlmsghdr *)piece;

	/* Too much changed at once: what was lost shows with the next change. */
	if (octets < 0)
		return errno == EINTR || errno == ENOBUFS;
	for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
			return false;
		if (message->nlmsg_type == RTM_NEWLINK || message->nlmsg_type == RTM_DELLINK)
			read_link(all, message);
		else if (message->nlmsg_type == RTM_NEWADDR)
			read_address(all, message);
	}
	return true;
}

static int ask(struct interfaces *all, int type)
{
	const struct {
		struct nlmsghdr header;
		struct rtgenmsg body;
	} question = {
		.header = { .nlmsg_len = sizeof(question), .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};
	int n;

	if (send(all->fd, &question, sizeof(question), 0) < 0)
		return errno;
	for (n = 0; n < MAX_PIECES && read_piece(all, 0); n++)
		;
	return 0;
}

int interfaces_open(struct interfaces *all)
{
	const struct sockaddr_nl groups = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	};
	int error;

	memset(all, 0, sizeof(*all));
	all->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (all->fd < 0 || bind(all->fd, (const struct sockaddr *)&groups, sizeof(groups)) < 0)
		return errno;
	error = ask(all, RTM_GETLINK);
	return error ? error : ask(all, RTM_GETADDR);
}

void interfaces_read(struct interfaces *all)
{
	int n;

	for (n = 0; n < MAX_PIECES && read_piece(all, MSG_DONTWAIT); n++)
		;
}

const struct interface *interface_named(const struct interfaces *all, const char *name)
{
	int n;

	for (n = 0; n < all->count; n++)
		if (strcmp(all->all[n].name, name) == 0)
			return &all->all[n];
	return NULL;
}

const struct interface *interface_numbered(const struct interfaces *all, int index)
{
	return find((struct interfaces *)all, index);
}

bool interface_wanted(const struct interface *interface)
{
	return interface->up && interface->frames != UNREADABLE && (interface->loopback || interface->addressed);
}
