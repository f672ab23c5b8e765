/* SPDX-License-Identifier: MIT */
/* What the probes tell user space: one shape for every kind, zeroed before it is filled. */
#ifndef WHY502_EVENT_H
#define WHY502_EVENT_H

#include <linux/types.h>

#define NAME_OCTETS 16
/* A unix socket's path is this long at most. */
#define PATH_OCTETS 108

enum event_kind {
	/* A thread closed a connection that it had opened: it failed, or what followed says that it did. */
	ATTEMPT_ENDED = 1,
	/* The same thread, next: it opened another one, or used another one again. */
	RETRIED,
	/* The same thread, next: it wrote to a connection that it had accepted. */
	ANSWERED,
	/* A connection that was accepted here is closed although it owes an answer. */
	PEER_CLOSED,
	RESET_SENT,
	EXITED,
	SIGNALLED,
	OOM_VICTIM,
	/* A SYN of this host is sent again: its peer did not answer. */
	SYN_REPEATED,
	/* A TCP segment was thrown away, for a reason that can end in a 502. */
	DROPPED,
	/* Somebody who listens had no file descriptor left for a connection. */
	NOT_ACCEPTING,
	/* A gateway's thread wrote a line into its error log: about the attempt `socket`, or right before it answered that client. */
	LOGGED,
	EVENT_KINDS,
};

enum event_flags {
	/* Of an attempt: the peer never accepted; the peer ended it; no octet came in answer to the last ones sent. */
	NEVER_OPEN = 1 << 0,
	ENDED_BY_PEER = 1 << 1,
	UNANSWERED = 1 << 2,
	/* It was the first thing done after octets of a client were read. */
	AFTER_READ = 1 << 3,
	/* It had been used before; it was opened before we looked. */
	REUSED = 1 << 4,
	/* Of an answer: nothing was done between reading the client's octets and this. */
	DIRECT = 1 << 5,
	/* Of a closer: it is dying. Of a connection: nobody accepted it. */
	EXITING = 1 << 6,
	NOT_ACCEPTED = 1 << 7,
	/* Whoever is named did it; else only what the processor ran at that time is known. */
	BY_TASK = 1 << 8,
	/* Of a signal: its sender is the target's parent; the kernel sent it. */
	BY_PARENT = 1 << 9,
	BY_KERNEL = 1 << 10,
	/* Of an answer inside TLS: what was said are frames of HTTP/2, perhaps from the midst of a connection. */
	HTTP2_FRAMES = 1 << 11,
};

struct event {
	/* By the kernel's steady clock. */
	__u64 at;
	__u32 kind;
	__u32 flags;
	__u32 process;
	__u32 thread;
	char name[NAME_OCTETS];
	/* Connections, by the kernel's own number; 0: none. The one that ended right before. */
	__u64 socket;
	__u64 after;
	/* IPv4 as IPv4-mapped IPv6; ports in host order. */
	__u8 local[16];
	__u8 remote[16];
	__u16 local_port;
	__u16 remote_port;
	/* The other process: who got the signal, whose memory was wanted, who read from a unix socket; and its parent. */
	__u32 other;
	char other_name[NAME_OCTETS];
	__u32 parent;
	__s32 error;
	__u32 reason;
	__u32 signal;
	__u32 code;
	/* Of an answer's status line; 0 where it cannot be read. */
	__u32 status;
	__u64 sent;
	__u64 received;
	/* Of an attempt at a unix socket; its addresses are empty then. */
	char path[PATH_OCTETS];
	/* Of a reset: octets that had come, and that nobody had read. */
	__u32 unread;
};

_Static_assert(sizeof(struct event) == 264, "no padding: nothing of the kernel's memory leaves it unseen");

/* Octets kept of a request on a unix socket, and of its response: as many as nginx reads of a head by default. */
#define TALK_OCTETS 4096

/* nginx writes no longer line into its error log (NGX_MAX_ERROR_STR). */
#define LINE_OCTETS 2048

/* Follows the event of an attempt at a unix socket: its request and response. Of LOGGED the line stands in the request's place. */
struct talk_facts {
	/* When the first octets were sent, and received, by the kernel's steady clock; 0: none. */
	__u64 requested;
	__u64 responded;
	/* How many, and how many of them follow here. */
	__u32 request;
	__u32 response;
	__u32 request_kept;
	__u32 response_kept;
	/* Inside TLS: which request of its connection it is, as far as that was looked at; 0: not counted. */
	__u32 nth;
	__u32 pad;
};

struct talk {
	struct talk_facts facts;
	/* The request, and right after it the response. */
	__u8 octets[2 * TALK_OCTETS];
};

#endif
