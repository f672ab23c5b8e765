// SPDX-License-Identifier: MIT
/* Which exchanges are taken to have gone well, packet by packet. */
#include <stdlib.h>

#include "check.h"
#include "exchanges.h"
#include "frames.h"

#define GET "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#define BAD "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
/* FastCGI: a request's beginning; the header of an answer's first record. */
#define BEGIN "\1\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0"
#define STDOUT "\1\6\0\1\0\40\0\0"

static struct exchanges *x;
static struct frame frame;
static struct frame_spec spec = { .client = 40000, .server = 80 };

static uint32_t look(bool back, uint8_t flags, const char *octets, size_t length)
{
	spec.back = back;
	spec.flags = flags;
	spec.octets = octets;
	spec.length = length;
	build(&frame, &spec);
	return exchanges_look(x, &(struct packet_block){ .octets = frame.octets, .captured = frame.length, .length = frame.length });
}

#define client(text) look(false, ACK | PSH, text, sizeof(text) - 1)
#define server(text) look(true, ACK | PSH, text, sizeof(text) - 1)

static uint32_t open_next(void)
{
	uint32_t number;

	spec.client++;
	number = look(false, SYN, "", 0);
	expect("the handshake belongs to the first exchange", look(true, SYN | ACK, "", 0), number);
	return number;
}

static enum judgement judge(uint32_t number)
{
	return exchanges_judge(x, number, true);
}

static struct event about_client(void)
{
	struct event event = { .kind = ANSWERED, .local_port = 80, .remote_port = spec.client };
	uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	memcpy(event.local, mapped, sizeof(mapped));
	memcpy(event.remote, mapped, sizeof(mapped));
	memcpy(event.local + 12, (uint8_t[]){ 10, 0, 0, 1 }, 4);
	memcpy(event.remote + 12, (uint8_t[]){ 10, 0, 0, 9 }, 4);
	return event;
}

static void http(void)
{
	uint32_t first = open_next();
	uint32_t second;

	expect("its request", client(GET), first);
	expect("its answer", server(OK), first);
	expect("its body", server("more of it"), first);
	second = client(GET);
	expect("a request after an answer is another exchange", second != first && second != 0, 1);
	server(BAD);
	expect("a 200 of a connection that nobody was shown", judge(first), LEAVE_OUT);
	expect(".. once and for all", judge(first), LEAVE_OUT);
	expect("a 502", judge(second), WRITE);
	first = client(GET);
	expect("after a 502, too", first != second, 1);
	server(OK);
	expect("a 200 of a connection that was shown", judge(first), LEAVE_OUT_OF_KNOWN);
	second = client(GET);
	server(OK);
	expect("the next one", judge(second), LEAVE_OUT);

	first = open_next();
	client(GET);
	expect("no answer yet", judge(first), WRITE);
	server(OK);
	expect("what was begun is shown to its end", judge(first), WRITE);

	first = open_next();
	client(GET);
	client(GET);
	server(OK);
	expect("the second of two requests waits", judge(first), WRITE);

	first = open_next();
	client(GET);
	server("HTTP/1.1 100 Continue\r\n\r\n");
	server(OK);
	expect("an interim answer is none", judge(first), LEAVE_OUT);

	first = open_next();
	client(GET);
	server("HTTP/1.1 200 OK\r\nA: b\r\n");
	expect("half a head", judge(first), WRITE);

	first = open_next();
	client(GET);
	server("SSH-2.0\r\n\r\n");
	expect("what is no answer", judge(first), WRITE);

	first = open_next();
	client(GET);
	server(OK);
	expect("not while events are missing", exchanges_judge(x, first, false), WRITE);
}

static void ends(void)
{
	uint32_t number = open_next();
	struct event named;

	client(GET);
	look(true, FIN | ACK, "", 0);
	server(OK);
	expect("a FIN before the answer", judge(number), WRITE);

	number = open_next();
	client(GET);
	server(OK);
	expect("a FIN belongs to the last exchange", look(true, FIN | ACK, "", 0), number);
	expect("a FIN after the answer", judge(number), LEAVE_OUT);

	number = open_next();
	client(GET);
	server(OK);
	look(true, RST, "", 0);
	expect("a RST", judge(number), WRITE);

	number = open_next();
	look(true, RST | ACK, "", 0);
	expect("a refusal", judge(number), WRITE);

	number = open_next();
	client(GET);
	server(OK);
	named = about_client();
	exchanges_blame(x, &named);
	expect("an event of the kernel names it", judge(number), WRITE);

	number = open_next();
	client(GET);
	server(OK);
	spec.client--;
	named = about_client();
	exchanges_blame(x, &named);
	spec.client++;
	expect("an event of the kernel names another one", judge(number), LEAVE_OUT);
}

static void cgi(void)
{
	uint32_t number = open_next();

	client(BEGIN);
	server(STDOUT "Content-Type: text/html\r\n\r\nhello");
	expect("a page of FastCGI", judge(number), LEAVE_OUT);

	number = open_next();
	client(BEGIN);
	server(STDOUT "X: y\r\nStatus: 502 Bad Gateway\r\n\r\n");
	expect("a 502 of FastCGI", judge(number), WRITE);

	number = open_next();
	client(BEGIN);
	server("\1\7\0\1\0\4\0\0oops");
	expect("FCGI_STDERR first", judge(number), WRITE);

	number = open_next();
	client("70:CONTENT_LENGTH");
	server("Status: 200 OK\r\n\r\nhello");
	expect("SCGI", judge(number), LEAVE_OUT);
}

static void amid(void)
{
	uint32_t number;

	exchanges_forget(x);
	expect("octets amid a connection", server("the rest of a body"), 0);
	expect("what belongs to nothing", judge(0), WRITE);
	number = client(GET);
	expect("a request amid a connection", number != 0, 1);
	server(OK);
	expect("somebody may know the connection", judge(number), LEAVE_OUT_OF_KNOWN);
	spec.protocol = 17;
	expect("no TCP", look(false, 0, "", 0), 0);
	spec.protocol = 0;
}

static void frames(void)
{
	struct frame_spec ways[] = {
		{ .v6 = true },
		{ .v6 = true, .extensions = 2 },
		{ .vlans = 2, .padding = 6 },
		{ .ip_options = 8, .tcp_options = 12 },
	};
	size_t n;

	for (n = 0; n < sizeof(ways) / sizeof(ways[0]); n++) {
		uint32_t number;

		ways[n].client = spec.client;
		ways[n].server = 80;
		spec = ways[n];
		number = open_next();
		expect("whatever lies before it", client(GET), number);
		server(OK);
		expect("the answer is found", judge(number), LEAVE_OUT);
	}
	spec = (struct frame_spec){ .client = 40000, .server = 80 };
}

/* Frames cut anywhere: read without looking behind their end (the sanitizer sees to that). */
static void cut(void)
{
	size_t captured;

	look(true, ACK, STDOUT "Status: 200 OK\r\n\r\n", 26);
	for (captured = 0; captured <= frame.length; captured++) {
		uint8_t *octets = malloc(captured + 1);

		memcpy(octets, frame.octets, captured);
		exchanges_look(x, &(struct packet_block){ .octets = octets, .captured = captured, .length = frame.length });
		free(octets);
	}
	expect("cut frames are survived", captured, frame.length + 1);
}

static void counts(void)
{
	uint64_t sum = 0;
	int n;

	for (n = 0; n < SERVERS; n++)
		sum += exchanges_served(x, n)->left_out;
	expect("as many as were left out are counted", sum, 13);
	expect("by server", exchanges_served(x, 0)->server.port, 80);
}

int main(void)
{
	x = exchanges_new();
	http();
	ends();
	cgi();
	amid();
	frames();
	cut();
	counts();
	free(x);
	return report("exchanges");
}
