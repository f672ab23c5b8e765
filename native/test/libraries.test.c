// SPDX-License-Identifier: MIT
/* Which TLS library a process has loaded, by the lines of /proc/PID/maps that kernels write. */
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "libraries.h"

static bool is(const char *line, const char *path)
{
	struct library found = { 0 };
	bool known = library_of(line, 812, &found);

	return path ? known && strcmp(found.path, path) == 0 : !known;
}

int main(void)
{
	struct libraries libraries = { 0 };

	expect("OpenSSL's, as whoever is outside of its container reaches it",
	       is("7f2e9a1b3000-7f2e9a1d1000 r--p 00000000 fe:00 40912    /usr/lib/x86_64-linux-gnu/libssl.so.3\n", "/proc/812/root/usr/lib/x86_64-linux-gnu/libssl.so.3"), true);
	expect("one in a folder with a space", is("7f00-7f01 r--p 0 fe:00 1 /opt/my app/libssl.so.1.1\n", "/proc/812/root/opt/my app/libssl.so.1.1"), true);
	expect("its other half is none", is("7f00-7f01 r--p 0 fe:00 2 /usr/lib/libcrypto.so.3\n", NULL), true);
	expect("one that was replaced is another one by now", is("7f00-7f01 r--p 0 fe:00 3 /usr/lib/libssl.so.3 (deleted)\n", NULL), true);
	expect("memory of nobody's", is("7ffc4000-7ffc6000 rw-p 00000000 00:00 0    [stack]\n", NULL), true);
	expect("nothing", is("", NULL), true);
	libraries_add(&libraries, getpid());
	expect("this program is static: it has none", libraries.count, 0);
	libraries_add(&libraries, 0);
	expect("a process that is not there has none", libraries.count, 0);
	return report("libraries");
}
