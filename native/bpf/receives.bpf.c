// SPDX-License-Identifier: MIT
/*
 * Whose octets does a thread act upon: a client's, or those of an attempt?
 *
 * Hook: tp_btf sock_recv_length. Kernel: 6.3. Fallback: copies.bpf.c.
 * Cost: a look-up in the task's storage for each receive, and in an array for those of attempts.
 */
#include "include/acts.h"

SEC("tp_btf/sock_recv_length")
int BPF_PROG(received, struct sock *sk, int result)
{
	if (result != -EAGAIN && is_internet(sk))
		received_on(sk, result);
	return 0;
}
