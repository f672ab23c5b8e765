/* SPDX-License-Identifier: MIT */
/* One entry of a systemd journal, put together line by line: MESSAGE for people, and the same in named fields. */
#ifndef WHY502_ENTRY_H
#define WHY502_ENTRY_H

#include "../bpf/include/event.h"
#include "clock.h"
#include "pcapng.h"

/* Octets of an entry's block at most: fields, and what was said on a unix socket, of which each octet may take four. */
#define JOURNAL_OCTETS (2048 + 4 * 2 * TALK_OCTETS)
/* An address with its port, in brackets where it is IPv6; or `unix:/path`. */
#define ENDS_OCTETS (PATH_OCTETS + 8)

struct entry {
	char octets[JOURNAL_OCTETS];
	size_t used;
};

enum priority { WARNING = 4, INFO = 6 };

void begin_entry(struct entry *entry, nanos at, enum priority priority, const char *kind);
/* What does not fit is cut: field by field, an entry has room. */
void add(struct entry *entry, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Each as it is where it is readable, else as `\xNN`. */
void add_octets(struct entry *entry, const __u8 *octets, size_t count);
/* A number in a named field; 0 is not told. */
void field(struct entry *entry, const char *name, unsigned long long value);
void write_entry(struct buffer *to, const struct entry *entry);
/* A process chooses its name: nothing in it may end a line. `to` has NAME_OCTETS. */
const char *safe(const char *name, char *to);
/* Both have ENDS_OCTETS. A path may hold anything. */
const char *end_text(const __u8 *address, __u16 port, char *to);
const char *path_text(const char *path, char *to);

#endif
