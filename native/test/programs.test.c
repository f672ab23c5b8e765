// SPDX-License-Identifier: MIT
/* Which functions a program has, by its ELF file. */
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "programs.h"

#define SELF "/proc/self/exe"

int main(int count, char **words)
{
	struct programs programs = { 0 };
	char text[] = "/tmp/why502-programs-XXXXXX";
	int fd = mkstemp(text);

	(void)count;
	(void)words;
	expect("one of its own is found", has_function(SELF, "programs_add"), true);
	expect("one that it has not is not", has_function(SELF, TLS_READS), false);
	expect("nor what is no function", has_function(SELF, "checks"), false);
	expect("a file that is no program has none", fd >= 0 && write(fd, "\177ELF and no more", 17) == 17 && has_function(text, "main"), false);
	expect("nor one that is not there", has_function("/nowhere", "main"), false);
	programs_add(&programs, getpid());
	programs_add(&programs, 0);
	expect("this one is no gateway", programs.count, 0);
	close(fd);
	unlink(text);
	return report("programs");
}
