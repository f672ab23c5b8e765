/* SPDX-License-Identifier: MIT */
/*
 * Where the stream goes: a pipe, a socket, a file, or files in turn. Never waits for a reader: what it does not take
 * stays in the buffer, and behind that in the rings.
 */
#ifndef WHY502_OUTPUT_H
#define WHY502_OUTPUT_H

#include <stdbool.h>

#include "options.h"
#include "pcapng.h"

enum output_kind { OUTPUT_FILE, OUTPUT_PIPE, OUTPUT_SOCKET };
enum flushed { FLUSHED, WOULD_BLOCK, READER_GONE };

struct output {
	struct buffer buffer;
	/* Octets of the buffer that are written already. */
	size_t written;
	enum output_kind kind;
	/* When the reader was waited for last, by the wall clock: nothing more had room. */
	nanos waited;
	/* The reader is slow, and what it gets has been chosen: more of it may wait here. */
	bool pressed;
	/* All open from the beginning: nothing is opened after privileges are gone. The one that is written to. */
	int *files;
	int count;
	int current;
	/* Octets that a file may hold; 0: no limit. A block that begins below it is written whole. */
	uint64_t file_limit;
	/* Octets of the current file, and of all. */
	uint64_t file_octets;
	uint64_t octets;
};

/* Opens everything, or ends the process. Files belong to the user who called sudo. */
void output_open(struct output *output, const struct options *options);
/* Room for a block of any packet: nothing more may be added where this is false. */
bool output_room(const struct output *output);
/* Writes what the reader takes. */
enum flushed output_flush(struct output *output);
/* The next file, emptied. What was in the buffer must have been flushed. */
void output_rotate(struct output *output);
int output_fd(const struct output *output);

#endif
