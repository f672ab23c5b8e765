/* SPDX-License-Identifier: MIT */
/*
 * What the first octets of a connection or a turn begin. Softer than the recognisers of src/proto, which have the last
 * word: what they could take for a protocol must be kept, what is kept in vain costs some octets.
 *
 * Octets are two words, not memory: a function of numbers is verified once, whoever calls it.
 */
#ifndef WHY502_RECOGNISE_H
#define WHY502_RECOGNISE_H

#include <bpf/bpf_helpers.h>
#include <linux/types.h>

/* Octets that are looked at. */
#define PROOF 16

enum protocol {
	UNKNOWN,
	/* HTTP/1 of either side, and the PROXY protocol's first version in front of it. */
	HTTP,
	PROXY2,
	FASTCGI,
	UWSGI,
	SCGI,
	MEMCACHED,
	HTTP2,
	TLS,
};

enum { FCGI_BEGIN = 1, FCGI_END = 3, FCGI_STDIN = 5, FCGI_STDOUT = 6, FCGI_STDERR = 7, FCGI_DATA = 8, FCGI_TYPES = 11 };

/* Eight octets in memory's order, which is that of their significance on every machine we are built for. */
#define WORD(a, b, c, d, e, f, g, h)                                                                         \
	((__u64)(a) | (__u64)(b) << 8 | (__u64)(c) << 16 | (__u64)(d) << 24 | (__u64)(e) << 32 | (__u64)(f) << 40 | \
	 (__u64)(g) << 48 | (__u64)(h) << 56)
#define FIRST(octets) ((1ull << 8 * (octets)) - 1)

static __always_inline __u8 octet(__u64 first, __u64 second, __u32 n)
{
	return n < 8 ? first >> 8 * n : second >> 8 * (n - 8);
}

/* A FastCGI record's header: version 1, a known type, nothing in the reserved octet. */
static __always_inline int is_record(__u64 first)
{
	__u8 type = first >> 8;

	return (__u8)first == 1 && type >= FCGI_BEGIN && type <= FCGI_TYPES && first >> 56 == 0;
}

static __always_inline int is_begin_request(__u64 first, __u64 second)
{
	/* Eight octets long; a role of 1 to 3. */
	return is_record(first) && (__u8)(first >> 8) == FCGI_BEGIN && (first >> 32 & 0xffff) == 0x0800 &&
	       (__u8)second == 0 && (__u8)(second >> 8) <= 3;
}

static __always_inline int is_fastcgi(__u64 first, __u64 second)
{
	__u8 type = first >> 8;

	if (is_begin_request(first, second))
		return 1;
	return is_record(first) && (type == FCGI_STDOUT || type == FCGI_STDERR || type == FCGI_END || type >= 9);
}

static __always_inline __u32 uwsgi_size(__u64 first)
{
	return first >> 8 & 0xffff;
}

/* A modifier, a size, and a first variable whose name begins with a capital. */
static __always_inline int is_uwsgi(__u64 first)
{
	__u8 modifier = first;
	__u8 letter = first >> 48;
	__u32 name = first >> 32 & 0xffff;

	return (modifier == 0 || (modifier >= 5 && modifier <= 15)) && name >= 4 && name <= 64 &&
	       uwsgi_size(first) >= name + 4 && letter >= 'A' && letter <= 'Z';
}

/* A netstring whose first name is CONTENT_LENGTH: `70:CON`. Its length, or 0. */
static __always_inline __u32 scgi_length(__u64 first, __u64 second)
{
	__u32 length = 0;
	__u32 n;

	for (n = 0; n < 7; n++) {
		__u8 digit = octet(first, second, n);

		if (digit == ':' && octet(first, second, n + 1) == 'C' && octet(first, second, n + 2) == 'O')
			return length;
		if (digit < '0' || digit > '9')
			return 0;
		length = length * 10 + digit - '0';
	}
	return 0;
}

static __always_inline int is_tls(__u64 first)
{
	__u8 type = first;

	return type >= 0x14 && type <= 0x17 && (__u8)(first >> 8) == 3 && (__u8)(first >> 16) <= 4 &&
	       (__u8)(first >> 24) <= 0x48;
}

/* The preface of a client, the SETTINGS of a server. */
static __always_inline int is_http2(__u64 first, __u64 second)
{
	if ((first & FIRST(6)) == WORD('P', 'R', 'I', ' ', '*', ' ', 0, 0))
		return 1;
	return (__u8)first == 0 && (__u8)(first >> 24) == 4 && (__u8)(first >> 32) <= 1 && first >> 40 == 0 &&
	       (__u8)second == 0;
}

static __always_inline int is_memcached(__u64 first)
{
	return (first & FIRST(4)) == WORD('g', 'e', 't', ' ', 0, 0, 0, 0) ||
	       (first & FIRST(5)) == WORD('g', 'e', 't', 's', ' ', 0, 0, 0);
}

static __always_inline int is_proxy2(__u64 first)
{
	return (first & FIRST(7)) == WORD('\r', '\n', '\r', '\n', 0, '\r', '\n', 0);
}

/* A status line, or a method in capitals and a space. Empty lines before a request are passed over by servers. */
static __always_inline int is_http1(__u64 first, __u64 second)
{
	__u32 n;

	if ((first & FIRST(5)) == WORD('H', 'T', 'T', 'P', '/', 0, 0, 0))
		return 1;
	if ((__u8)first == '\r' || (__u8)first == '\n')
		return 1;
	for (n = 0; n < PROOF; n++) {
		__u8 letter = octet(first, second, n);

		if (n > 0 && letter == ' ')
			return 1;
		if ((letter < 'A' || letter > 'Z') && letter != '-')
			return 0;
	}
	return 0;
}

/* An enum protocol of PROOF octets, zero where there are none. */
__noinline __u32 recognise(__u64 first, __u64 second)
{
	if (is_proxy2(first))
		return PROXY2;
	if (is_http2(first, second))
		return HTTP2;
	if (is_http1(first, second))
		return HTTP;
	if (is_tls(first))
		return TLS;
	if (is_fastcgi(first, second))
		return FASTCGI;
	if (scgi_length(first, second))
		return SCGI;
	if (is_uwsgi(first))
		return UWSGI;
	return is_memcached(first) ? MEMCACHED : UNKNOWN;
}

#endif
