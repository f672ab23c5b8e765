// SPDX-License-Identifier: MIT
#include "terminal.h"

#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

#include "say.h"

/* The mouse in its five ways (xterm's ctlseqs), keypad, colours, cursor, alternate screen. A shell may have prompted on that one. */
static const char USUAL[] = "\033[?1000l\033[?1002l\033[?1003l\033[?1005l\033[?1006l\033[?1l\033>\033[m\033[?25h\033[?1049l"
			    "\r\n" PROGRAM ": whoever drew on this terminal was killed.\r\n";

/* A parent that is killed closes its end of the stream before it is gone. */
#define LOOKS 20
#define BETWEEN_LOOKS_MS 10

static int terminal = -1;
static pid_t parent;

static bool parent_is_gone(void)
{
	int n;

	for (n = 0; n < LOOKS && getppid() == parent; n++)
		poll(NULL, 0, BETWEEN_LOOKS_MS);
	return getppid() != parent;
}

void terminal_open(int fd)
{
	parent = getppid();
	terminal = fd;
}

void terminal_give_back(void)
{
	if (terminal < 0 || !parent_is_gone())
		return;
	/* What it cannot take now is not waited for. */
	if (write(terminal, USUAL, sizeof(USUAL) - 1) < 0)
		return;
}
