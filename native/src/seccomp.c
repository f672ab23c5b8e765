// SPDX-License-Identifier: MIT
/*
 * The system calls that are left once privileges are gone: those of reading rings and netlink, writing the output,
 * and letting a spare socket follow a new interface. No file can be opened, no program started, no memory made
 * executable. Anything else fails with EPERM.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "privileges.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the system calls of this architecture are not listed"
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define ALLOW(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), RETURN(SECCOMP_RET_ALLOW)

int allow_only_what_is_needed(void)
{
	struct sock_filter filter[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		/* The stream, the lines on standard error, the signals. */
		ALLOW(write),
		ALLOW(sendto),
		ALLOW(read),
		ALLOW(lseek),
		ALLOW(ftruncate),
#ifdef SYS_poll
		ALLOW(poll),
#endif
		ALLOW(ppoll),
		ALLOW(restart_syscall),
		ALLOW(clock_gettime),
		/* Is the parent gone? Then its terminal is given back. */
		ALLOW(getppid),
		/* What the rings dropped; changes of interfaces; a spare socket that follows one. */
		ALLOW(getsockopt),
		ALLOW(recvfrom),
		ALLOW(setsockopt),
		ALLOW(bind),
		/* The end. */
		ALLOW(munmap),
		ALLOW(close),
		ALLOW(rt_sigreturn),
		ALLOW(exit),
		ALLOW(exit_group),
		/* Memory: a ring, what the allocator asks for; never executable. */
		ALLOW(brk),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 3),
		LOAD(args[2]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_ERRNO | EPERM),
	};
	const struct sock_fprog program = { .len = sizeof(filter) / sizeof(filter[0]), .filter = filter };

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0 ? errno : 0;
}
