// SPDX-License-Identifier: MIT
/*
 * What did a gateway write into its error log about an attempt that failed, or right before a 502?
 *
 * Hook: tracepoint sys_enter_write. Kernel: 5.11 (storage of tasks). Fallback: what the gateway itself says of a failure stands in its log only. A log that is
 * sent to syslog is not seen.
 * Cost: that of any tracepoint of a system call, which connects.bpf.c has already paid; for each write of any process a look-up
 * of its thread, for those of a gateway's thread a look at the first octets. Only where that is asked for (--syscalls).
 */
#include "include/acts.h"

/* `2026/11/28 04:41:49 [error] 123#123: `, at most. */
#define PREFIX_OCTETS 48
/* Where its level begins. */
#define LEVEL 21
/* A process's number has seven digits at most; its thread's as many. */
#define MAX_DIGITS 8

struct entered {
	__u64 common;
	__s64 number;
	__s64 fd;
	const char *octets;
	__u64 count;
};

static __always_inline bool is_digit(char octet)
{
	return octet >= '0' && octet <= '9';
}

static __always_inline bool has_digits(const char *line, int from, int count)
{
	int n;

	for (n = from; n < from + count; n++)
		if (!is_digit(line[n]))
			return false;
	return true;
}

/* `2026/11/28 04:41:49 [` */
static __always_inline bool has_time(const char *line)
{
	return line[4] == '/' && line[7] == '/' && line[10] == ' ' && line[13] == ':' && line[16] == ':' && line[19] == ' ' &&
	       line[20] == '[' && has_digits(line, 0, 4) && has_digits(line, 5, 2) && has_digits(line, 8, 2) &&
	       has_digits(line, 11, 2) && has_digits(line, 14, 2) && has_digits(line, 17, 2);
}

/* As a number: a text to compare with would be one more constant of the program. */
static __always_inline __u64 eight_octets(const char *from)
{
	__u64 octets;

	__builtin_memcpy(&octets, from, sizeof(octets));
	return bpf_be64_to_cpu(octets);
}

#define ERROR 0x6572726f725d2000ull /* `error] ` */
#define ALERT 0x616c6572745d2000ull /* `alert] ` */
#define EMERG 0x656d6572675d2000ull /* `emerg] ` */
#define CRIT 0x637269745d200000ull /* `crit] ` */

/* Octets of a level that tells of failures, `error` and what is worse; 0 of any other. */
static __always_inline int level_octets(const char *level)
{
	__u64 name = eight_octets(level);
	__u64 seven = name & ~0xffull;

	if (seven == ERROR || seven == ALERT || seven == EMERG)
		return 7;
	return (name & ~0xffffull) == CRIT ? 6 : 0;
}

/* As it knows itself: in a container it has another number than here. */
static __always_inline int own_number(void)
{
	const struct task_struct *leader = bpf_get_current_task_btf()->group_leader;
	const struct pid *pid = BPF_CORE_READ(leader, thread_pid);
	unsigned int level = BPF_CORE_READ(pid, level);
	struct upid upid = { 0 };

	bpf_probe_read_kernel(&upid, sizeof(upid),
			      (const char *)pid + bpf_core_field_offset(struct pid, numbers) + level * bpf_core_type_size(struct upid));
	return upid.nr;
}

/* `123#`, which names the process that writes. */
static __always_inline bool names_itself(const char *line, int from)
{
	int number = 0, n;

	for (n = from; n < from + MAX_DIGITS && is_digit(line[n]); n++)
		number = number * 10 + line[n] - '0';
	return line[n] == '#' && number == own_number();
}

static __always_inline bool is_error_line(const char *line)
{
	int octets = has_time(line) ? level_octets(line + LEVEL) : 0;

	/* Two places that the verifier knows, not one that it must follow. */
	return octets == 7 ? names_itself(line, LEVEL + 7) : octets == 6 && names_itself(line, LEVEL + 6);
}

static __noinline void keep(const struct entered *call)
{
	struct written *line = bpf_task_storage_get(&written, bpf_get_current_task_btf(), NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	__u64 length = within(call->count, LINE_OCTETS);

	if (!line)
		return;
	begin(&line->event, LOGGED);
	line->facts.request = call->count;
	line->facts.request_kept = bpf_probe_read_user(line->octets, length, call->octets) ? 0 : length;
}

SEC("tp/syscalls/sys_enter_write")
int write_entered(const struct entered *call)
{
	struct thread *thread = this_thread();
	char prefix[PREFIX_OCTETS];

	if (!thread || call->count < sizeof(prefix) || bpf_probe_read_user(prefix, sizeof(prefix), call->octets) ||
	    !is_error_line(prefix))
		return 0;
	/* The one before is about an attempt that has just ended: this one tells that something follows from it. */
	if (thread->line == OF_ATTEMPT)
		tell(thread);
	keep(call);
	thread->line = NEXT;
	/* Of a unix socket the end is seen first, and then what is written about it. */
	if (thread->act == ENDED && thread->attempt.flags & UNIX && !thread->logged) {
		thread->line = OF_ATTEMPT;
		if (thread->told)
			tell_line_of_attempt(thread);
	}
	return 0;
}
