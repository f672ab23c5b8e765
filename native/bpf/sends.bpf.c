// SPDX-License-Identifier: MIT
/*
 * What does a gateway's thread write next: a request to an attempt, or an answer to a client?
 *
 * Hook: tp_btf sock_send_length. Kernel: 6.3. In place of answers.bpf.c where that cannot be had; the answer's status is read
 * where the system call has it from. Fallback: transmits.bpf.c.
 * Cost: two look-ups for each send of a gateway's thread; thirteen octets of an answer's first one.
 */
#include "include/acts.h"
#include "include/status.h"

SEC("tp_btf/sock_send_length")
int BPF_PROG(sends, struct sock *sk, int result)
{
	struct attempt *attempt;
	struct thread *thread;

	if (result == -EAGAIN || !is_internet(sk) || sk->sk_protocol != IPPROTO_TCP)
		return 0;
	attempt = attempt_of(sk);
	thread = this_thread();
	if (attempt) {
		sent_to(attempt, thread);
		if (result < 0)
			attempt->error = -result;
	} else if (thread && result > 0 && !(thread->act == NOTHING && thread->client == (__u64)sk)) {
		answered(sk, thread, status_of_call(thread, result));
	}
	return 0;
}
