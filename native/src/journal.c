// SPDX-License-Identifier: MIT
#include "journal.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "say.h"

/* An address with its port, in brackets where it is IPv6; or `unix:/path`. */
#define ENDS_OCTETS (PATH_OCTETS + 8)

struct text {
	char octets[JOURNAL_OCTETS];
	size_t used;
};

enum priority { WARNING = 4, INFO = 6 };

static const char *const NAMES[EVENT_KINDS] = {
	[ATTEMPT_ENDED] = "attempt-ended", [RETRIED] = "retried",	[ANSWERED] = "answered",
	[PEER_CLOSED] = "peer-closed",	   [RESET_SENT] = "reset-sent", [EXITED] = "exited",
	[SIGNALLED] = "signalled",	   [OOM_VICTIM] = "oom-victim",
};

/* What does not fit is cut: field by field, an entry has room. */
__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
	size_t room = sizeof(text->octets) - text->used;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->octets + text->used, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		text->used += (size_t)length < room ? (size_t)length : room - 1;
}

static void field(struct text *text, const char *name, unsigned long long value)
{
	if (value)
		add(text, "WHY502_%s=%llu\n", name, value);
}

/* A process chooses its name: nothing in it may end a line. */
static const char *safe(const char *name, char *to)
{
	int n;

	for (n = 0; n < NAME_OCTETS - 1 && name[n]; n++)
		to[n] = name[n] > ' ' && name[n] < 0x7f ? name[n] : '?';
	to[n] = '\0';
	return n ? to : "?";
}

static const char *end_text(const __u8 *address, __u16 port, char *to)
{
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	char name[INET6_ADDRSTRLEN] = "?";

	if (memcmp(address, mapped, sizeof(mapped)) == 0) {
		inet_ntop(AF_INET, address + sizeof(mapped), name, sizeof(name));
		snprintf(to, ENDS_OCTETS, "%s:%u", name, port);
	} else {
		inet_ntop(AF_INET6, address, name, sizeof(name));
		snprintf(to, ENDS_OCTETS, "[%s]:%u", name, port);
	}
	return to;
}

/* `unix:/path`; a path may hold anything. */
static const char *path_text(const char *path, char *to)
{
	int length = snprintf(to, ENDS_OCTETS, "unix:%.*s", PATH_OCTETS, path);
	int n;

	for (n = 0; n < length && n < ENDS_OCTETS - 1; n++)
		if (to[n] < ' ' || to[n] == 0x7f)
			to[n] = '?';
	return to;
}

static void begin_entry(struct text *text, nanos at, enum priority priority, const char *kind)
{
	text->used = 0;
	add(text, "__REALTIME_TIMESTAMP=%llu\n", (unsigned long long)(at / 1000));
	add(text, "PRIORITY=%d\nSYSLOG_IDENTIFIER=" PROGRAM "\n", priority);
	add(text, "WHY502_EVENT=%s\nWHY502_NANOSECOND=%u\n", kind, (unsigned int)(at % 1000));
}

static void end_how(struct text *text, const struct event *e)
{
	if (!(e->flags & EXITING))
		return;
	if (e->signal)
		add(text, ", dying of signal %u (SIG%s)", e->signal, sigabbrev_np(e->signal));
	else
		add(text, ", exiting with code %u", e->code);
}

static void attempt_text(struct text *text, const struct event *e, const char *local, const char *remote)
{
	if (*e->path)
		add(text, "'s connection to %s ended: ", remote);
	else
		add(text, " closed its connection %s -> %s: ", local, remote);
	if (e->error)
		add(text, "%s", strerror(e->error));
	else if (e->flags & ENDED_BY_PEER)
		add(text, "the peer had closed it");
	else
		add(text, "its own decision");
	add(text, "; %llu octets sent, %llu received", (unsigned long long)e->sent, (unsigned long long)e->received);
}

/* One line of what happened. */
static void message(struct text *text, const struct event *e)
{
	char name[NAME_OCTETS], other[NAME_OCTETS], local[ENDS_OCTETS], remote[ENDS_OCTETS];

	end_text(e->local, e->local_port, local);
	if (*e->path)
		path_text(e->path, remote);
	else
		end_text(e->remote, e->remote_port, remote);
	add(text, "MESSAGE=");
	if (e->kind == OOM_VICTIM)
		add(text, "the OOM killer chose %s[%u]", safe(e->other_name, other), e->other);
	else if (e->flags & BY_KERNEL)
		add(text, "the kernel");
	else if (e->kind == RESET_SENT && !(e->flags & BY_TASK))
		add(text, "this host");
	else
		add(text, "%s[%u]", safe(e->name, name), e->process);
	switch (e->kind) {
	case ATTEMPT_ENDED:
		attempt_text(text, e, local, remote);
		break;
	case RETRIED:
		add(text, " tried again: %s", remote);
		break;
	case ANSWERED:
		add(text, " answered %s", remote);
		if (e->status)
			add(text, " with %u", e->status);
		add(text, e->after ? " because of that" : e->flags & DIRECT ? " without any attempt" : "");
		break;
	case PEER_CLOSED:
		add(text, " closed %s -> %s without an answer", local, remote);
		end_how(text, e);
		break;
	case RESET_SENT:
		add(text, " reset %s -> %s", local, remote);
		if (*reset_reason(e->reason))
			add(text, ": %s", reset_reason(e->reason));
		if (e->flags & NOT_ACCEPTED)
			add(text, ", never accepted");
		end_how(text, e);
		break;
	case EXITED:
		if (e->signal)
			add(text, " was ended by signal %u (SIG%s)", e->signal, sigabbrev_np(e->signal));
		else
			add(text, " exited with code %u", e->code);
		break;
	case SIGNALLED:
		add(text, " sent SIG%s to %s[%u]", sigabbrev_np(e->signal), safe(e->other_name, other), e->other);
		break;
	}
	add(text, "\n");
}

static void flag(struct text *text, const struct event *e, unsigned int bit, const char *name)
{
	if (e->flags & bit)
		add(text, "WHY502_%s=1\n", name);
}

static void fields(struct text *text, const struct event *e)
{
	char ends[ENDS_OCTETS], name[NAME_OCTETS];

	if (e->kind != RESET_SENT || e->flags & BY_TASK) {
		add(text, "WHY502_NAME=%s\n", safe(e->name, name));
		field(text, "PROCESS", e->process);
		field(text, "THREAD", e->thread);
	}
	field(text, "SOCKET", e->socket);
	field(text, "AFTER", e->after);
	if (*e->path) {
		add(text, "WHY502_REMOTE=%s\n", path_text(e->path, ends));
	} else if (e->remote_port) {
		add(text, "WHY502_LOCAL=%s\n", end_text(e->local, e->local_port, ends));
		add(text, "WHY502_REMOTE=%s\n", end_text(e->remote, e->remote_port, ends));
	}
	if (e->other)
		add(text, "WHY502_OTHER_NAME=%s\n", safe(e->other_name, name));
	field(text, "OTHER", e->other);
	field(text, "PARENT", e->parent);
	field(text, "ERRNO", e->error);
	if (e->kind == RESET_SENT && *reset_reason(e->reason))
		add(text, "WHY502_REASON=%s\n", reset_reason(e->reason));
	field(text, "SIGNAL", e->signal);
	field(text, "CODE", e->code);
	field(text, "STATUS", e->status);
	field(text, "SENT", e->sent);
	field(text, "RECEIVED", e->received);
	flag(text, e, NEVER_OPEN, "NEVER_OPEN");
	flag(text, e, ENDED_BY_PEER, "ENDED_BY_PEER");
	flag(text, e, UNANSWERED, "UNANSWERED");
	flag(text, e, AFTER_READ, "AFTER_READ");
	flag(text, e, REUSED, "REUSED");
	flag(text, e, DIRECT, "DIRECT");
	flag(text, e, EXITING, "EXITING");
	flag(text, e, NOT_ACCEPTED, "NOT_ACCEPTED");
	flag(text, e, BY_PARENT, "BY_PARENT");
	flag(text, e, BY_KERNEL, "BY_KERNEL");
}

void write_event(struct buffer *to, const struct event *event, nanos at)
{
	struct text text;

	begin_entry(&text, at, INFO, event->kind < EVENT_KINDS && NAMES[event->kind] ? NAMES[event->kind] : "unknown");
	message(&text, event);
	fields(&text, event);
	write_journal(to, text.octets, text.used);
}

void write_witness(struct buffer *to, const struct witness *witness, nanos at)
{
	const struct probes *probes = &witness->probes;
	struct text text;
	int n;

	begin_entry(&text, at, INFO, "witness");
	add(&text, "MESSAGE=the kernel is asked by %d of %d probes", probes->attached, probes->count);
	for (n = 0; n < probes->count; n++)
		if (probes->all[n].error > 0)
			add(&text, "; not %s (%s): %s", probes->all[n].name, strerror(probes->all[n].error), probes->all[n].lost);
	add(&text, "\nWHY502_PROBES=");
	for (n = 0; n < probes->count; n++)
		if (!probes->all[n].error)
			add(&text, "%s ", probes->all[n].name);
	add(&text, "\nWHY502_CLOCK_ERROR=%llu\n", (unsigned long long)witness->error);
	write_journal(to, text.octets, text.used);
}

void write_lost_events(struct buffer *to, __u64 count, nanos at)
{
	struct text text;

	begin_entry(&text, at, WARNING, "lost");
	add(&text, "MESSAGE=%llu kernel events were lost: more came than the ring had room for\n", (unsigned long long)count);
	field(&text, "LOST", count);
	write_journal(to, text.octets, text.used);
}

void write_left_out(struct buffer *to, const struct segment *segment, nanos at)
{
	char from[ENDS_OCTETS], server[ENDS_OCTETS];
	struct text text;

	begin_entry(&text, at, INFO, "left-out");
	end_text(segment->from.address, segment->from.port, from);
	end_text(segment->to.address, segment->to.port, server);
	add(&text, "MESSAGE=under pressure, requests that went well are left out of the connection %s - %s\n", from, server);
	add(&text, "WHY502_LOCAL=%s\nWHY502_REMOTE=%s\n", from, server);
	write_journal(to, text.octets, text.used);
}

void write_left_out_of(struct buffer *to, const struct served *served, nanos at)
{
	char server[ENDS_OCTETS];
	struct text text;

	begin_entry(&text, at, INFO, "left-out");
	end_text(served->server.address, served->server.port, server);
	add(&text, "MESSAGE=under pressure, %llu requests of %s that went well were left out\n",
	    (unsigned long long)served->left_out, server);
	add(&text, "WHY502_SERVER=%s\n", server);
	field(&text, "REQUESTS", served->left_out);
	write_journal(to, text.octets, text.used);
}
