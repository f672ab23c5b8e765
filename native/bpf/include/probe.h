/* SPDX-License-Identifier: MIT */
/* What all probes share: the ring of events, the count of those that it had no room for, and how one is filled. */
#ifndef WHY502_PROBE_H
#define WHY502_PROBE_H

#include "kernel.h"

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

#include "event.h"

/* Some 12,000 events: seconds of a host on which everything fails. */
#define RING_OCTETS (2 * 1024 * 1024)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_OCTETS);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	/* User space reads it without a system call: it has given up bpf(2). */
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

/* The network namespace that is captured, set before the program is loaded. */
const volatile __u32 own_network = 0;

char LICENSE[] SEC("license") = "GPL";

static __always_inline void lose(void)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&lost, &zero);

	if (count)
		__sync_fetch_and_add(count, 1);
}

static __always_inline void submit(const struct event *event)
{
	if (bpf_ringbuf_output(&events, (void *)event, sizeof(*event), 0) != 0)
		lose();
}

/* Untyped, so that it is read from as anywhere else in the kernel: a typed one is to be had since Linux 5.11. */
static __always_inline struct task_struct *this_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

/* "MainThre": so Node calls its main thread since version 24. What it runs says more. */
#define MAIN_THREAD 0x657268546e69614dull

/* A process is called as its first thread: what others are called, is for its own eyes. */
static __always_inline void name_process(char *to, const struct task_struct *task)
{
	const struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	const unsigned char *executable;

	bpf_probe_read_kernel_str(to, NAME_OCTETS, &leader->comm);
	if (*(__u64 *)to != MAIN_THREAD)
		return;
	executable = BPF_CORE_READ(leader, mm, exe_file, f_path.dentry, d_name.name);
	if (executable)
		bpf_probe_read_kernel_str(to, NAME_OCTETS, executable);
}

static __always_inline void begin(struct event *event, __u32 kind)
{
	__u64 id = bpf_get_current_pid_tgid();

	__builtin_memset(event, 0, sizeof(*event));
	event->at = bpf_ktime_get_ns();
	event->kind = kind;
	event->process = id >> 32;
	event->thread = id;
	name_process(event->name, this_task());
}

static __always_inline void map_address(__u8 *to, __be32 address)
{
	to[10] = to[11] = 0xff;
	__builtin_memcpy(to + 12, &address, sizeof(address));
}

/* From inet_sport: the other place for it is emptied before a close is told. */
static __always_inline __u16 local_port(const struct sock *sk)
{
	return bpf_ntohs(BPF_CORE_READ((const struct inet_sock *)sk, inet_sport));
}

static __always_inline void name_addresses(__u8 *local, __u8 *remote, const struct sock *sk)
{
	const struct sock_common *common = &sk->__sk_common;

	if (common->skc_family == AF_INET) {
		map_address(local, common->skc_rcv_saddr);
		map_address(remote, common->skc_daddr);
	} else {
		__builtin_memcpy(local, common->skc_v6_rcv_saddr.in6_u.u6_addr32, 16);
		__builtin_memcpy(remote, common->skc_v6_daddr.in6_u.u6_addr32, 16);
	}
}

/* Both ends of a connection. */
static __always_inline void name_ends(struct event *event, const struct sock *sk)
{
	event->local_port = local_port(sk);
	event->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
	name_addresses(event->local, event->remote, sk);
}

static __always_inline bool is_loopback(const struct sock_common *common)
{
	if (common->skc_family == AF_INET)
		return (bpf_ntohl(common->skc_daddr) >> 24) == 127;
	/* Of IPv6 its one address, or one of IPv4 that is mapped. */
	return common->skc_v6_daddr.in6_u.u6_addr8[0] == 0 && common->skc_v6_daddr.in6_u.u6_addr8[1] == 0;
}

static __always_inline bool is_internet(const struct sock *sk)
{
	return sk->__sk_common.skc_family == AF_INET || sk->__sk_common.skc_family == AF_INET6;
}

/* By the thread that runs: where an interrupt has a socket, no thread holds it. */
static __always_inline bool is_held(const struct sock *sk)
{
	return sk->sk_lock.owned;
}

/* TCP, and not on the loopback of another network namespace, where the same addresses are other connections. */
static __always_inline bool is_ours(const struct sock *sk)
{
	const struct sock_common *common = &sk->__sk_common;

	if (sk->sk_protocol != IPPROTO_TCP || !is_internet(sk))
		return false;
	return !is_loopback(common) || common->skc_net.net->ns.inum == own_network;
}

/* Of what a process did: that it did so, and whether it was dying. */
static __always_inline void blame(struct event *event, const struct task_struct *task)
{
	int code = BPF_CORE_READ(task, exit_code);

	event->flags |= BY_TASK;
	if (!(BPF_CORE_READ(task, flags) & PF_EXITING))
		return;
	event->flags |= EXITING;
	event->signal = code & 0x7f;
	event->code = code >> 8 & 0xff;
}

#endif
