// SPDX-License-Identifier: MIT
#include "holders.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGITS_OF_CONTAINER 64
#define DIGITS_TOLD 12

static int by_inode(const void *a, const void *b)
{
	const struct open_socket *one = a, *other = b;

	return one->inode < other->inode ? -1 : one->inode > other->inode;
}

static bool ends_with(const char *text, size_t length, const char *end)
{
	size_t octets = strlen(end);

	return length > octets && memcmp(text + length - octets, end, octets) == 0;
}

/* The longest run of hexadecimal digits that a container's id is. */
static const char *container_in(const char *part, size_t length)
{
	size_t n, run = 0;

	for (n = 0; n < length; n++) {
		run = isxdigit((unsigned char)part[n]) ? run + 1 : 0;
		if (run == DIGITS_OF_CONTAINER)
			return part + n + 1 - DIGITS_OF_CONTAINER;
	}
	return NULL;
}

void unit_of(const char *line, char *to, size_t size)
{
	const char *end = line + strcspn(line, "\n");
	const char *part = memchr(line, '/', end - line);

	*to = '\0';
	while (part) {
		const char *begin = part + 1;
		const char *next = memchr(begin, '/', end - begin);
		size_t length = (next ? next : end) - begin;
		const char *container = container_in(begin, length);

		/* The innermost one counts. */
		if (container)
			snprintf(to, size, "container %.*s", DIGITS_TOLD, container);
		else if (ends_with(begin, length, ".service"))
			snprintf(to, size, "%.*s", (int)length, begin);
		part = next;
	}
}

static void read_line(int process, const char *file, char *to, size_t size)
{
	char path[64];
	ssize_t length;
	int fd;

	*to = '\0';
	snprintf(path, sizeof(path), "/proc/%d/%s", process, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, to, size - 1);
	to[length < 0 ? 0 : length] = '\0';
	close(fd);
}

/* Of a process whose main thread is called so (Node since 24), what it runs says more. */
#define MAIN_THREAD "MainThread"

static void name_executable(int process, char *to, size_t size)
{
	char path[64], target[512];
	const char *name;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/exe", process);
	length = readlink(path, target, sizeof(target) - 1);
	if (length <= 0)
		return;
	target[length] = '\0';
	name = strrchr(target, '/');
	snprintf(to, size, "%.15s", name ? name + 1 : target);
}

static void hold(struct open_socket *one, int process)
{
	char text[512];

	if (one->process)
		return;
	one->process = process;
	read_line(process, "comm", text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	snprintf(one->name, sizeof(one->name), "%.15s", text);
	if (strcmp(one->name, MAIN_THREAD) == 0)
		name_executable(process, one->name, sizeof(one->name));
	read_line(process, "cgroup", text, sizeof(text));
	unit_of(text, one->unit, sizeof(one->unit));
}

static void look_into(struct sockets *sockets, int process)
{
	char path[64], link[64];
	struct dirent *file;
	DIR *files;

	snprintf(path, sizeof(path), "/proc/%d/fd", process);
	files = opendir(path);
	if (!files)
		return;
	while ((file = readdir(files))) {
		ssize_t length = readlinkat(dirfd(files), file->d_name, link, sizeof(link) - 1);
		struct open_socket key = { 0 }, *found;

		link[length < 0 ? 0 : length] = '\0';
		if (sscanf(link, "socket:[%llu]", (unsigned long long *)&key.inode) != 1)
			continue;
		found = bsearch(&key, sockets->all, sockets->count, sizeof(key), by_inode);
		if (found)
			hold(found, process);
	}
	closedir(files);
}

void name_holders(struct sockets *sockets)
{
	struct dirent *entry;
	DIR *processes = opendir("/proc");

	qsort(sockets->all, sockets->count, sizeof(sockets->all[0]), by_inode);
	if (!processes)
		return;
	/* In order of their numbers, as /proc gives them. */
	while ((entry = readdir(processes)))
		if (isdigit((unsigned char)entry->d_name[0]))
			look_into(sockets, atoi(entry->d_name));
	closedir(processes);
}
