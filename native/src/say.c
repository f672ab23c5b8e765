// SPDX-License-Identifier: MIT
/* Lines on standard error, each written at once, so that no line is mixed with another program's. */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void line(const char *format, va_list arguments)
{
	char text[1024];
	int start = snprintf(text, sizeof(text), PROGRAM ": ");
	int length = start + vsnprintf(text + start, sizeof(text) - start - 1, format, arguments);

	if (length > (int)sizeof(text) - 2)
		length = sizeof(text) - 2;
	text[length++] = '\n';
	/* Nobody is left to be told that nobody could be told. */
	if (write(STDERR_FILENO, text, length) < 0)
		return;
}

void say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	line(format, arguments);
	va_end(arguments);
}

void give_up(enum exit_code code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	line(format, arguments);
	va_end(arguments);
	exit(code);
}
