// SPDX-License-Identifier: MIT
#include "tracefs.h"

#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>
#include <unistd.h>

/* Where libbpf looks. */
#define TRACEFS "/sys/kernel/tracing"
#define DEBUGFS "/sys/kernel/debug/tracing"

void tracefs_open(void)
{
	if (access(TRACEFS "/events", F_OK) == 0 || access(DEBUGFS "/events", F_OK) == 0)
		return;
	/* In a mount namespace of its own: the host does not see it, and it goes with this process. */
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0)
		return;
	mount("tracefs", TRACEFS, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}
