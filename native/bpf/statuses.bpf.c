// SPDX-License-Identifier: MIT
/*
 * Which status does an answer have that is being written? Only a 502 that follows from no failure the kernel sees needs it:
 * a head that was refused, a response that was passed on, no attempt at all.
 *
 * Hook: tp_btf tcp_sendmsg_locked. Kernel: 6.16. Fallback: such answers are tied by what the packets say.
 * Cost: thirteen octets of each message that is written to an accepted TCP connection.
 */
#include "include/attempt.h"

/* `HTTP/1.1 502` */
#define STATUS_LINE 12

static __always_inline const void *first_octet(const struct iov_iter *iter)
{
	const void *base = NULL;
	const struct iovec *vector;

	if (iter->iter_type == bpf_core_enum_value(enum iter_type, ITER_UBUF))
		return (const char *)iter->ubuf + iter->iov_offset;
	if (iter->iter_type != bpf_core_enum_value(enum iter_type, ITER_IOVEC))
		return NULL;
	vector = iter->__iov;
	bpf_probe_read_kernel(&base, sizeof(base), &vector->iov_base);
	return base ? (const char *)base + iter->iov_offset : NULL;
}

static __always_inline bool is_digit(char octet)
{
	return octet >= '0' && octet <= '9';
}

SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(status, const struct sock *sk, const struct msghdr *message)
{
	char line[STATUS_LINE];
	struct thread *thread;
	const void *from;

	if (!is_ours(sk) || attempt_of(sk))
		return 0;
	thread = this_thread(0);
	if (!thread)
		return 0;
	from = first_octet(&message->msg_iter);
	if (!from || bpf_probe_read_user(line, sizeof(line), from))
		return 0;
	if (line[0] != 'H' || line[1] != 'T' || line[2] != 'T' || line[3] != 'P' || line[4] != '/' || line[8] != ' ')
		return 0;
	if (is_digit(line[9]) && is_digit(line[10]) && is_digit(line[11]))
		thread->status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
	return 0;
}
