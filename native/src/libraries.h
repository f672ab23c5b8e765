/* SPDX-License-Identifier: MIT */
/* Where gateways read and write what TLS hides: the files of the libraries that they have loaded. */
#ifndef WHY502_LIBRARIES_H
#define WHY502_LIBRARIES_H

/* Gateways of so many containers, each with a library of its own. */
#define MAX_LIBRARIES 8

struct library {
	/* As this process reaches it: in a container its path is another one. */
	char path[512];
	/* The file, whoever reaches it by whichever path. */
	char device[16];
	unsigned long long inode;
};

struct libraries {
	struct library all[MAX_LIBRARIES];
	int count;
};

/* Adds the library of this process, if it has one that is not among them. */
void libraries_add(struct libraries *libraries, int process);

/* Reads one line of /proc/PID/maps (proc(5)); 0 where it is no TLS library. */
int library_of(const char *line, int process, struct library *to);

#endif
