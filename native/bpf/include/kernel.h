/* SPDX-License-Identifier: MIT */
/* The few fields of the kernel's structures that are read. Where they are, libbpf finds in the running kernel's BTF. */
#ifndef WHY502_KERNEL_H
#define WHY502_KERNEL_H

#include <linux/types.h>
#include <stdbool.h>

#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define EAGAIN 11
#define EACCES 13
#define EINVAL 22
#define ETIMEDOUT 110
#define EADDRNOTAVAIL 99
#define ENETUNREACH 101
#define EHOSTUNREACH 113
#define SOCK_STREAM 1
#define PF_EXITING 0x4

enum { TCP_ESTABLISHED = 1, TCP_SYN_SENT, TCP_SYN_RECV, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_TIME_WAIT, TCP_CLOSE, TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_NEW_SYN_RECV = 12 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct in6_addr {
	union {
		__u8 u6_addr8[16];
		__be32 u6_addr32[4];
	} in6_u;
};

struct ns_common {
	unsigned int inum;
};

struct fib6_info;

struct netns_ipv6 {
	struct fib6_info *fib6_null_entry;
};

struct net {
	struct ns_common ns;
	struct netns_ipv6 ipv6;
};

typedef struct {
	struct net *net;
} possible_net_t;

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	__s64 counter;
} atomic64_t;

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	atomic64_t skc_cookie;
};

struct sock;
struct file;

struct socket {
	struct file *file;
	struct sock *sk;
};

struct bpf_local_storage;

typedef struct {
	int owned;
} socket_lock_t;

struct sock {
	struct sock_common __sk_common;
	socket_lock_t sk_lock;
	__u16 sk_type;
	__u16 sk_protocol;
	int sk_err;
	struct socket *sk_socket;
	struct bpf_local_storage *sk_bpf_storage;
};

struct sockaddr_un {
	char sun_path[108];
};

struct unix_address {
	struct sockaddr_un name[0];
};

struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
};

struct inet_sock {
	struct sock sk;
	__be16 inet_sport;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	struct {
		__u32 lrcvtime;
	} icsk_ack;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u64 bytes_received;
	__u64 bytes_sent;
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 lsndtime;
};

struct net_device {
	possible_net_t nd_net;
};

struct dst_entry {
	struct net_device *dev;
};

struct sk_buff {
	struct sock *sk;
	unsigned long _skb_refdst;
	unsigned int len;
	unsigned char *head;
	unsigned char *data;
	__u16 network_header;
	__u16 transport_header;
};

struct fib_nh_common;

union flowi_uli {
	struct {
		__be16 dport;
	} ports;
};

struct flowi4 {
	__be32 daddr;
	union flowi_uli uli;
};

struct flowi6 {
	struct in6_addr daddr;
	union flowi_uli uli;
};

struct fib6_result {
	struct fib6_info *f6i;
	__u8 fib6_type;
};

struct iovec {
	void *iov_base;
	__kernel_size_t iov_len;
};

/* `__iov` was `iov`, and `ubuf` had an `iter_type` of its own, in older kernels: `tcp_sendmsg_locked` is younger. */
struct iov_iter {
	__u8 iter_type;
	__kernel_size_t iov_offset;
	const struct iovec *__iov;
	void *ubuf;
};

struct msghdr {
	struct iov_iter msg_iter;
};

struct qstr {
	const unsigned char *name;
};

struct dentry {
	struct qstr d_name;
};

struct path {
	struct dentry *dentry;
};

struct inode {
	__u16 i_mode;
	unsigned long i_ino;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct mm_struct {
	struct file *exe_file;
};

struct signal_struct {
	atomic_t live;
};

struct upid {
	int nr;
};

struct pid {
	unsigned int level;
	struct upid numbers[];
};

struct task_struct {
	unsigned int flags;
	int exit_code;
	int pid;
	int tgid;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct signal_struct *signal;
	struct mm_struct *mm;
	struct files_struct *files;
	struct bpf_local_storage *bpf_storage;
	char comm[16];
};

struct kernel_siginfo {
	int si_code;
};

struct trace_event_raw_mark_victim {
	unsigned int uid;
};

/* Whichever machine it is: the same octets run on both. */
struct pt_regs___x86 {
	unsigned long ax;
	unsigned long di;
	unsigned long si;
	unsigned long dx;
	unsigned long orig_ax;
};

struct pt_regs___arm64 {
	__u64 regs[31];
	__u64 orig_x0;
	__s32 syscallno;
};

#pragma clang attribute pop

/* Since 6.10 a reset says why it was sent. */
enum sk_rst_reason { SK_RST_REASON_NOT_SPECIFIED };
enum iter_type { ITER_UBUF, ITER_IOVEC };

/* Since 5.17 whatever is dropped has a reason; each of these came with some kernel. */
enum skb_drop_reason {
	SKB_DROP_REASON_NETFILTER_DROP,
	SKB_DROP_REASON_IP_RPFILTER,
	SKB_DROP_REASON_TCP_LISTEN_OVERFLOW,
	SKB_DROP_REASON_IP_OUTNOROUTES,
	SKB_DROP_REASON_IP_INNOROUTES,
	SKB_DROP_REASON_NEIGH_FAILED,
	SKB_DROP_REASON_NEIGH_QUEUEFULL,
	SKB_DROP_REASON_PROTO_MEM,
	SKB_DROP_REASON_PKT_TOO_BIG,
};

#endif
