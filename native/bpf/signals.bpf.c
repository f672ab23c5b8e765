// SPDX-License-Identifier: MIT
/*
 * Who sent which signal that ends, stops or reloads a process?
 *
 * Hook: tp_btf signal_generate. Kernel: 5.8. Fallback: exits tell the signal, not its sender.
 * Cost: a comparison for each signal.
 */
#include "include/probe.h"

#define BIT(signal) (1ull << (signal))
/* HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 TERM XCPU SYS */
#define ENDING (BIT(1) | BIT(2) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(7) | BIT(8) | BIT(9) | BIT(10) | BIT(11) | BIT(12) | BIT(15) | BIT(24) | BIT(31))
#define SEND_SIG_PRIV 1
#define DELIVERED 0

SEC("tp_btf/signal_generate")
int BPF_PROG(signal_sent, int signal, struct kernel_siginfo *info, struct task_struct *task, int group, int result)
{
	struct event event;

	if (signal < 1 || signal > 31 || !(ENDING >> signal & 1) || result != DELIVERED)
		return 0;
	begin(&event, SIGNALLED);
	event.signal = signal;
	event.other = task->tgid;
	event.parent = task->real_parent->tgid;
	event.flags = BY_TASK;
	if (event.parent == event.process)
		event.flags |= BY_PARENT;
	/* Faults and the OOM killer: whoever runs is not its author. */
	if ((__u64)info == SEND_SIG_PRIV || ((__u64)info > SEND_SIG_PRIV && BPF_CORE_READ(info, si_code) > 0))
		event.flags |= BY_KERNEL;
	name_process(event.other_name, task);
	submit(&event);
	return 0;
}
