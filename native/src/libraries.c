// SPDX-License-Identifier: MIT
#include "libraries.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* OpenSSL, LibreSSL, and BoringSSL where it is a library of its own. */
#define NAME "libssl"

int library_of(const char *line, int process, struct library *to)
{
	char path[400] = "";
	const char *name;

	/* Of a file that was replaced, another one is at its path (` (deleted)`). */
	if (sscanf(line, "%*s %*s %*s %15s %llu %399[^\n]", to->device, &to->inode, path) != 3 || strstr(path, " (deleted)"))
		return 0;
	name = strrchr(path, '/');
	if (!name || strncmp(name + 1, NAME, strlen(NAME)) != 0)
		return 0;
	snprintf(to->path, sizeof(to->path), "/proc/%d/root%s", process, path);
	return 1;
}

static bool is_known(const struct libraries *libraries, const struct library *one)
{
	int n;

	for (n = 0; n < libraries->count; n++) {
		const struct library *known = &libraries->all[n];

		if (known->inode == one->inode && strcmp(known->device, one->device) == 0)
			return true;
	}
	return false;
}

void libraries_add(struct libraries *libraries, int process)
{
	struct library found;
	char path[64], line[512];
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", process);
	maps = fopen(path, "re");
	if (!maps)
		return;
	while (libraries->count < MAX_LIBRARIES && fgets(line, sizeof(line), maps)) {
		if (!library_of(line, process, &found))
			continue;
		if (!is_known(libraries, &found))
			libraries->all[libraries->count++] = found;
		break;
	}
	fclose(maps);
}
