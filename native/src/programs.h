/* SPDX-License-Identifier: MIT */
/*
 * Gateways that can be asked what TLS hides: those that have the functions of nginx that read and write it, as all of its kin do
 * that export them to their modules. Those of the TLS library would do for any gateway, but are called more often; and where a
 * function does not begin with a push, which the kernel carries out itself, the processor has to step through its first instruction:
 * in a virtual machine that made a request of 33 us take 100.
 */
#ifndef WHY502_PROGRAMS_H
#define WHY502_PROGRAMS_H

#include <stdbool.h>
#include <sys/types.h>

/* ngx_event_openssl.c. Both take (connection, octets, how many), and return how many there were. */
#define TLS_READS "ngx_ssl_recv"
#define TLS_WRITES "ngx_ssl_write"

/* Gateways of so many containers, each with a program of its own. */
#define MAX_PROGRAMS 8

struct program {
	char path[64];
	/* The file, by whichever process it was found. */
	dev_t device;
	ino_t inode;
};

struct programs {
	struct program all[MAX_PROGRAMS];
	int count;
};

/* Adds the program that this process runs, if it has those functions and is not among them. */
void programs_add(struct programs *programs, int process);

/* Has this ELF file a function of that name? */
bool has_function(const char *path, const char *name);

#endif
