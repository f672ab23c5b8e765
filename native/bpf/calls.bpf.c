// SPDX-License-Identifier: MIT
/*
 * Which attempts did a gateway make over unix sockets, what was said, how did they end, and who was at the other end?
 *
 * Hook: tp_btf sys_exit. Kernel: 5.15 (bpf_task_pt_regs). In place of unix.bpf.c: from the system calls that hand octets over
 * or take them. What io_uring does is not seen.
 * Cost: a comparison for every system call of every process; for those that read or write, the way from the descriptor to
 * its socket. By how much a system call got slower is measured when it is attached, and said.
 */
#include "include/conversation.h"
#include "include/descriptor.h"

#define EINTR 4
/* Errors from here on are the kernel's own: the call is begun anew. */
#define ERESTARTSYS 512

/*
 * A gateway's conversations, by inode: sockets that come from a descriptor have no storage to helpers. The one that was not used
 * for longest makes room; a gateway has as many at once as it has requests that wait. 13 MiB.
 */
#define CONVERSATIONS 1024

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, CONVERSATIONS);
	__type(key, __u64);
	__type(value, struct conversation);
} conversations SEC(".maps");

/* What one begins with: too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct conversation);
} blank SEC(".maps");

/* By the inode of the end that has no conversation yet; they are needed for as long as a system call takes. */
#define READERS 1024

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, READERS);
	__type(key, __u64);
	__type(value, struct reader);
} readers SEC(".maps");

/* A number of its own: cookies count up from 1, and those of connects.bpf.c have one more bit. */
#define BY_INODE (1ull << 51)

static __always_inline struct conversation *conversation_on(__u64 inode)
{
	return bpf_map_lookup_elem(&conversations, &inode);
}

static __always_inline struct conversation *begin_conversation(const struct described *socket, struct thread *thread)
{
	const struct unix_address *address = address_of_peer(socket->sk);
	__u64 inode = socket->inode;
	struct conversation *with;
	__u32 zero = 0;

	with = address ? bpf_map_lookup_elem(&blank, &zero) : NULL;
	if (!with || bpf_map_update_elem(&conversations, &inode, with, BPF_ANY))
		return NULL;
	with = conversation_on(inode);
	if (!with)
		return NULL;
	converse(with, BY_INODE | inode, address, thread);
	served_before(with, bpf_map_lookup_elem(&readers, &inode));
	return with;
}

static __always_inline bool is_stream(const struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_family) == AF_UNIX && BPF_CORE_READ(sk, sk_type) == SOCK_STREAM;
}

static __noinline int call_sent(int result)
{
	struct thread *thread = this_thread();
	struct conversation *with;
	struct described socket;

	if (!thread)
		return 0;
	socket = this_socket();
	if (!socket.sk || !is_stream(socket.sk))
		return 0;
	with = conversation_on(socket.inode);
	if (!with)
		with = begin_conversation(&socket, thread);
	if (with)
		told(with, thread, result);
	return 0;
}

static __always_inline void put_down_reader(__u64 inode)
{
	struct reader *known = bpf_map_lookup_elem(&readers, &inode);
	struct reader reader = {};

	if (known) {
		read_by_this(known);
		return;
	}
	read_by_this(&reader);
	bpf_map_update_elem(&readers, &inode, &reader, BPF_ANY);
}

/* On the other end of this one; there can be one only where this end was connected to, and has the address of the listener. */
static __always_inline struct conversation *conversation_beyond(const struct sock *sk)
{
	const struct unix_sock *own = (const struct unix_sock *)sk;
	const struct sock *beyond = BPF_CORE_READ(own, peer);
	struct conversation *with;
	__u64 inode;

	if (!BPF_CORE_READ(own, addr))
		return NULL;
	inode = BPF_CORE_READ(beyond, sk_socket, file, f_inode, i_ino);
	with = conversation_on(inode);
	if (with)
		return with;
	put_down_reader(inode);
	return conversation_on(inode);
}

static __noinline int call_received(int result)
{
	const struct described socket = this_socket();
	struct conversation *with;
	struct thread *thread;

	if (!socket.sk || !is_stream(socket.sk))
		return 0;
	with = conversation_on(socket.inode);
	if (!with) {
		with = conversation_beyond(socket.sk);
		if (with)
			served(with);
		return 0;
	}
	thread = this_thread();
	if (!thread)
		return 0;
	heard(with, thread, result);
	return 0;
}

static __always_inline __u32 shape_of(const void *registers)
{
	if (bpf_core_type_exists(struct pt_regs___x86) && bpf_core_field_exists(((struct pt_regs___x86 *)0)->orig_ax))
		return shape_on_x86(((const struct pt_regs___x86 *)registers)->orig_ax);
	return shape_on_arm64(((const struct pt_regs___arm64 *)registers)->syscallno);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(call_left, const void *registers, long result)
{
	__u32 shape = shape_of(registers);

	if (shape == NEITHER || result == -EAGAIN || result == -EINTR || result <= -ERESTARTSYS)
		return 0;
	return shape & SENDS ? call_sent(result) : call_received(result);
}
