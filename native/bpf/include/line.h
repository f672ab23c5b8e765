/* SPDX-License-Identifier: MIT */
/*
 * The line that a gateway's thread wrote into its error log last. It stays in the kernel, and leaves with the attempt that it is
 * about, or with the 502 that it was written right before: what no failure follows is told to nobody, however much is logged.
 */
#ifndef WHY502_LINE_H
#define WHY502_LINE_H

#include "attempt.h"

/* What a line is about follows within the same turn of the thread; in between it may have been off its processor. */
#define LINE_LASTS 100000000ull

/* As it leaves the kernel. */
struct written {
	struct event event;
	struct talk_facts facts;
	/* The second half is for the verifier, which adds up limits. */
	__u8 octets[2 * LINE_OCTETS];
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct written);
} written SEC(".maps");

/* The line becomes known to user space; `socket`: the attempt's, or that of the client who is answered. */
static __noinline void tell_line(struct thread *thread, __u64 socket)
{
	struct written *line = bpf_task_storage_get(&written, bpf_get_current_task_btf(), NULL, 0);
	__u64 length;

	thread->line = NO_LINE;
	if (!line || bpf_ktime_get_ns() - line->event.at > LINE_LASTS)
		return;
	line->event.socket = socket;
	length = within(line->facts.request_kept, LINE_OCTETS);
	if (bpf_ringbuf_output(&events, line, sizeof(line->event) + sizeof(line->facts) + length, 0) != 0)
		lose();
}

static __always_inline void tell_line_of_attempt(struct thread *thread)
{
	if (thread->line != OF_ATTEMPT)
		return;
	thread->logged = 1;
	tell_line(thread, thread->attempt.socket);
}

#endif
