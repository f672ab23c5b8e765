/* SPDX-License-Identifier: MIT */
/*
 * The system call that this thread is in, and the octets that it hands over or takes: told by its registers, so that no
 * tracepoint of system calls is needed. Where it is none of those below (io_uring, sendfile) nothing is known of them.
 */
#ifndef WHY502_CALL_H
#define WHY502_CALL_H

#include "probe.h"

/* Pieces of one call that are looked at: nginx hands over a request in three or four. */
#define MAX_PIECES 8

/* As user space has them, on 64-bit machines. */
struct piece {
	__u64 base;
	__u64 length;
};

struct message {
	__u64 name;
	__u64 name_length;
	__u64 pieces;
	__u64 count;
};

struct call {
	/* One piece, or where they are. */
	__u64 base;
	__u64 pieces;
	__u32 count;
	bool sends;
};

/* SENDS is one more bit of those that hand octets over. */
enum shape { NEITHER, PLAIN, VECTOR, MESSAGE, SENDS };

static __always_inline __u32 shape_on_x86(__u64 number)
{
	switch (number) {
	case 0: /* read */
	case 45: /* recvfrom */
		return PLAIN;
	case 1: /* write */
	case 44: /* sendto */
		return PLAIN | SENDS;
	case 19: /* readv */
		return VECTOR;
	case 20: /* writev */
		return VECTOR | SENDS;
	case 47: /* recvmsg */
		return MESSAGE;
	case 46: /* sendmsg */
		return MESSAGE | SENDS;
	default:
		return NEITHER;
	}
}

static __always_inline __u32 shape_on_arm64(__u64 number)
{
	switch (number) {
	case 63: /* read */
	case 207: /* recvfrom */
		return PLAIN;
	case 64: /* write */
	case 206: /* sendto */
		return PLAIN | SENDS;
	case 65: /* readv */
		return VECTOR;
	case 66: /* writev */
		return VECTOR | SENDS;
	case 212: /* recvmsg */
		return MESSAGE;
	case 211: /* sendmsg */
		return MESSAGE | SENDS;
	default:
		return NEITHER;
	}
}

static __always_inline bool this_call(struct call *call)
{
	void *registers = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	__u32 shape = NEITHER;
	__u64 second = 0, third = 0;

	if (bpf_core_type_exists(struct pt_regs___x86) && bpf_core_field_exists(((struct pt_regs___x86 *)0)->orig_ax)) {
		const struct pt_regs___x86 *x86 = registers;

		shape = shape_on_x86(BPF_CORE_READ(x86, orig_ax));
		second = BPF_CORE_READ(x86, si);
		third = BPF_CORE_READ(x86, dx);
	} else if (bpf_core_field_exists(((struct pt_regs___arm64 *)0)->syscallno)) {
		const struct pt_regs___arm64 *arm64 = registers;

		shape = shape_on_arm64(BPF_CORE_READ(arm64, syscallno));
		second = BPF_CORE_READ(arm64, regs[1]);
		third = BPF_CORE_READ(arm64, regs[2]);
	}
	call->base = call->pieces = 0;
	call->count = 1;
	call->sends = shape & SENDS;
	shape &= ~SENDS;
	if (shape == PLAIN) {
		call->base = second;
	} else if (shape == VECTOR) {
		call->pieces = second;
		call->count = third;
	} else if (shape == MESSAGE) {
		struct message message;

		if (bpf_probe_read_user(&message, sizeof(message), (void *)second))
			return false;
		call->pieces = message.pieces;
		call->count = message.count;
	}
	return shape != NEITHER;
}

/* The nth piece of a call that moved `left` octets from there on. */
static __always_inline bool nth_piece(const struct call *call, __u32 n, __u32 left, struct piece *piece)
{
	if (n >= call->count)
		return false;
	if (!call->pieces) {
		piece->base = call->base;
		piece->length = left;
		return true;
	}
	if (bpf_probe_read_user(piece, sizeof(*piece), (void *)(call->pieces + n * sizeof(*piece))))
		return false;
	if (piece->length > left)
		piece->length = left;
	return true;
}

#endif
