// SPDX-License-Identifier: MIT
/* Which unit or container a process belongs to, by the lines of /proc/PID/cgroup that systems write. */
#include <string.h>

#include "check.h"
#include "holders.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static bool is(const char *line, const char *unit)
{
	char text[64];

	unit_of(line, text, sizeof(text));
	return strcmp(text, unit) == 0;
}

int main(void)
{
	expect("a service", is("0::/system.slice/php8.2-fpm.service\n", "php8.2-fpm.service"), true);
	expect("an instance of one", is("0::/system.slice/system-app.slice/app@3.service\n", "app@3.service"), true);
	expect("a container of docker", is("0::/system.slice/docker-" ID ".scope\n", "container 0123456789ab"), true);
	expect("one of kubernetes", is("0::/kubepods/burstable/podx/" ID "\n", "container 0123456789ab"), true);
	expect("a service in a container is the container's child", is("0::/docker/" ID "/system.slice/php.service\n", "php.service"), true);
	expect("a session is neither", is("0::/user.slice/user-0.slice/session-1.scope\n", ""), true);
	expect("the root is neither", is("0::/\n", ""), true);
	expect("nothing is neither", is("", ""), true);
	expect("of several lines the first", is("0::/a.service\n1:memory:/b.service\n", "a.service"), true);
	return report("holders");
}
