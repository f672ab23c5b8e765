// SPDX-License-Identifier: MIT
/*
 * What does a gateway's thread write next: a request to an attempt, or an answer to a client, and with which status? A 502 that
 * follows from no failure the kernel sees (a head that was refused, a response that was passed on, no attempt at all) is known
 * by its status alone.
 *
 * Hook: tp_btf tcp_sendmsg_locked. Kernel: 6.16. Fallback: sends.bpf.c, without the status.
 * Cost: two look-ups for each send of a gateway's thread; thirteen octets of an answer's first one.
 */
#include "include/acts.h"

/* `HTTP/1.1 502` */
#define STATUS_LINE 12

static __always_inline const void *first_octet(const struct iov_iter *iter)
{
	if (iter->iter_type == bpf_core_enum_value(enum iter_type, ITER_UBUF))
		return (const char *)iter->ubuf + iter->iov_offset;
	if (iter->iter_type != bpf_core_enum_value(enum iter_type, ITER_IOVEC))
		return NULL;
	return (const char *)iter->__iov->iov_base + iter->iov_offset;
}

static __always_inline bool is_digit(char octet)
{
	return octet >= '0' && octet <= '9';
}

static __always_inline __u32 status_of(const struct msghdr *message)
{
	char line[STATUS_LINE];
	const void *from = first_octet(&message->msg_iter);

	if (!from || bpf_probe_read_user(line, sizeof(line), from))
		return 0;
	if (line[0] != 'H' || line[1] != 'T' || line[2] != 'T' || line[3] != 'P' || line[4] != '/' || line[8] != ' ')
		return 0;
	if (!is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]))
		return 0;
	return (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
}

SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(writes, const struct sock *sk, const struct msghdr *message)
{
	struct attempt *attempt = may_be_attempt(sk) ? attempt_of(sk) : NULL;
	struct thread *thread = this_thread(0);

	if (attempt)
		sent_to(attempt, thread);
	/* More of the answer that was written last. */
	else if (thread && !(thread->act == NOTHING && thread->client == (__u64)sk))
		answered(sk, thread, status_of(message));
	return 0;
}
