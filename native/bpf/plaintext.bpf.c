// SPDX-License-Identifier: MIT
/*
 * What did a client ask a gateway for inside TLS, and with which status was it answered?
 *
 * Hook: uprobes at ngx_ssl_recv() and ngx_ssl_write() of a gateway that exports them (ngx_event_openssl.c).
 * Kernel: 5.12 (storage of tasks). Fallback: attempts only; the client's side of them cannot be read.
 * Cost: a trap for each write, two for each read, a microsecond each, and a copy of the head of each request; for nobody but
 * those who come by TLS.
 *
 * Which connection it is about tell the system calls within these functions: the TLS library reads from its socket, or writes to it,
 * in the same thread, before they return.
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

/* Of a function whose arguments are (connection, octets, how many of them). */
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

/* `PRI * HT` of HTTP/2's preface (RFC 9113 3.4), in the order of memory. */
#define PREFACE 0x5448202a20495250ull

/* Requests begin with a method. What does not was read from a peer, or is the rest of what nobody saw begin. */
static __always_inline bool begins_request(struct asking *asking, __u64 from)
{
	__u64 first = 0;

	bpf_probe_read_user(&first, sizeof(first), (const void *)from);
	if (first == PREFACE)
		asking->frames = 1;
	return asking->frames || ((first & 0xff) >= 'A' && (first & 0xff) <= 'Z');
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

/* Frames of one write that are looked at. */
#define MAX_FRAMES 8
#define FRAME_HEADER 9
/* Types (RFC 9113 6). */
#define DATA 0
#define HEADERS 1
#define CONTINUATION 9
#define FRAME_TYPES 10

/* A frame's header, and the first octets of its header block. */
struct frame {
	__u8 length[3];
	__u8 type;
	__u8 flags;
	__u8 stream[4];
	__u8 block[6];
};

/* The next request begins there, and there is no room for it, or some of what came before it is not here. */
static __always_inline bool takes_over(const struct talk_facts *facts, __u64 from, __u32 octets)
{
	struct frame frame;

	if (facts->request == facts->request_kept && facts->request_kept + octets <= ASKED_OCTETS)
		return false;
	return !bpf_probe_read_user(&frame, sizeof(frame), (const void *)from) && frame.type == HEADERS;
}

static __always_inline void asked(const struct thread *thread, __u32 octets)
{
	struct asking *asking = asking_of(thread->client);
	__u64 from = thread->reads_to;
	struct talk_facts *facts;

	if (!asking)
		return;
	facts = &asking->facts;
	if (asking->port != thread->client_port) {
		__builtin_memset(facts, 0, sizeof(*facts));
		asking->frames = 0;
	}
	asking->port = thread->client_port;
	if (asking->frames && takes_over(facts, from, octets))
		__builtin_memset(facts, 0, sizeof(*facts));
	if (!facts->request) {
		if (!begins_request(asking, from))
			return;
		facts->requested = bpf_ktime_get_ns();
	}
	/* A hole is not kept over: what follows it is counted. */
	if (facts->request == facts->request_kept)
		facts->request_kept += keep_octets(asking, facts->request_kept, ASKED_OCTETS - facts->request_kept, from, octets);
	facts->request += octets;
}

/* `:status` stands first, from the static table or written out (RFC 7541 6.1, 6.2); a new table's size may stand before it. */
static __always_inline __u32 status_in_block(const __u8 *block)
{
	const __u8 *first = (block[0] & 0xe0) == 0x20 ? block + 1 : block;

	if ((first[0] == 0x48 || first[0] == 0x08 || first[0] == 0x18) && first[1] == 3)
		return (first[2] - '0') * 100 + (first[3] - '0') * 10 + first[4] - '0';
	switch (first[0]) {
	case 0x88:
		return 200;
	case 0x89:
		return 204;
	case 0x8a:
		return 206;
	case 0x8b:
		return 304;
	case 0x8c:
		return 400;
	case 0x8d:
		return 404;
	case 0x8e:
		return 500;
	default:
		return 0;
	}
}

/*
 * The first answer among the frames that are written, rather a 502: `thread->plain` comes to be that frame. Where there are neither
 * answers nor more of one, they are CONTROL_FRAMES.
 */
static __always_inline void find_answer(struct thread *thread)
{
	__u64 from = thread->plain, end = from + thread->plain_octets;
	__u32 control = CONTROL_FRAMES;
	int n;

	for (n = 0; n < MAX_FRAMES && from + FRAME_HEADER <= end; n++) {
		struct frame frame;
		__u32 length, status;

		if (bpf_probe_read_user(&frame, sizeof(frame), (const void *)from) || frame.type >= FRAME_TYPES)
			return;
		if (frame.type == DATA || frame.type == HEADERS || frame.type == CONTINUATION)
			control = 0;
		length = FRAME_HEADER + ((__u32)frame.length[0] << 16 | (__u32)frame.length[1] << 8 | frame.length[2]);
		status = frame.type == HEADERS ? status_in_block(frame.block) : 0;
		if (status && (status == 502 || !thread->plain_status)) {
			thread->plain = from;
			thread->plain_octets = length;
			thread->plain_status = status;
		}
		if (status == 502)
			return;
		from += length;
	}
	if (!thread->plain_status)
		thread->plain_status = control;
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
		asked(thread, octets);
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
	/* A frame's length has 24 bits; those of heads hardly need more than 16. */
	if (!thread->plain_status && line[0] == 0)
		find_answer(thread);
	return 0;
}
