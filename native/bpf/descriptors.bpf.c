// SPDX-License-Identifier: MIT
/*
 * Who could not accept a connection for want of a file descriptor: at the process's own limit, or the host's?
 *
 * Hook: tracepoints sys_exit_accept, sys_exit_accept4. Kernel: 5.15 (bpf_task_pt_regs). Fallback: such a connection waits in
 * the queue, or is closed as soon as a descriptor was freed for it; why is not known.
 * Cost: that of any tracepoint of a system call, which connects.bpf.c has already paid; only where that is asked for.
 */
#include "include/left.h"
#include "include/probe.h"

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

/* The first argument of the system call that this thread is in. */
static __always_inline __u32 first_argument(void)
{
	void *registers = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());

	if (bpf_core_type_exists(struct pt_regs___x86) && bpf_core_field_exists(((struct pt_regs___x86 *)0)->orig_ax))
		return BPF_CORE_READ((const struct pt_regs___x86 *)registers, di);
	return BPF_CORE_READ((const struct pt_regs___arm64 *)registers, orig_x0);
}

static __always_inline const struct sock *socket_of(__u32 descriptor)
{
	const struct fdtable *table = BPF_CORE_READ(bpf_get_current_task_btf(), files, fdt);
	struct file **files = BPF_CORE_READ(table, fd);
	const struct socket *socket;
	struct file *file = NULL;

	if (descriptor >= BPF_CORE_READ(table, max_fds))
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), files + descriptor);
	socket = BPF_CORE_READ(file, private_data);
	return socket ? BPF_CORE_READ(socket, sk) : NULL;
}

static __always_inline void name_listener(struct event *event, const struct sock *sk)
{
	const struct unix_address *address;

	if (BPF_CORE_READ(sk, __sk_common.skc_family) != AF_UNIX) {
		event->local_port = local_port(sk);
		name_addresses(event->local, event->remote, sk);
		return;
	}
	address = BPF_CORE_READ((const struct unix_sock *)sk, addr);
	if (address)
		bpf_probe_read_kernel_str(event->path, sizeof(event->path), &address->name[0].sun_path);
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
	sk = socket_of(first_argument());
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
