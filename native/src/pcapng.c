// SPDX-License-Identifier: MIT
#include "pcapng.h"

#include <stdlib.h>
#include <string.h>

enum { SECTION_HEADER = 0x0a0d0d0a, INTERFACE_DESCRIPTION = 1, INTERFACE_STATISTICS = 5, ENHANCED_PACKET = 6, JOURNAL_EXPORT = 9 };
enum { BYTE_ORDER_MAGIC = 0x1a2b3c4d, VERSION_MAJOR = 1, VERSION_MINOR = 0 };

enum { END_OF_OPTIONS = 0, OPT_COMMENT = 1 };
enum { SHB_HARDWARE = 2, SHB_OS = 3, SHB_USERAPPL = 4 };
enum { IF_NAME = 2, IF_TSRESOL = 9, IF_FILTER = 11, IF_OS = 12 };
enum { EPB_FLAGS = 2 };
enum { ISB_STARTTIME = 2, ISB_ENDTIME = 3, ISB_IFRECV = 4, ISB_IFDROP = 5, ISB_USRDELIV = 8 };

enum { RESOLUTION_NANOSECONDS = 9 };

/* An option's text is cut at this length: kernel and machine say who they are in less. */
#define MAX_TEXT 1024

static void put(struct buffer *to, const void *octets, size_t length)
{
	if (length > to->size - to->used)
		abort();
	if (length == 0)
		return;
	memcpy(to->octets + to->used, octets, length);
	to->used += length;
}

static void put_16(struct buffer *to, uint16_t value)
{
	put(to, &value, sizeof(value));
}

static void put_32(struct buffer *to, uint32_t value)
{
	put(to, &value, sizeof(value));
}

static void put_64(struct buffer *to, uint64_t value)
{
	put(to, &value, sizeof(value));
}

/* Times are two halves, the upper one first, in every byte order. */
static void put_time(struct buffer *to, nanos at)
{
	put_32(to, at >> 32);
	put_32(to, at);
}

static void put_padding(struct buffer *to, size_t length)
{
	static const uint8_t zeros[3];

	put(to, zeros, -length & 3);
}

static void put_option(struct buffer *to, uint16_t code, const void *value, size_t length)
{
	put_16(to, code);
	put_16(to, length);
	put(to, value, length);
	put_padding(to, length);
}

static void put_text(struct buffer *to, uint16_t code, const char *text)
{
	if (text && *text)
		put_option(to, code, text, strnlen(text, MAX_TEXT));
}

static void put_counter(struct buffer *to, uint16_t code, uint64_t value)
{
	put_16(to, code);
	put_16(to, sizeof(value));
	put_64(to, value);
}

static void put_time_option(struct buffer *to, uint16_t code, nanos at)
{
	put_16(to, code);
	put_16(to, sizeof(at));
	put_time(to, at);
}

/* Its length is filled in when it ends. */
static size_t begin(struct buffer *to, uint32_t type)
{
	size_t start = to->used;

	put_32(to, type);
	put_32(to, 0);
	return start;
}

static void end(struct buffer *to, size_t start)
{
	uint32_t length = to->used - start + sizeof(length);

	put_32(to, length);
	memcpy(to->octets + start + 4, &length, sizeof(length));
}

void write_section(struct buffer *to, const struct section_block *section)
{
	size_t start = begin(to, SECTION_HEADER);

	put_32(to, BYTE_ORDER_MAGIC);
	put_16(to, VERSION_MAJOR);
	put_16(to, VERSION_MINOR);
	/* Its length is not known. */
	put_64(to, UINT64_MAX);
	put_text(to, SHB_HARDWARE, section->hardware);
	put_text(to, SHB_OS, section->system);
	put_text(to, SHB_USERAPPL, section->application);
	put_text(to, OPT_COMMENT, section->comment);
	put_option(to, END_OF_OPTIONS, NULL, 0);
	end(to, start);
}

void write_interface(struct buffer *to, const struct interface_block *interface)
{
	static const uint8_t resolution = RESOLUTION_NANOSECONDS;
	size_t start = begin(to, INTERFACE_DESCRIPTION);

	put_16(to, interface->link_type);
	put_16(to, 0);
	put_32(to, interface->snap);
	put_text(to, IF_NAME, interface->name);
	put_option(to, IF_TSRESOL, &resolution, sizeof(resolution));
	if (interface->filter) {
		/* Its first octet says what kind of filter follows: 0, text. */
		char filter[MAX_TEXT] = { 0 };
		size_t length = strnlen(interface->filter, sizeof(filter) - 1);

		memcpy(filter + 1, interface->filter, length);
		put_option(to, IF_FILTER, filter, length + 1);
	}
	put_text(to, IF_OS, interface->system);
	put_option(to, END_OF_OPTIONS, NULL, 0);
	end(to, start);
}

/* Nearly all that is written: its fields in two pieces. */
void write_packet(struct buffer *to, const struct packet_block *packet)
{
	/* A frame that was cut before that place stays as it is. */
	uint32_t added = packet->captured >= packet->added_at ? packet->added_octets : 0;
	uint32_t before = added ? packet->added_at : 0;
	uint32_t captured = packet->captured + added;
	const struct {
		uint16_t code, size;
		uint32_t direction, end_of_options;
	} flags = { EPB_FLAGS, sizeof(uint32_t), packet->direction, END_OF_OPTIONS };
	uint32_t options = packet->direction != DIRECTION_UNKNOWN ? sizeof(flags) : 0;
	const uint32_t length = 7 * sizeof(uint32_t) + captured + (-captured & 3) + options + sizeof(length);
	const uint32_t head[7] = { ENHANCED_PACKET,   length,   packet->interface,	     packet->at >> 32,
				   (uint32_t)packet->at, captured, packet->length + added };

	put(to, head, sizeof(head));
	put(to, packet->octets, before);
	put(to, packet->added, added);
	put(to, packet->octets + before, packet->captured - before);
	put_padding(to, captured);
	put(to, &flags, options);
	put_32(to, length);
}

void write_statistics(struct buffer *to, const struct statistics_block *statistics)
{
	size_t start = begin(to, INTERFACE_STATISTICS);

	put_32(to, statistics->interface);
	put_time(to, statistics->at);
	put_time_option(to, ISB_STARTTIME, statistics->since);
	put_time_option(to, ISB_ENDTIME, statistics->at);
	put_counter(to, ISB_IFRECV, statistics->received);
	put_counter(to, ISB_IFDROP, statistics->dropped);
	put_counter(to, ISB_USRDELIV, statistics->delivered);
	put_option(to, END_OF_OPTIONS, NULL, 0);
	end(to, start);
}

void write_journal(struct buffer *to, const char *entry, size_t length)
{
	size_t start = begin(to, JOURNAL_EXPORT);

	put(to, entry, length);
	put_padding(to, length);
	end(to, start);
}
