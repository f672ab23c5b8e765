/* SPDX-License-Identifier: MIT */
/* The status of an answer, where its first octets lie in user space. */
#ifndef WHY502_STATUS_H
#define WHY502_STATUS_H

#include "call.h"

/* `HTTP/1.1 502` */
#define STATUS_LINE 12

static __always_inline bool is_digit(char octet)
{
	return octet >= '0' && octet <= '9';
}

/* 0 where it cannot be read, or is none. */
static __always_inline __u32 status_at(const void *from)
{
	char line[STATUS_LINE];

	if (!from || bpf_probe_read_user(line, sizeof(line), from))
		return 0;
	if (line[0] != 'H' || line[1] != 'T' || line[2] != 'T' || line[3] != 'P' || line[4] != '/' || line[8] != ' ')
		return 0;
	if (!is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]))
		return 0;
	return (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
}

/* That of the answer which the system call hands over; `moved`: so many octets of it. */
static __always_inline __u32 status_of_call(__u32 moved)
{
	struct piece first;
	struct call call;

	return this_call(&call) && call.sends && nth_piece(&call, 0, moved, &first) ? status_at((const void *)first.base) : 0;
}

#endif
