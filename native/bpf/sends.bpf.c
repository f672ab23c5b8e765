// SPDX-License-Identifier: MIT
/*
 * What does a gateway's thread write next: a request to an attempt, or an answer to a client?
 *
 * Hook: tp_btf sock_send_length. Kernel: 6.3. Where answers.bpf.c cannot be had: without the status of the answer, a 502 that
 * follows from no failure is tied by what the packets say.
 * Cost: two look-ups for each send of a gateway's thread.
 */
#include "include/acts.h"

SEC("tp_btf/sock_send_length")
int BPF_PROG(sends, struct sock *sk, int result)
{
	struct attempt *attempt;
	struct thread *thread;

	if (result == -EAGAIN || !is_internet(sk) || sk->sk_protocol != IPPROTO_TCP)
		return 0;
	attempt = may_be_attempt(sk) ? attempt_of(sk) : NULL;
	thread = this_thread(0);
	if (attempt) {
		sent_to(attempt, thread);
		if (result < 0)
			attempt->error = -result;
	} else if (thread && result > 0) {
		answered(sk, thread, 0);
	}
	return 0;
}
