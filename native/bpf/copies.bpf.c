// SPDX-License-Identifier: MIT
/*
 * Whose octets does a thread act upon: a client's, or those of an attempt?
 *
 * Hook: tp_btf tcp_rcv_space_adjust, where octets were copied to whoever asked for them. Kernel: 5.11 (storage of tasks). In place of
 * receives.bpf.c: a connection's end and its errors are told by its state (attempts.bpf.c), a resolver by the question to it
 * (transmits.bpf.c).
 * Cost: that of receives.bpf.c, for each segment that is read.
 */
#include "include/acts.h"

SEC("tp_btf/tcp_rcv_space_adjust")
int BPF_PROG(copied, struct sock *sk)
{
	if (is_held(sk) && is_internet(sk))
		received_on(sk, 1);
	return 0;
}
