/* SPDX-License-Identifier: MIT */
/* The socket that a system call is about: its first argument is the descriptor. */
#ifndef WHY502_DESCRIPTOR_H
#define WHY502_DESCRIPTOR_H

#include "probe.h"

#define S_IFMT 0170000
#define S_IFSOCK 0140000

/* As it lies in the kernel's memory: no helper takes it for a socket. */
struct described {
	const struct sock *sk;
	/* Its inode, which no other open socket has. */
	__u64 inode;
};

static __always_inline __u32 first_argument(void)
{
	void *registers = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());

	if (bpf_core_type_exists(struct pt_regs___x86) && bpf_core_field_exists(((struct pt_regs___x86 *)0)->orig_ax))
		return BPF_CORE_READ((const struct pt_regs___x86 *)registers, di);
	return BPF_CORE_READ((const struct pt_regs___arm64 *)registers, orig_x0);
}

/* All 0 where it is no socket. */
static __always_inline struct described this_socket(void)
{
	const struct fdtable *table = bpf_get_current_task_btf()->files->fdt;
	struct described described = { 0 };
	__u32 descriptor = first_argument();
	const struct socket *socket;
	const struct inode *inode;
	struct file *file = NULL;

	if (descriptor >= table->max_fds || bpf_probe_read_kernel(&file, sizeof(file), table->fd + descriptor))
		return described;
	inode = BPF_CORE_READ(file, f_inode);
	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFSOCK)
		return described;
	socket = BPF_CORE_READ(file, private_data);
	described.sk = BPF_CORE_READ(socket, sk);
	described.inode = BPF_CORE_READ(inode, i_ino);
	return described;
}

#endif
