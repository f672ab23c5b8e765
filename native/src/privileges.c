// SPDX-License-Identifier: MIT
#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "say.h"

#ifndef CAP_PERFMON
#define CAP_PERFMON 38
#endif
#ifndef CAP_BPF
#define CAP_BPF 39
#endif
/* Capabilities are numbered below this; more than there are. */
#define CAPABILITIES 64

static uint64_t effective_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return 0;
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}

static bool has(uint64_t capabilities, int one)
{
	return capabilities >> one & 1;
}

void need_capabilities(bool filter)
{
	uint64_t have = effective_capabilities();
	/* Kernels before 5.8 know CAP_SYS_ADMIN only. */
	bool raw = has(have, CAP_NET_RAW);
	bool bpf = !filter || has(have, CAP_BPF) || has(have, CAP_SYS_ADMIN);
	/* Without it the verifier follows what a processor might do against the program, and gives up: too many ways. */
	bool perfmon = !filter || has(have, CAP_PERFMON) || has(have, CAP_SYS_ADMIN);
	/* Who started this, where it was not typed: that is what has to be typed anew. */
	const char *typed = getenv("WHY502_TYPED");
	char self[512];
	ssize_t length;

	if (raw && bpf && perfmon)
		return;
	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	self[length < 0 ? 0 : length] = '\0';
	give_up(EXIT_REFUSED, "missing:%s%s%s%s.\n  Either: sudo setcap cap_net_raw%s=ep %s\n  or:     sudo %s",
		raw ? "" : " CAP_NET_RAW (to capture)", bpf ? "" : " CAP_BPF (to triage in the kernel)",
		perfmon ? "" : " CAP_PERFMON (so that the kernel accepts the triage filter)",
		raw && !(bpf && perfmon) ? "; --no-triage does without" : "", filter ? ",cap_bpf,cap_perfmon" : "", self,
		typed ? typed : self);
}

struct user {
	long id;
	long group;
};

/* The number in an environment variable; 0 where there is none, and where this is not root. */
static long id_in(const char *name)
{
	const char *text = geteuid() == 0 ? getenv(name) : NULL;
	char *end;
	long number;

	if (!text || !*text)
		return 0;
	number = strtol(text, &end, 10);
	return *end || number < 0 || number > INT32_MAX ? 0 : number;
}

/* Who called sudo; root where nobody did. */
static struct user caller(void)
{
	return (struct user){ id_in("SUDO_UID"), id_in("SUDO_GID") };
}

/* Who starts this and gives up root as well says whom both become; else it is who called sudo. */
static struct user future_self(void)
{
	struct user told = { id_in("WHY502_UID"), id_in("WHY502_GID") };

	return told.id > 0 ? told : caller();
}

void give_to_caller(int fd, const char *path)
{
	struct user owner = caller();

	if (owner.id > 0 && fchown(fd, owner.id, owner.group) < 0)
		say("%.300s stays root's: %s", path, strerror(errno));
}

static void refuse(const char *step)
{
	give_up(EXIT_REFUSED, "privileges cannot be given up (%s: %s)", step, strerror(errno));
}

/* So that whoever gave up root with us may end us, and nothing here is root's any more. */
static void give_up_root(void)
{
	struct user self = future_self();

	if (self.id == 0)
		return;
	if (setgroups(0, NULL) < 0 || setresgid(self.group, self.group, self.group) < 0)
		refuse("the group");
	if (setresuid(self.id, self.id, self.id) < 0)
		refuse("the user");
}

void give_up_privileges(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[2] = { 0 };
	pid_t parent = getppid();
	int n;
	int error;

	/* Needs CAP_SETPCAP: without it there is nothing in the set that could come back, for want of root. */
	for (n = 0; n < CAPABILITIES; n++)
		prctl(PR_CAPBSET_DROP, n, 0, 0, 0);
	give_up_root();
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &header, none) < 0)
		refuse("capset");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		refuse("no_new_privs");
	/* After the change of user, which would unset it. A parent that ended before is another one now. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) < 0)
		refuse("parent");
	if (getppid() != parent)
		raise(SIGTERM);
	error = allow_only_what_is_needed();
	if (error) {
		errno = error;
		refuse("seccomp");
	}
}
