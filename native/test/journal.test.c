// SPDX-License-Identifier: MIT
/* Entries: a line a field, nothing in a name or a path can end one, and nothing grows beyond its block. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "entry.h"
#include "journal.h"

static uint8_t memory[1 << 17];
static struct buffer buffer = { .octets = memory, .size = sizeof(memory) };

static bool holds(const char *text)
{
	return memmem(memory, buffer.used, text, strlen(text)) != NULL;
}

static unsigned int lines(void)
{
	unsigned int found = 0;
	size_t at;

	for (at = 8; at + 4 < buffer.used; at++)
		found += memory[at] == '\n';
	return found;
}

static void written(const struct event *event)
{
	memset(memory, 0, sizeof(memory));
	buffer.used = 0;
	write_event(&buffer, event, NULL, 1700000000123456789ull);
}

static struct event reset(void)
{
	struct event event = { .kind = RESET_SENT, .process = 4211, .thread = 4211, .flags = BY_TASK | EXITING, .signal = 9 };

	memcpy(event.name, "php-fpm8.2", 11);
	event.local[10] = event.local[11] = event.remote[10] = event.remote[11] = 0xff;
	event.local[12] = event.remote[12] = 127;
	event.local[15] = event.remote[15] = 1;
	event.local_port = 9000;
	event.remote_port = 40001;
	return event;
}

static void a_reset(void)
{
	struct event event = reset();

	written(&event);
	expect("its time in microseconds", holds("__REALTIME_TIMESTAMP=1700000000123456\n"), true);
	expect("and what that leaves out", holds("WHY502_NANOSECOND=789\n"), true);
	expect("a sentence", holds("MESSAGE=php-fpm8.2[4211] reset 127.0.0.1:9000 -> 127.0.0.1:40001, dying of signal 9 (SIGKILL)\n"), true);
	expect("both ends", holds("WHY502_LOCAL=127.0.0.1:9000\nWHY502_REMOTE=127.0.0.1:40001\n"), true);
}

static void a_connection_that_never_was(void)
{
	struct event event = { .kind = ATTEMPT_ENDED, .process = 3312, .name = "nginx", .error = EACCES, .flags = NEVER_OPEN };

	written(&event);
	expect("nobody knows where to", holds("MESSAGE=nginx[3312] could not connect to a peer that is not known: Permission denied;"), true);
	event.remote[10] = event.remote[11] = 0xff;
	event.remote[12] = 10;
	event.remote_port = 80;
	written(&event);
	expect("its peer is known", holds("MESSAGE=nginx[3312] could not connect to 10.0.0.0:80: Permission denied;"), true);
}

static void a_hostile_name(void)
{
	struct event event = reset();
	unsigned int before;

	written(&event);
	before = lines();
	memcpy(event.name, "a\nb\x1b[2J", 8);
	written(&event);
	expect("a name adds no line", lines(), before);
	expect("nor an escape sequence", holds("\x1b"), false);
	memset(event.name, 'x', sizeof(event.name));
	written(&event);
	expect("a name without an end is cut", holds("MESSAGE=xxxxxxxxxxxxxxx[4211]"), true);
}

static void a_path(void)
{
	struct event event = { .kind = ATTEMPT_ENDED, .process = 1, .socket = 7, .error = ENOENT, .flags = NEVER_OPEN };

	memset(event.path, 'p', sizeof(event.path));
	memcpy(event.path, "/run/\n", 6);
	written(&event);
	expect("a path adds no line", holds("WHY502_REMOTE=unix:/run/?ppp"), true);
	expect("its error", holds("No such file or directory"), true);
	expect("its flag", holds("WHY502_NEVER_OPEN=1\n"), true);
}

static void a_listener_without_descriptors(void)
{
	struct event event = { .kind = NOT_ACCEPTING, .process = 4211, .error = EMFILE, .local_port = 80, .name = "node" };

	event.local[10] = event.local[11] = 0xff;
	written(&event);
	expect("where it listens", holds("WHY502_LOCAL=0.0.0.0:80\n"), true);
	expect("why it does not accept", holds("node[4211] could not accept on 0.0.0.0:80: Too many open files"), true);
	memcpy(event.path, "/run/a.sock", 12);
	written(&event);
	expect("its path", holds("WHY502_LOCAL=unix:/run/a.sock\n"), true);
}

static void what_was_said(void)
{
	static const char said[] = "GET /\\ HTTP/1.1\r\n\x01HTTP/1.1 200";
	struct event event = { .kind = ATTEMPT_ENDED, .at = 5000, .process = 1, .socket = 7, .path = "/run/a.sock" };
	struct talk talk = { .facts = { .requested = 1000, .request = 17, .request_kept = 17, .response = 9000, .response_kept = 13 } };

	memcpy(talk.octets, said, sizeof(said));
	memset(memory, 0, sizeof(memory));
	buffer.used = 0;
	write_event(&buffer, &event, &talk, 1700000000123456789ull);
	expect("a request is readable, and adds no line", holds("WHY502_REQUEST=GET /\\x5c HTTP/1.1\\x0d\\x0a\n"), true);
	expect("so is a response", holds("WHY502_RESPONSE=\\x01HTTP/1.1 200\n"), true);
	expect("how many octets there were", holds("WHY502_RESPONSE_OCTETS=9000\n"), true);
	expect("when, before the event", holds("WHY502_REQUESTED_BEFORE=4000\n"), true);
	expect("what never was has no moment", holds("RESPONDED_BEFORE"), false);
	memset(&talk.octets, 0, sizeof(talk.octets));
	talk.facts.request_kept = talk.facts.response_kept = TALK_OCTETS;
	buffer.used = 0;
	write_event(&buffer, &event, &talk, 1700000000123456789ull);
	expect("all of it has room", holds("WHY502_RESPONSE_OCTETS=9000\n"), true);
	expect("and a bound", buffer.used <= JOURNAL_OCTETS + 32, true);
}

static void a_line_of_an_error_log(void)
{
	struct event event = { .kind = LOGGED, .process = 3312, .socket = 7, .name = "nginx" };
	static struct talk talk;
	const char line[] = "2026/11/28 04:41:49 [error] 1#1: *4 a\x1b[2J\\b\nWHY502_EVENT=x\n";

	memcpy(talk.octets, line, sizeof(line) - 1);
	talk.facts.request = talk.facts.request_kept = sizeof(line) - 1;
	memset(memory, 0, sizeof(memory));
	buffer.used = 0;
	write_event(&buffer, &event, &talk, 1700000000123456789ull);
	expect("it is told", holds("MESSAGE=nginx[3312] logged: 2026/11/28 04:41:49 [error] 1#1: *4 a\\x1b[2J\\x5cb\\x0aWHY502_EVENT=x\n"), true);
	expect("and stands in a field, without its end", holds("WHY502_LINE=2026/11/28 04:41:49 [error] 1#1: *4 a\\x1b[2J\\x5cb\\x0aWHY502_EVENT=x\n"), true);
	expect("no other one comes of what it holds", holds("\nWHY502_EVENT=x"), false);
}

static void clocks(void)
{
	memset(memory, 0, sizeof(memory));
	buffer.used = 0;
	write_clock(&buffer, 70000, 1700000000123456789ull);
	expect("by how much events may stand beside packets", holds("may stand up to 70 us beside packets"), true);
	expect("and as a number", holds("WHY502_CLOCK_ERROR=70000\n"), true);
}

static void any_event(void)
{
	struct event event;
	uint32_t kind;
	int n;

	srand(502);
	for (n = 0; n < 20000; n++) {
		unsigned int at;

		for (at = 0; at < sizeof(event); at++)
			((uint8_t *)&event)[at] = rand();
		kind = rand() % (EVENT_KINDS + 2);
		event.kind = kind;
		written(&event);
		if (buffer.used > JOURNAL_OCTETS + 32)
			break;
	}
	expect("whatever an event holds, its block has a bound", n, 20000);
}

int main(void)
{
	a_reset();
	a_connection_that_never_was();
	a_hostile_name();
	a_path();
	a_listener_without_descriptors();
	what_was_said();
	a_line_of_an_error_log();
	clocks();
	any_event();
	return report("journal");
}
