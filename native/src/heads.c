// SPDX-License-Identifier: MIT
#include "heads.h"

#include <string.h>

bool begins_with(const struct segment *segment, const char *word)
{
	size_t length = strlen(word);

	return segment->kept >= length && memcmp(segment->octets, word, length) == 0;
}

bool begins_request(const struct segment *segment)
{
	static const char *const METHODS[] = { "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "PATCH ", "OPTIONS " };
	/* FCGI_BEGIN_REQUEST. */
	bool found = begins_with(segment, "\1\1");
	size_t n;

	for (n = 0; n < sizeof(METHODS) / sizeof(METHODS[0]) && !found; n++)
		found = begins_with(segment, METHODS[n]);
	return found;
}

enum answer answer_of(const struct segment *segment)
{
	const char *octets = (const char *)segment->octets;
	size_t kept = segment->kept;
	const char *status = NULL;
	const char *end;

	if (begins_with(segment, "HTTP/1.") && kept > 12) {
		status = octets + 9;
		if (*status == '1' && memcmp(status, "101", 3) != 0)
			return INTERIM;
	} else if (begins_with(segment, "\1\6") && kept > 8) {
		/* The first record of FCGI_STDOUT. */
		octets += 8;
		kept -= 8;
	} else if (!begins_with(segment, "Status: ")) {
		return ILL;
	}
	end = memmem(octets, kept, "\r\n\r\n", 4);
	if (!end)
		return ILL;
	if (!status) {
		status = memmem(octets, end - octets, "Status: ", 8);
		if (!status)
			return WELL;
		status += 8;
	}
	return *status >= '1' && *status <= '4' ? WELL : ILL;
}
