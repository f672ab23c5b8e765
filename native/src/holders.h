/* SPDX-License-Identifier: MIT */
/* Which process holds which socket, and which unit or container it belongs to: read in /proc, while that is allowed. */
#ifndef WHY502_HOLDERS_H
#define WHY502_HOLDERS_H

#include <stddef.h>

#include "sockets.h"

/* Of several holders the one with the lowest number: a master before its workers. */
void name_holders(struct sockets *sockets);
/* `php8.2-fpm.service` of a line of /proc/PID/cgroup, or a container's first twelve digits; "" where it names neither. */
void unit_of(const char *line, char *to, size_t size);

#endif
