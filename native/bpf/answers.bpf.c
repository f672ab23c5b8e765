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
#include "include/status.h"

static __always_inline const void *first_octet(const struct iov_iter *iter)
{
	if (iter->iter_type == bpf_core_enum_value(enum iter_type, ITER_UBUF))
		return (const char *)iter->ubuf + iter->iov_offset;
	if (iter->iter_type != bpf_core_enum_value(enum iter_type, ITER_IOVEC))
		return NULL;
	return (const char *)iter->__iov->iov_base + iter->iov_offset;
}

SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(writes, const struct sock *sk, const struct msghdr *message)
{
	struct attempt *attempt = attempt_of(sk);
	struct thread *thread = this_thread();

	if (attempt)
		sent_to(attempt, thread);
	/* More of the answer that was written last. */
	else if (thread && !(thread->act == NOTHING && thread->client == (__u64)sk))
		answered(sk, thread, status_at(thread, first_octet(&message->msg_iter)));
	return 0;
}
