// SPDX-License-Identifier: MIT
/*
 * What did a client ask a gateway for inside TLS, and with which status was it answered?
 *
 * Hook: uprobes at SSL_read() and SSL_write() of the library that a gateway has loaded (OpenSSL, or whoever has its interface).
 * Kernel: 5.12 (storage of tasks). Fallback: attempts only; the client's side of them cannot be read.
 * Cost: a trap for each call of SSL_write(), two for each of SSL_read(), some microsecond each, and a copy of the head of each
 * request; for nobody but those who call that library.
 *
 * Which connection it is about tell the system calls within these functions: the library reads from its socket, or writes to it, in
 * the same thread, before it returns.
 */
#include "include/plaintext.h"
#include "include/status.h"

/* A new entry: larger than a program's stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct asking);
} blank SEC(".maps");

/* Of a function whose arguments are (what TLS knows of the connection, octets, how many of them). */
struct arguments {
	__u64 octets;
	__u64 count;
	/* What it returned. */
	__s64 result;
};

static __always_inline struct arguments arguments_of(const void *registers)
{
	struct arguments arguments = { 0 };

	if (bpf_core_field_exists(((struct pt_regs___x86 *)0)->orig_ax)) {
		const struct pt_regs___x86 *x86 = registers;

		arguments.octets = BPF_CORE_READ(x86, si);
		arguments.count = BPF_CORE_READ(x86, dx);
		arguments.result = BPF_CORE_READ(x86, ax);
	} else if (bpf_core_field_exists(((struct pt_regs___arm64 *)0)->syscallno)) {
		const struct pt_regs___arm64 *arm64 = registers;

		arguments.octets = BPF_CORE_READ(arm64, regs[1]);
		arguments.count = BPF_CORE_READ(arm64, regs[2]);
		arguments.result = BPF_CORE_READ(arm64, regs[0]);
	}
	return arguments;
}

/* Requests begin with a method. What does not was read from a peer, or is the rest of what nobody saw begin. */
static __always_inline bool begins_request(__u64 from)
{
	char first = 0;

	bpf_probe_read_user(&first, sizeof(first), (const void *)from);
	return first >= 'A' && first <= 'Z';
}

static __always_inline struct asking *asking_of(__u64 client)
{
	struct asking *asking = bpf_map_lookup_elem(&askings, &client);
	__u32 zero = 0;
	void *empty;

	if (asking)
		return asking;
	empty = bpf_map_lookup_elem(&blank, &zero);
	if (!empty || bpf_map_update_elem(&askings, &client, empty, BPF_ANY))
		return NULL;
	return bpf_map_lookup_elem(&askings, &client);
}

static __always_inline void asked(__u64 client, __u64 from, __u32 octets)
{
	struct asking *asking = asking_of(client);
	struct talk_facts *facts;

	if (!asking)
		return;
	facts = &asking->facts;
	if (!facts->request) {
		if (!begins_request(from))
			return;
		facts->requested = bpf_ktime_get_ns();
	}
	/* A hole is not kept over: what follows it is counted. */
	if (facts->request == facts->request_kept)
		facts->request_kept += keep_octets(asking, facts->request_kept, ASKED_OCTETS - facts->request_kept, from, octets);
	facts->request += octets;
}

SEC("uprobe")
int tls_reads(const void *registers)
{
	struct thread *thread = this_thread();

	if (thread)
		thread->reads_to = arguments_of(registers).octets;
	return 0;
}

SEC("uretprobe")
int tls_has_read(const void *registers)
{
	struct thread *thread = this_thread();
	__s32 octets;

	if (!thread || !thread->reads_to)
		return 0;
	octets = arguments_of(registers).result;
	/* Of a peer, the thread has just heard from an attempt. */
	if (octets > 0 && thread->act == READ)
		asked(thread->client, thread->reads_to, octets);
	thread->reads_to = 0;
	return 0;
}

SEC("uprobe")
int tls_writes(const void *registers)
{
	struct thread *thread = this_thread();
	struct arguments arguments;
	char line[STATUS_LINE];

	if (!thread)
		return 0;
	arguments = arguments_of(registers);
	thread->plain = arguments.octets;
	thread->plain_octets = arguments.count;
	thread->plain_status = bpf_probe_read_user(line, sizeof(line), (const void *)arguments.octets) ? 0 : status_in(line);
	return 0;
}
