/* SPDX-License-Identifier: MIT */
/* The sockets that exist on this host, as the kernel lists them (sock_diag): listeners with their queues, TCP connections. */
#ifndef WHY502_SOCKETS_H
#define WHY502_SOCKETS_H

#include <stdbool.h>

#include "../bpf/include/event.h"

/* Listed at most; what is more is counted. */
#define MAX_SOCKETS 4096

struct open_socket {
	/* Ends as in an event; a unix socket has a path instead. */
	__u8 local[16];
	__u8 remote[16];
	__u16 local_port;
	__u16 remote_port;
	char path[PATH_OCTETS + 1];
	bool listens;
	/* Of a listener: connections that wait to be accepted, and how many may. */
	__u32 queue;
	__u32 backlog;
	__u32 user;
	__u64 inode;
	/* Who holds it, and where that belongs to; 0 where that is not known. */
	__u32 process;
	char name[NAME_OCTETS];
	char unit[64];
};

struct sockets {
	struct open_socket all[MAX_SOCKETS];
	int count;
	/* There were more. */
	int not_listed;
};

/* A socket to ask with, opened while that is allowed; -1 where it is not. */
int sockets_open(void);
/* TCP listeners and unix stream listeners; with `connections`, established TCP connections too. */
void sockets_list(int fd, struct sockets *sockets, bool connections);

#endif
