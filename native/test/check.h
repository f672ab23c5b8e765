/* SPDX-License-Identifier: MIT */
/* As much of a test framework as C tests here need: a name for what is expected, both values where it is not so. */
#ifndef WHY502_CHECK_H
#define WHY502_CHECK_H

#include <stdint.h>
#include <stdio.h>

static int checks, failures;

static inline void expect(const char *what, uint64_t found, uint64_t expected)
{
	checks++;
	if (found == expected)
		return;
	failures++;
	printf("FAILED  %s: found %llu, expected %llu\n", what, (unsigned long long)found, (unsigned long long)expected);
}

static inline int report(const char *name)
{
	printf("%s: %d checks, %d failed\n", name, checks, failures);
	return failures > 0;
}

#endif
