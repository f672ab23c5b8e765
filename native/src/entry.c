// SPDX-License-Identifier: MIT
#include "entry.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "say.h"

void add(struct entry *entry, const char *format, ...)
{
	size_t room = sizeof(entry->octets) - entry->used;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(entry->octets + entry->used, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		entry->used += (size_t)length < room ? (size_t)length : room - 1;
}

static void add_octet(struct entry *entry, __u8 octet)
{
	static const char digits[] = "0123456789abcdef";
	char *to = entry->octets + entry->used;

	if (entry->used + 5 > sizeof(entry->octets))
		return;
	if (octet >= ' ' && octet < 0x7f && octet != '\\') {
		to[0] = octet;
		entry->used++;
		return;
	}
	to[0] = '\\';
	to[1] = 'x';
	to[2] = digits[octet >> 4];
	to[3] = digits[octet & 15];
	entry->used += 4;
}

void add_octets(struct entry *entry, const __u8 *octets, size_t count)
{
	size_t n;

	for (n = 0; n < count; n++)
		add_octet(entry, octets[n]);
}

void field(struct entry *entry, const char *name, unsigned long long value)
{
	if (value)
		add(entry, "WHY502_%s=%llu\n", name, value);
}

const char *safe(const char *name, char *to)
{
	int n;

	for (n = 0; n < NAME_OCTETS - 1 && name[n]; n++)
		to[n] = name[n] > ' ' && name[n] < 0x7f ? name[n] : '?';
	to[n] = '\0';
	return n ? to : "?";
}

const char *end_text(const __u8 *address, __u16 port, char *to)
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

const char *path_text(const char *path, char *to)
{
	int length = snprintf(to, ENDS_OCTETS, "unix:%.*s", PATH_OCTETS, path);
	int n;

	for (n = 0; n < length && n < ENDS_OCTETS - 1; n++)
		if (to[n] < ' ' || to[n] == 0x7f)
			to[n] = '?';
	return to;
}

void begin_entry(struct entry *entry, nanos at, enum priority priority, const char *kind)
{
	entry->used = 0;
	add(entry, "__REALTIME_TIMESTAMP=%llu\n", (unsigned long long)(at / 1000));
	add(entry, "PRIORITY=%d\nSYSLOG_IDENTIFIER=" PROGRAM "\n", priority);
	add(entry, "WHY502_EVENT=%s\nWHY502_NANOSECOND=%u\n", kind, (unsigned int)(at % 1000));
}

void write_entry(struct buffer *to, const struct entry *entry)
{
	write_journal(to, entry->octets, entry->used);
}
