// SPDX-License-Identifier: MIT
/*
 * Which process did the OOM killer choose?
 *
 * Hook: tp_btf mark_victim. Kernel: 5.8; it gave a process id only before 6.9. Fallback: the exit tells SIGKILL, not why.
 * Cost: nothing but for each victim.
 */
#include "include/probe.h"

SEC("tp_btf/mark_victim")
int oom_victim(__u64 *ctx)
{
	struct task_struct *task;
	struct event event;

	begin(&event, OOM_VICTIM);
	if (bpf_core_field_exists(struct trace_event_raw_mark_victim, uid)) {
		task = (struct task_struct *)ctx[0];
		event.other = BPF_CORE_READ(task, tgid);
		name_process(event.other_name, task);
	} else {
		event.other = ctx[0];
	}
	submit(&event);
	return 0;
}
