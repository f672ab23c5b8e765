/* SPDX-License-Identifier: MIT */
/* What the first octets of a segment begin: a request, an answer. Of HTTP/1 and of FastCGI, and no more of them than that. */
#ifndef WHY502_HEADS_H
#define WHY502_HEADS_H

#include <stdbool.h>

#include "segment.h"

/* WELL: a head whose end was kept, with a status of the first four classes. */
enum answer { INTERIM, WELL, ILL };

bool begins_with(const struct segment *segment, const char *word);
bool begins_request(const struct segment *segment);
enum answer answer_of(const struct segment *segment);

#endif
