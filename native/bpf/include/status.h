/* SPDX-License-Identifier: MIT */
/* The status of an answer, where its first octets lie in user space: as they are sent, or before TLS hides them. */
#ifndef WHY502_STATUS_H
#define WHY502_STATUS_H

#include "attempt.h"
#include "call.h"

/* `HTTP/1.1 502` */
#define STATUS_LINE 12
/* A TLS record of application data (RFC 8446 5.1). */
#define APPLICATION_DATA 0x17

static __always_inline bool is_digit(char octet)
{
	return octet >= '0' && octet <= '9';
}

/* 0 where it is none. */
static __always_inline __u32 status_in(const char *line)
{
	if (line[0] != 'H' || line[1] != 'T' || line[2] != 'T' || line[3] != 'P' || line[4] != '/' || line[8] != ' ')
		return 0;
	if (!is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]))
		return 0;
	return (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
}

/*
 * Of what the thread sends from there; 0 where it cannot be read, or is none. `thread->plain` stays only where TLS hides it: in its
 * records, or (NULL) in the kernel, which then has them from user space no more.
 */
static __always_inline __u32 status_at(struct thread *thread, const void *from)
{
	char line[STATUS_LINE];
	bool known = from && !bpf_probe_read_user(line, sizeof(line), from);

	if (known ? line[0] == APPLICATION_DATA : !from)
		return thread->plain ? thread->plain_status : 0;
	thread->plain = 0;
	return known ? status_in(line) : 0;
}

/* That of the answer which the system call hands over; `moved`: so many octets of it. */
static __always_inline __u32 status_of_call(struct thread *thread, __u32 moved)
{
	struct piece first;
	struct call call;
	bool known = this_call(&call) && call.sends && nth_piece(&call, 0, moved, &first);

	return status_at(thread, known ? (const void *)first.base : NULL);
}

#endif
