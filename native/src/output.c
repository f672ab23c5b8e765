// SPDX-License-Identifier: MIT
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "privileges.h"
#include "say.h"

/*
 * Written at once: little enough to stay in the processor's cache; what was put here for a reader can no longer be left out.
 * Under pressure there are failures only, which must not be lost.
 */
#define HIGH_MARK (128 * 1024)
#define PRESSED_MARK (16 * 1024 * 1024)
/* The largest packet's block, which the smallest ring block bounds. */
#define LARGEST_BLOCK (1024 * 1024 + PACKET_OVERHEAD)
/* For a section's header, and the descriptions and statistics of as many interfaces as are followed. */
#define SMALL_BLOCKS (256 * 1024)
/* Before the suffix of a file's name: `.007`. */
#define NUMBER 8

static int open_file(const char *path)
{
	struct stat stat;
	/* Not through a link that somebody put where the user may write: this may be root. */
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || fstat(fd, &stat) < 0)
		give_up(errno == EACCES || errno == EPERM ? EXIT_REFUSED : EXIT_OUTPUT, "%.300s: %s", path,
			errno == ELOOP	  ? "a symbolic link; name the file it leads to"
			: errno == ENOENT ? "its folder is not there; make it first (mkdir -p), or name another"
					  : strerror(errno));
	if (S_ISREG(stat.st_mode))
		give_to_caller(fd, path);
	return fd;
}

/* case.pcapng is case.0.pcapng, case.1.pcapng, ...: with as many digits as the last one has. */
static void open_files(struct output *output, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(path, '.');
	int digits = snprintf(NULL, 0, "%d", output->count - 1);
	size_t size = strlen(path) + NUMBER;
	char *name = malloc(size);
	int stem;
	int n;

	if (!name)
		give_up(EXIT_OUTPUT, "no memory");
	if (!dot || (slash && dot < slash) || dot == (slash ? slash + 1 : path))
		dot = path + strlen(path);
	stem = dot - path;
	for (n = 0; n < output->count; n++) {
		snprintf(name, size, "%.*s.%0*d%s", stem, path, digits, n, dot);
		output->files[n] = open_file(name);
	}
	free(name);
}

/* Standard output, in a way that it never holds us. */
static int open_standard(struct output *output)
{
	struct stat stat;
	int fd;

	if (isatty(STDOUT_FILENO))
		give_up(EXIT_USAGE, "standard output is a terminal. Pipe it, or name a file with -w");
	if (fstat(STDOUT_FILENO, &stat) < 0)
		give_up(EXIT_OUTPUT, "standard output: %s", strerror(errno));
	if (S_ISSOCK(stat.st_mode))
		output->kind = OUTPUT_SOCKET;
	if (!S_ISFIFO(stat.st_mode))
		return STDOUT_FILENO;
	output->kind = OUTPUT_PIPE;
	/* An opening of our own: O_NONBLOCK on the one we were given would hold for everybody who shares it. */
	fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0) {
		close(STDOUT_FILENO);
		return fd;
	}
	fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
	return STDOUT_FILENO;
}

void output_open(struct output *output, const struct options *options)
{
	*output = (struct output){ .kind = OUTPUT_FILE, .count = options->files, .file_limit = options->rotate_size };
	output->buffer.size = PRESSED_MARK + LARGEST_BLOCK + SMALL_BLOCKS;
	output->buffer.octets = malloc(output->buffer.size);
	output->files = calloc(output->count, sizeof(int));
	if (!output->buffer.octets || !output->files)
		give_up(EXIT_OUTPUT, "no memory");
	if (!options->file)
		output->files[0] = open_standard(output);
	else if (output->count == 1)
		output->files[0] = open_file(options->file);
	else
		open_files(output, options->file);
}

int output_fd(const struct output *output)
{
	return output->files[output->current];
}

bool output_room(const struct output *output)
{
	if (output->file_limit && output->file_octets + output->buffer.used - output->written >= output->file_limit)
		return false;
	return output->buffer.used < (output->kind != OUTPUT_FILE && output->pressed ? PRESSED_MARK : HIGH_MARK);
}

static ssize_t write_some(const struct output *output)
{
	const uint8_t *from = output->buffer.octets + output->written;
	size_t length = output->buffer.used - output->written;

	if (output->kind == OUTPUT_SOCKET)
		return send(output_fd(output), from, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	return write(output_fd(output), from, length);
}

/* A reader that always leaves something never empties the buffer. */
static void move_up(struct output *output)
{
	struct buffer *buffer = &output->buffer;

	if (output->written < buffer->used / 2)
		return;
	buffer->used -= output->written;
	memmove(buffer->octets, buffer->octets + output->written, buffer->used);
	output->written = 0;
}

enum flushed output_flush(struct output *output)
{
	while (output->written < output->buffer.used) {
		ssize_t octets = write_some(output);

		if (octets >= 0) {
			output->written += octets;
			output->file_octets += octets;
			output->octets += octets;
			continue;
		}
		switch (errno) {
		case EINTR:
			continue;
		case EAGAIN:
			move_up(output);
			return WOULD_BLOCK;
		case EPIPE:
		case ECONNRESET:
			return READER_GONE;
		default:
			give_up(EXIT_OUTPUT, "the output cannot be written: %s", strerror(errno));
		}
	}
	output->buffer.used = output->written = 0;
	return FLUSHED;
}

void output_rotate(struct output *output)
{
	output->current = (output->current + 1) % output->count;
	output->file_octets = 0;
	if (lseek(output_fd(output), 0, SEEK_SET) < 0 || ftruncate(output_fd(output), 0) < 0)
		give_up(EXIT_OUTPUT, "the next file cannot be emptied: %s", strerror(errno));
}
