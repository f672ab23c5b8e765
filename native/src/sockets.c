// SPDX-License-Identifier: MIT
#include "sockets.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TCP_LISTENING 10
#define TCP_OPEN 1
#define STATE(number) (1u << (number))

#define PIECE 32768
/* Pieces of one answer: MAX_SOCKETS fit, and nobody keeps us here. */
#define MAX_PIECES 4096

struct request {
	struct nlmsghdr header;
	union {
		struct inet_diag_req_v2 inet;
		struct unix_diag_req local;
	};
};

int sockets_open(void)
{
	return socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
}

static struct open_socket *add_socket(struct sockets *sockets)
{
	if (sockets->count == MAX_SOCKETS) {
		sockets->not_listed++;
		return NULL;
	}
	memset(&sockets->all[sockets->count], 0, sizeof(sockets->all[0]));
	return &sockets->all[sockets->count++];
}

static void copy_address(__u8 *to, const __be32 *from, int family)
{
	if (family == AF_INET6) {
		memcpy(to, from, 16);
		return;
	}
	to[10] = to[11] = 0xff;
	memcpy(to + 12, from, 4);
}

static void read_inet(struct sockets *sockets, const struct nlmsghdr *message)
{
	const struct inet_diag_msg *m = NLMSG_DATA(message);
	struct open_socket *one;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof(*m)))
		return;
	one = add_socket(sockets);
	if (!one)
		return;
	copy_address(one->local, m->id.idiag_src, m->idiag_family);
	copy_address(one->remote, m->id.idiag_dst, m->idiag_family);
	one->local_port = ntohs(m->id.idiag_sport);
	one->remote_port = ntohs(m->id.idiag_dport);
	one->listens = m->idiag_state == TCP_LISTENING;
	one->queue = m->idiag_rqueue;
	one->backlog = m->idiag_wqueue;
	one->user = m->idiag_uid;
	one->inode = m->idiag_inode;
}

static void read_unix(struct sockets *sockets, const struct nlmsghdr *message)
{
	const struct unix_diag_msg *m = NLMSG_DATA(message);
	const struct rtattr *attribute = (const struct rtattr *)(m + 1);
	int left = (int)message->nlmsg_len - (int)NLMSG_LENGTH(sizeof(*m));
	struct open_socket found = { .listens = true, .inode = m->udiag_ino };
	struct open_socket *one;

	if (left < 0 || m->udiag_type != SOCK_STREAM)
		return;
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		const char *octets = RTA_DATA(attribute);
		size_t length = RTA_PAYLOAD(attribute);

		if (attribute->rta_type == UNIX_DIAG_NAME) {
			memcpy(found.path, octets, length < PATH_OCTETS ? length : PATH_OCTETS);
		} else if (attribute->rta_type == UNIX_DIAG_RQLEN && length >= sizeof(struct unix_diag_rqlen)) {
			const struct unix_diag_rqlen *queue = (const void *)octets;

			found.queue = queue->udiag_rqueue;
			found.backlog = queue->udiag_wqueue;
		} else if (attribute->rta_type == UNIX_DIAG_UID && length >= sizeof(__u32)) {
			memcpy(&found.user, octets, sizeof(found.user));
		}
	}
	/* No name, or an abstract one: no gateway connects to it. */
	if (found.path[0] != '/')
		return;
	one = add_socket(sockets);
	if (one)
		*one = found;
}

static void ask(int fd, const struct request *request, struct sockets *sockets,
		void (*take)(struct sockets *, const struct nlmsghdr *))
{
	static char piece[PIECE] __attribute__((aligned(NLMSG_ALIGNTO)));
	int n;

	if (send(fd, request, request->header.nlmsg_len, 0) < 0)
		return;
	for (n = 0; n < MAX_PIECES; n++) {
		ssize_t length = recv(fd, piece, sizeof(piece), 0);
		const struct nlmsghdr *message = (const void *)piece;

		if (length <= 0)
			return;
		for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length)) {
			if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
				return;
			take(sockets, message);
		}
	}
}

static void begin_request(struct request *request, size_t body)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_len = NLMSG_LENGTH(body);
	request->header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
	request->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
}

void sockets_list(int fd, struct sockets *sockets, bool connections)
{
	static const int FAMILIES[] = { AF_INET, AF_INET6 };
	struct request request;
	int n;

	sockets->count = sockets->not_listed = 0;
	if (fd < 0)
		return;
	for (n = 0; n < 2; n++) {
		begin_request(&request, sizeof(request.inet));
		request.inet.sdiag_family = FAMILIES[n];
		request.inet.sdiag_protocol = IPPROTO_TCP;
		request.inet.idiag_states = STATE(TCP_LISTENING) | (connections ? STATE(TCP_OPEN) : 0);
		ask(fd, &request, sockets, read_inet);
	}
	begin_request(&request, sizeof(request.local));
	request.local.sdiag_family = AF_UNIX;
	request.local.udiag_states = STATE(TCP_LISTENING);
	request.local.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_RQLEN | UDIAG_SHOW_UID;
	ask(fd, &request, sockets, read_unix);
}
