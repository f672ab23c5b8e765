/* SPDX-License-Identifier: MIT */
/* What the user is told on standard error, a line each, and the exit codes. */
#ifndef WHY502_SAY_H
#define WHY502_SAY_H

enum exit_code {
	EXIT_DONE = 0,
	/* The output could not be written. */
	EXIT_OUTPUT = 1,
	EXIT_USAGE = 2,
	/* The machine does not allow it. */
	EXIT_REFUSED = 4,
};

#define PROGRAM "why502-capture"
/* VERSION comes from package.json, by the Makefile. */

void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void give_up(enum exit_code code, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));

#endif
