// SPDX-License-Identifier: MIT
/*
 * Who could not accept a connection for want of a file descriptor: at the process's own limit, or the host's?
 *
 * Hook: tracepoints sys_exit_accept, sys_exit_accept4. Kernel: 5.15 (bpf_task_pt_regs). Fallback: such a connection waits in
 * the queue, or is closed as soon as a descriptor was freed for it; why is not known.
 * Cost: that of any tracepoint of a system call, which connects.bpf.c has already paid; only where that is asked for.
 */
#include "include/descriptor.h"
#include "include/left.h"

#define ENFILE 23
#define EMFILE 24
/* Whoever tries again and again tells of it so often, and no more. */
#define TOLD_EVERY 100000000ull

/* When a thread told of it last. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} starved SEC(".maps");

static __always_inline void name_listener(struct event *event, const struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	const struct unix_address *address;

	if (family == AF_UNIX) {
		address = BPF_CORE_READ((const struct unix_sock *)sk, addr);
		if (address)
			bpf_probe_read_kernel_str(event->path, sizeof(event->path), &address->name[0].sun_path);
		return;
	}
	event->local_port = local_port(sk);
	if (family == AF_INET) {
		map_address(event->local, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
		map_address(event->remote, 0);
	} else {
		BPF_CORE_READ_INTO((struct in6_addr *)event->local, sk, __sk_common.skc_v6_rcv_saddr);
	}
}

static __always_inline int accept_left(__s64 result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	const struct sock *sk;
	struct event event;
	__u64 *told;

	if (result != -EMFILE && result != -ENFILE)
		return 0;
	told = bpf_task_storage_get(&starved, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	sk = this_socket().sk;
	if (!told || !sk)
		return 0;
	begin(&event, NOT_ACCEPTING);
	if (*told && event.at - *told < TOLD_EVERY)
		return 0;
	*told = event.at;
	event.error = -result;
	event.parent = BPF_CORE_READ(task, real_parent, tgid);
	name_listener(&event, sk);
	submit(&event);
	return 0;
}

SEC("tp/syscalls/sys_exit_accept")
int plainly_left(const struct left *call)
{
	return accept_left(call->result);
}

SEC("tp/syscalls/sys_exit_accept4")
int with_flags_left(const struct left *call)
{
	return accept_left(call->result);
}
