// SPDX-License-Identifier: MIT
#include "journal.h"

#include <string.h>

#include "entry.h"
#include "reasons.h"

static const char *const NAMES[EVENT_KINDS] = {
	[ATTEMPT_ENDED] = "attempt-ended", [RETRIED] = "retried",	[ANSWERED] = "answered",
	[PEER_CLOSED] = "peer-closed",	   [RESET_SENT] = "reset-sent", [EXITED] = "exited",
	[SIGNALLED] = "signalled",	   [OOM_VICTIM] = "oom-victim", [SYN_REPEATED] = "syn-repeated",
	[DROPPED] = "dropped",		   [NOT_ACCEPTING] = "not-accepting", [LOGGED] = "logged",
};

/* Without its end. */
static __u32 line_length(const struct talk *talk)
{
	__u32 length = talk->facts.request_kept;

	return length > 0 && talk->octets[length - 1] == '\n' ? length - 1 : length;
}

static void end_how(struct entry *entry, const struct event *e)
{
	if (!(e->flags & EXITING))
		return;
	if (e->signal)
		add(entry, ", dying of signal %u (SIG%s)", e->signal, sigabbrev_np(e->signal));
	else
		add(entry, ", exiting with code %u", e->code);
}

static void attempt_text(struct entry *entry, const struct event *e, const char *local, const char *remote)
{
	if (*e->path)
		add(entry, "'s connection to %s ended: ", remote);
	else if (e->local_port)
		add(entry, " closed its connection %s -> %s: ", local, remote);
	else
		add(entry, " could not connect to %s: ", e->remote_port ? remote : "a peer that is not known");
	if (e->error)
		add(entry, "%s", strerror(e->error));
	else if (e->flags & ENDED_BY_PEER)
		add(entry, "the peer had closed it");
	else
		add(entry, "its own decision");
	add(entry, "; %llu octets sent, %llu received", (unsigned long long)e->sent, (unsigned long long)e->received);
}

/* One line of what happened. */
static void message(struct entry *entry, const struct event *e, const struct talk *talk)
{
	char name[NAME_OCTETS], other[NAME_OCTETS], local[ENDS_OCTETS], remote[ENDS_OCTETS];

	end_text(e->local, e->local_port, local);
	if (*e->path)
		path_text(e->path, remote);
	else
		end_text(e->remote, e->remote_port, remote);
	add(entry, "MESSAGE=");
	if (e->kind == OOM_VICTIM)
		add(entry, "the OOM killer chose %s[%u]", safe(e->other_name, other), e->other);
	else if (e->flags & BY_KERNEL)
		add(entry, "the kernel");
	else if (e->kind == DROPPED || e->kind == SYN_REPEATED || (e->kind == RESET_SENT && !(e->flags & BY_TASK)))
		add(entry, "this host");
	else
		add(entry, "%s[%u]", safe(e->name, name), e->process);
	switch (e->kind) {
	case ATTEMPT_ENDED:
		attempt_text(entry, e, local, remote);
		break;
	case RETRIED:
		add(entry, " tried again: %s", e->remote_port || *e->path ? remote : "on a connection that was open already");
		break;
	case ANSWERED:
		add(entry, " answered %s", remote);
		if (e->status)
			add(entry, " with %u", e->status);
		add(entry, e->after ? " because of that" : e->flags & DIRECT ? " without any attempt" : "");
		break;
	case PEER_CLOSED:
		add(entry, " closed %s -> %s without an answer", local, remote);
		end_how(entry, e);
		break;
	case RESET_SENT:
		add(entry, " reset %s -> %s", local, remote);
		if (*reason_of(e))
			add(entry, ": %s", reason_of(e));
		if (e->flags & NOT_ACCEPTED)
			add(entry, ", never accepted");
		if (e->unread)
			add(entry, ", %u octets unread", e->unread);
		end_how(entry, e);
		break;
	case SYN_REPEATED:
		add(entry, "'s SYN %s -> %s is sent again: no answer", local, remote);
		break;
	case DROPPED:
		add(entry, " dropped a segment %s -> %s: %s", remote, local, reason_of(e));
		break;
	case NOT_ACCEPTING:
		add(entry, " could not accept on %s: %s", *e->path ? remote : local, strerror(e->error));
		break;
	case LOGGED:
		add(entry, " logged: ");
		if (talk)
			add_octets(entry, talk->octets, line_length(talk));
		break;
	case EXITED:
		if (e->signal)
			add(entry, " was ended by signal %u (SIG%s)", e->signal, sigabbrev_np(e->signal));
		else
			add(entry, " exited with code %u", e->code);
		break;
	case SIGNALLED:
		add(entry, " sent SIG%s to %s[%u]", sigabbrev_np(e->signal), safe(e->other_name, other), e->other);
		break;
	}
	add(entry, "\n");
}

static void flag(struct entry *entry, const struct event *e, unsigned int bit, const char *name)
{
	if (e->flags & bit)
		add(entry, "WHY502_%s=1\n", name);
}

static void fields(struct entry *entry, const struct event *e)
{
	char ends[ENDS_OCTETS], name[NAME_OCTETS];

	if (e->kind != DROPPED && e->kind != SYN_REPEATED && (e->kind != RESET_SENT || e->flags & BY_TASK)) {
		add(entry, "WHY502_NAME=%s\n", safe(e->name, name));
		field(entry, "PROCESS", e->process);
		field(entry, "THREAD", e->thread);
	}
	field(entry, "SOCKET", e->socket);
	field(entry, "AFTER", e->after);
	if (e->kind == NOT_ACCEPTING) {
		add(entry, "WHY502_LOCAL=%s\n", *e->path ? path_text(e->path, ends) : end_text(e->local, e->local_port, ends));
	} else if (*e->path) {
		add(entry, "WHY502_REMOTE=%s\n", path_text(e->path, ends));
	} else if (e->remote_port) {
		add(entry, "WHY502_LOCAL=%s\n", end_text(e->local, e->local_port, ends));
		add(entry, "WHY502_REMOTE=%s\n", end_text(e->remote, e->remote_port, ends));
	}
	if (e->other)
		add(entry, "WHY502_OTHER_NAME=%s\n", safe(e->other_name, name));
	field(entry, "OTHER", e->other);
	field(entry, "PARENT", e->parent);
	field(entry, "ERRNO", e->error);
	if (*reason_of(e))
		add(entry, "WHY502_REASON=%s\n", reason_of(e));
	field(entry, "SIGNAL", e->signal);
	field(entry, "CODE", e->code);
	field(entry, "STATUS", e->status);
	if (e->kind == RESET_SENT && e->flags & BY_TASK)
		add(entry, "WHY502_UNREAD=%u\n", e->unread);
	field(entry, "SENT", e->sent);
	field(entry, "RECEIVED", e->received);
	flag(entry, e, NEVER_OPEN, "NEVER_OPEN");
	flag(entry, e, ENDED_BY_PEER, "ENDED_BY_PEER");
	flag(entry, e, UNANSWERED, "UNANSWERED");
	flag(entry, e, AFTER_READ, "AFTER_READ");
	flag(entry, e, REUSED, "REUSED");
	flag(entry, e, DIRECT, "DIRECT");
	flag(entry, e, EXITING, "EXITING");
	flag(entry, e, NOT_ACCEPTED, "NOT_ACCEPTED");
	flag(entry, e, BY_PARENT, "BY_PARENT");
	flag(entry, e, BY_KERNEL, "BY_KERNEL");
	if (e->flags & HTTP2_FRAMES)
		add(entry, "WHY502_PROTOCOL=http/2\n");
}

static void octets(struct entry *entry, const char *name, const __u8 *from, __u32 count)
{
	if (!count)
		return;
	add(entry, "WHY502_%s=", name);
	add_octets(entry, from, count);
	add(entry, "\n");
}

/* Moments are told by how long before the event they were. */
static void talk_fields(struct entry *entry, const struct event *e, const struct talk *talk)
{
	const struct talk_facts *facts = &talk->facts;

	octets(entry, "REQUEST", talk->octets, facts->request_kept);
	octets(entry, "RESPONSE", talk->octets + facts->request_kept, facts->response_kept);
	field(entry, "REQUEST_OCTETS", facts->request);
	field(entry, "RESPONSE_OCTETS", facts->response);
	field(entry, "NTH", facts->nth);
	if (facts->requested && facts->requested < e->at)
		field(entry, "REQUESTED_BEFORE", e->at - facts->requested);
	if (facts->responded && facts->responded < e->at)
		field(entry, "RESPONDED_BEFORE", e->at - facts->responded);
}

void write_event(struct buffer *to, const struct event *event, const struct talk *talk, nanos at)
{
	struct entry entry;

	begin_entry(&entry, at, INFO, event->kind < EVENT_KINDS && NAMES[event->kind] ? NAMES[event->kind] : "unknown");
	message(&entry, event, talk);
	fields(&entry, event);
	if (talk && event->kind == LOGGED)
		octets(&entry, "LINE", talk->octets, line_length(talk));
	else if (talk)
		talk_fields(&entry, event, talk);
	write_entry(to, &entry);
}

void write_witness(struct buffer *to, const struct witness *witness, nanos at)
{
	const struct probes *probes = &witness->probes;
	struct entry entry;
	int n;

	begin_entry(&entry, at, INFO, "witness");
	add(&entry, "MESSAGE=the kernel is asked by %d probes", probes->attached);
	for (n = 0; n < probes->count; n++) {
		const struct probe *instead = probe_instead(probes, n);

		if (instead)
			add(&entry, "; %s instead of %s", instead->name, probes->all[n].name);
		else if (probe_is_missed(probes, n))
			add(&entry, "; not %s (%s): %s", probes->all[n].name, strerror(probes->all[n].error), probes->all[n].about);
	}
	/* Readers ask what can be known, not by which way. */
	add(&entry, "\nWHY502_PROBES=");
	for (n = 0; n < probes->count; n++)
		if (!probes->all[n].error || probe_instead(probes, n))
			add(&entry, "%s ", probes->all[n].name);
	if (probes->every_reset)
		add(&entry, "\nWHY502_EVERY_RESET=1");
	add(&entry, "\nWHY502_CLOCK_ERROR=%llu\n", (unsigned long long)witness->error);
	write_entry(to, &entry);
}

void write_clock(struct buffer *to, nanos error, nanos at)
{
	struct entry entry;

	begin_entry(&entry, at, WARNING, "clock");
	add(&entry, "MESSAGE=kernel events may stand up to %llu us beside packets: the clocks could be compared no better\n",
	    (unsigned long long)(error / 1000));
	field(&entry, "CLOCK_ERROR", error);
	write_entry(to, &entry);
}

void write_lost_events(struct buffer *to, __u64 count, nanos at)
{
	struct entry entry;

	begin_entry(&entry, at, WARNING, "lost");
	add(&entry, "MESSAGE=%llu kernel events were lost: more came than the ring had room for\n", (unsigned long long)count);
	field(&entry, "LOST", count);
	write_entry(to, &entry);
}
