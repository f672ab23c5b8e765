// SPDX-License-Identifier: MIT
/*
 * Which process ended, and how?
 *
 * Hook: tp_btf sched_process_exit. Kernel: 5.11 (storage of tasks). Fallback: none.
 * Cost: nothing but for each thread that ends. Told of processes that died of a signal, and of those whose last thread had
 * read from an accepted TCP connection.
 */
#include "include/attempt.h"

SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exits, struct task_struct *task)
{
	struct event event;

	if (task->signal->live.counter > 0)
		return 0;
	if ((task->exit_code & 0x7f) == 0 && !bpf_task_storage_get(&threads, task, NULL, 0))
		return 0;
	begin(&event, EXITED);
	event.signal = task->exit_code & 0x7f;
	event.code = task->exit_code >> 8 & 0xff;
	event.parent = task->real_parent->tgid;
	event.flags = BY_TASK;
	submit(&event);
	return 0;
}
