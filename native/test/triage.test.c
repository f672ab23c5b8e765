// SPDX-License-Identifier: MIT
/* The filter in the kernel, run by BPF_PROG_TEST_RUN on frames made by hand: how many octets of each it keeps.
 * All in one file: one program is loaded once, and each case is a line or two. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "frames.h"
#include "triage.h"

/* BPF_PROG_TEST_RUN takes frames of a little less than a page. */
enum { SNAP = 262144, HEAD = 65536, BODY = 256, LARGE = 3000, ETHER = 14 };

static const struct triage_settings DEFAULTS = { .snap = SNAP, .head = HEAD, .body = BODY, .triage = 1 };
static struct triage *triage;
static struct frame frame;
static uint8_t body[LARGE];

/* What the filter returns for the frame. */
static uint32_t run_bare(const struct frame *given, bool bare)
{
	static uint8_t input[ETHER + sizeof(frame.octets)];
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = input, .data_size_in = ETHER + given->length);
	int error;

	/* The kernel takes an Ethernet header off what it is given: the filter sees what a packet socket would show it. */
	memset(input, 0, ETHER);
	input[12] = 0x88;
	input[13] = 0xb5;
	memcpy(input + ETHER, given->octets, given->length);
	error = bpf_prog_test_run_opts(triage_program(triage, bare), &run);
	if (error && given->length >= ETHER)
		expect("BPF_PROG_TEST_RUN works", error, 0);
	return error ? UINT32_MAX : run.retval;
}

/* Octets of it that are kept: the kernel takes the smaller of both. */
static uint32_t run(const struct frame_spec *spec)
{
	uint32_t keep;

	build(&frame, spec);
	keep = run_bare(&frame, spec->no_ether);
	return keep < frame.length ? keep : frame.length;
}

/* One connection: what both sides say, each from where it stopped. */
struct talk {
	struct frame_spec spec;
	uint32_t sent[2];
};

static struct talk begin_talk(uint16_t client)
{
	return (struct talk){ .spec = { .client = client, .server = 80 }, .sent = { 1000, 4294967000u } };
}

/* Octets of the payload that are kept. */
static uint32_t say_octets(struct talk *talk, bool back, const void *octets, size_t length)
{
	uint32_t keep;

	talk->spec.back = back;
	talk->spec.flags = ACK | PSH;
	talk->spec.octets = octets;
	talk->spec.length = length;
	talk->spec.seq = talk->sent[back];
	talk->sent[back] += length;
	keep = run(&talk->spec);
	return keep < frame.payload ? UINT32_MAX : keep - frame.payload;
}

static uint32_t say_text(struct talk *talk, bool back, const char *text)
{
	return say_octets(talk, back, text, strlen(text));
}

static void open_talk(struct talk *talk)
{
	struct frame_spec spec = talk->spec;

	spec.flags = SYN;
	spec.seq = talk->sent[0] - 1;
	run(&spec);
}

/* `text`, and bulk behind it, in one segment. */
static uint32_t say_with_body(struct talk *talk, bool back, const char *text, size_t bulk)
{
	static uint8_t octets[LARGE + 512];
	size_t length = strlen(text);

	memcpy(octets, text, length);
	memcpy(octets + length, body, bulk);
	return say_octets(talk, back, octets, length + bulk);
}

static const char GET[] = "GET /checkout?id=7 HTTP/1.1\r\nHost: shop.example\r\n\r\n";
static const char OK[] = "HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n";

/* A head's end is found to the word of eight octets. */
static void expect_head(const char *what, uint32_t kept, size_t head)
{
	checks++;
	if (kept >= head + BODY && kept < head + BODY + 8)
		return;
	failures++;
	printf("FAILED  %s: kept %u, expected %zu to %zu\n", what, kept, head + BODY, head + BODY + 7);
}

static void whole(void)
{
	struct frame_spec syn = { .client = 1000, .server = 80, .flags = SYN };
	struct frame_spec dns = { .protocol = 17, .client = 1000, .server = 53, .octets = body, .length = 400 };
	struct frame_spec udp = { .protocol = 17, .client = 1000, .server = 443, .octets = body, .length = 400 };
	struct frame_spec icmp = { .protocol = 1, .octets = body, .length = 500 };
	struct frame_spec gre = { .protocol = 47, .octets = body, .length = 500 };
	struct frame_spec later = { .octets = body, .length = 500, .fragment = 100 };

	expect("a SYN is kept whole", run(&syn), 54);
	syn.flags = RST;
	expect("a RST is kept whole", run(&syn), 54);
	syn.flags = FIN | ACK;
	syn.tcp_options = 12;
	expect("a FIN is kept whole, with its options", run(&syn), 66);
	expect("DNS is kept whole", run(&dns), 14 + 20 + 8 + 400);
	expect("other UDP is left alone", run(&udp), 0);
	expect("ICMP is kept whole", run(&icmp), 14 + 20 + 8 + 500);
	expect("a tunnel is left alone", run(&gre), 0);
	expect("a later fragment is kept whole", run(&later), 14 + 20 + 20 + 500);
	icmp.v6 = true;
	icmp.protocol = 58;
	expect("ICMPv6 is kept whole", run(&icmp), 14 + 40 + 8 + 500);
}

static void not_ip(void)
{
	size_t length;

	frame.length = 42;
	memset(frame.octets, 0, 60);
	frame.octets[12] = 8;
	frame.octets[13] = 6;
	expect("ARP is kept whole", run_bare(&frame, false), SNAP);
	frame.octets[12] = 0x88;
	frame.octets[13] = 0xcc;
	expect("LLDP is left alone", run_bare(&frame, false), 0);
	build(&frame, &(struct frame_spec){ .v6 = true, .client = 1, .server = 2, .flags = SYN, .vlans = 2 });
	for (length = 0; length < frame.length; length++) {
		struct frame cut = frame;

		cut.length = length;
		/* Whatever it is, the filter gives an answer, and never more than the snap length. */
		expect("a frame cut anywhere is judged", run_bare(&cut, false) <= SNAP, 1);
	}
}

/* The same talk in every wrapping. */
static void http(const char *name, struct frame_spec wrapping, uint16_t port)
{
	struct talk talk = begin_talk(port);
	char what[120];

	wrapping.client = port;
	wrapping.server = 80;
	talk.spec = wrapping;
	open_talk(&talk);
	snprintf(what, sizeof(what), "%s: a request is kept whole", name);
	expect(what, say_text(&talk, false, GET), strlen(GET));
	snprintf(what, sizeof(what), "%s: a response's head is kept, and little of its body", name);
	expect_head(what, say_with_body(&talk, true, OK, 2500), strlen(OK));
	snprintf(what, sizeof(what), "%s: more of the body is cut to its headers", name);
	expect(what, say_octets(&talk, true, body, LARGE), 0);
	snprintf(what, sizeof(what), "%s: the next request is kept whole", name);
	expect(what, say_text(&talk, false, GET), strlen(GET));
	snprintf(what, sizeof(what), "%s: so is the next head", name);
	expect_head(what, say_with_body(&talk, true, OK, 1000), strlen(OK));
}

static void heads(void)
{
	struct talk talk = begin_talk(3000);
	char large[LARGE] = "HTTP/1.1 200 OK\r\nX: ";
	size_t at;

	open_talk(&talk);
	expect("a method split over segments", say_text(&talk, false, "GE"), 2);
	say_text(&talk, false, "T / HTTP/1.1\r\nCookie: ");
	memset(large + 20, 'x', sizeof(large) - 20);
	expect("a head goes on in another segment", say_octets(&talk, false, large + 20, 2000), 2000);
	say_text(&talk, false, "\r\n");
	expect_head("an empty line across two segments ends it", say_with_body(&talk, false, "\r\n", 2500), 2);
	for (at = 0; at + LARGE < HEAD; at += LARGE) {
		expect("a response's head longer than nginx takes is kept", say_octets(&talk, true, large, LARGE), LARGE);
		memset(large, 'x', sizeof(large));
	}
	expect("up to the limit of a head", say_octets(&talk, true, large, LARGE), HEAD - at);
	expect("and no further", say_octets(&talk, true, large, LARGE), 0);
	say_text(&talk, false, GET);
	expect("what begins like no message has a limit of its own", say_octets(&talk, true, body, LARGE), LARGE);
	expect("which is that of nginx", say_octets(&talk, true, body, LARGE), 4096 - LARGE);
	expect("small segments are kept", say_text(&talk, true, "0\r\n\r\n"), 5);
	say_text(&talk, false, GET);
	say_text(&talk, true, "HTTP/1.1 103 Early Hints\r\n\r\n");
	say_octets(&talk, true, body, LARGE);
	expect_head("a response after an interim one is a head too", say_with_body(&talk, true, OK, 2500), strlen(OK));
}

static void again(void)
{
	struct talk talk = begin_talk(3100);

	open_talk(&talk);
	say_text(&talk, false, GET);
	say_with_body(&talk, true, OK, 2500);
	say_octets(&talk, true, body, 2500);
	talk.sent[1] -= 5000 + strlen(OK);
	expect_head("a head that is sent again is kept again", say_with_body(&talk, true, OK, 2500), strlen(OK));
	expect("and its body is cut again", say_octets(&talk, true, body, 2500), 0);
	open_talk(&talk);
	say_text(&talk, false, "\x01\x02\x03nothing that we know");
	expect("another connection on the same ports begins anew", say_octets(&talk, true, body, 2500), 512);
}

/* Ends one that was given up as a stranger's; what is kept of its next octets tells whether it is still remembered. */
static uint32_t after_end(uint16_t client, uint8_t first, uint8_t second)
{
	struct talk talk = begin_talk(client);
	struct frame_spec spec;
	int n;

	for (n = 0; n < 65; n++)
		say_octets(&talk, false, body, LARGE);
	spec = talk.spec;
	spec.length = 0;
	spec.flags = first;
	run(&spec);
	spec.flags = second;
	spec.back = true;
	run(&spec);
	return say_octets(&talk, false, body, LARGE);
}

static void endings(void)
{
	struct talk talk = begin_talk(3300);

	expect("a connection that one side has ended is remembered", after_end(3301, FIN | ACK, ACK), 0);
	expect("one that both have ended is forgotten", after_end(3302, FIN | ACK, FIN | ACK), 512);
	expect("and one that is reset", after_end(3303, RST, ACK), 512);
	open_talk(&talk);
	expect("a request that ends in its empty line is kept whole", say_text(&talk, false, GET), strlen(GET));
	expect("and what follows is its body", say_octets(&talk, false, body, LARGE), BODY);
}

/* One without octets. */
static uint32_t acknowledge(struct talk *talk, bool back)
{
	struct frame_spec spec = talk->spec;

	spec.length = 0;
	spec.flags = ACK;
	spec.back = back;
	spec.seq = talk->sent[back];
	return run(&spec);
}

static void acknowledgements(void)
{
	struct talk talk = begin_talk(3400);
	struct talk older = begin_talk(3401);

	open_talk(&talk);
	expect("that the answer to a SYN came is kept", acknowledge(&talk, false), 54);
	say_text(&talk, false, GET);
	expect("so is that a request came", acknowledge(&talk, true), 54);
	say_with_body(&talk, true, OK, 2500);
	expect("that an answer came is left alone", acknowledge(&talk, false), 0);
	say_text(&talk, false, GET);
	expect("the next request, too, is one whose coming is kept", acknowledge(&talk, true), 54);
	say_text(&older, false, GET);
	expect("who opened a connection that had begun before is not known", acknowledge(&older, false) + acknowledge(&older, true), 108);
	open_talk(&talk);
	expect("another connection on the same ports is opened anew", acknowledge(&talk, false), 54);
}

static void strangers(void)
{
	struct talk talk = begin_talk(3200);
	int n;

	open_talk(&talk);
	expect("of a stranger's turn some octets are kept", say_octets(&talk, false, body, LARGE), 512);
	for (n = 0; n < 64; n++)
		say_octets(&talk, n % 2, body, LARGE);
	say_octets(&talk, false, body, LARGE);
	for (n = 0; n < 64; n++)
		say_octets(&talk, false, body, LARGE);
	say_octets(&talk, true, body, LARGE);
	expect("and then headers only", say_octets(&talk, false, body, LARGE), 0);

	talk = begin_talk(3201);
	say_octets(&talk, true, body, LARGE);
	expect("a connection that had begun before is met at its next request", say_text(&talk, false, GET), strlen(GET));
	expect_head("and its response", say_with_body(&talk, true, OK, 2500), strlen(OK));
}

static size_t record(uint8_t *to, uint8_t type, const void *content, uint16_t length, uint8_t padding)
{
	const uint8_t header[8] = { 1, type, 0, 1, length >> 8, length, padding, 0 };

	memcpy(to, header, 8);
	memcpy(to + 8, content, length);
	memset(to + 8 + length, 0, padding);
	return 8 + length + padding;
}

static void fastcgi(void)
{
	static uint8_t octets[2 * LARGE];
	static const char HEAD_OF_CGI[] = "Content-Type: text/html\r\n\r\n";
	struct talk talk = begin_talk(3300);
	size_t length = 0;

	open_talk(&talk);
	length += record(octets, 1, "\0\1\0\0\0\0\0", 8, 0);
	length += record(octets + length, 4, body, 2900, 0);
	length += record(octets + length, 4, "", 0, 0);
	expect("BEGIN and PARAMS are kept whole", say_octets(&talk, false, octets, length), length);
	length = record(octets, 5, body, 2900, 0);
	length += record(octets + length, 5, "", 0, 0);
	expect("of a request's body its first record's header", say_octets(&talk, false, octets, length), 8);

	memcpy(body, HEAD_OF_CGI, strlen(HEAD_OF_CGI));
	length = record(octets, 6, body, 2900, 0);
	memset(body, 'b', 100);
	expect_head("the CGI head and a little more", say_octets(&talk, true, octets, length), 8 + strlen(HEAD_OF_CGI));
	length = record(octets, 6, body, 2900, 0);
	expect("a record's header at the beginning of a segment", say_octets(&talk, true, octets, length), 8);
	length = record(octets, 6, body, 2000, 3);
	length += record(octets + length, 7, "PHP Warning", 11, 5);
	length += record(octets + length, 3, "\0\0\0\0\0\0\0", 8, 0);
	expect("STDERR and END_REQUEST behind a record are reached", say_octets(&talk, true, octets, length), length);
	record(octets, 6, body, 2900, 0);
	octets[4] = 9000 >> 8;
	octets[5] = 9000 & 255;
	say_octets(&talk, true, octets, 2008);
	expect("more of a record is cut", say_octets(&talk, true, body, LARGE), 0);
	talk.sent[1] += 2000;
	expect("after a hole inside it too", say_octets(&talk, true, body, 2000), 0);
	expect("the next record's header", say_octets(&talk, true, octets, 2008), 8);
	talk.sent[1] += LARGE + 5000;
	expect("after a hole that hides a header all is kept", say_octets(&talk, true, body, LARGE), LARGE);
	expect("until a record begins a segment", say_octets(&talk, true, octets, 2008), 8);
}

static void others(void)
{
	static const uint8_t hello[300] = { 0x16, 3, 1, 1, 0x27, 1 };
	static const uint8_t proxy[28] = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c";
	struct talk talk = begin_talk(3400);
	char vars[2000] = "\0\xcc\7\0\xe\0REQUEST_METHOD";
	uint8_t octets[4096];
	size_t at;

	open_talk(&talk);
	say_octets(&talk, false, hello, sizeof(hello));
	for (at = 0; at + LARGE < 16384; at += LARGE)
		expect("a TLS handshake is kept whole", say_octets(&talk, true, body, LARGE), LARGE);
	expect("up to its limit", say_octets(&talk, true, body, LARGE), 16384 - at);
	expect("what comes after it is cut", say_octets(&talk, true, body, LARGE), 0);
	expect("an alert is kept", say_octets(&talk, true, body, 31), 31);

	talk = begin_talk(3401);
	open_talk(&talk);
	say_text(&talk, false, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
	expect("all of HTTP/2 is kept", say_octets(&talk, true, body, LARGE), LARGE);

	talk = begin_talk(3402);
	open_talk(&talk);
	expect("uwsgi's variables are kept whole", say_octets(&talk, false, vars, sizeof(vars)), sizeof(vars));
	expect_head("a CGI head is one in any words", say_with_body(&talk, true, "Status: 200\r\n\r\n", 2500), 15);

	talk = begin_talk(3403);
	open_talk(&talk);
	memset(octets, 's', sizeof(octets));
	memcpy(octets, "900:CONTENT_LENGTH", 18);
	expect("SCGI's netstring is kept, its body is cut", say_octets(&talk, false, octets, LARGE), 908 + BODY);

	talk = begin_talk(3404);
	open_talk(&talk);
	say_text(&talk, false, "get key\r\n");
	expect("memcached's answer begins a turn", say_with_body(&talk, true, "VALUE key 0 5000\r\n", 2500), 18 + 2500);
	expect("that has its limit", say_octets(&talk, true, body, LARGE), 4096 - 18 - 2500);

	talk = begin_talk(3405);
	open_talk(&talk);
	memcpy(octets, proxy, sizeof(proxy));
	memcpy(octets + sizeof(proxy), GET, strlen(GET));
	memset(octets + sizeof(proxy) + strlen(GET), 'p', 2000);
	expect_head("the head behind a PROXY header of version 2 is kept",
		    say_octets(&talk, false, octets, sizeof(proxy) + strlen(GET) + 2000), sizeof(proxy) + strlen(GET));

	talk = begin_talk(3406);
	open_talk(&talk);
	talk.spec.padding = 6;
	expect("padding behind the datagram is no octet of it", say_text(&talk, false, "x"), 1);
}

static void chosen(void)
{
	struct triage_settings settings = DEFAULTS;
	struct frame_spec spec = { .client = 4000, .server = 80, .flags = ACK, .octets = body, .length = LARGE };
	int error;

	triage_unload(triage);
	settings.triage = 0;
	settings.ports = 1;
	settings.port[0] = 80;
	triage = triage_load(&settings, &error);
	expect("the filter without triage loads", triage != NULL, 1);
	expect("a chosen port is kept whole", run(&spec), 54 + LARGE);
	spec.server = 81;
	expect("another one is left alone", run(&spec), 0);

	settings.ports = 0;
	settings.hosts = 1;
	inet_pton(AF_INET6, "::ffff:10.0.0.1", settings.host[0]);
	triage_unload(triage);
	triage = triage_load(&settings, &error);
	expect("a chosen host is kept whole", run(&spec), 54 + LARGE);
	spec.v6 = true;
	expect("another one is left alone", run(&spec), 0);
	inet_pton(AF_INET6, "fd00::1", settings.host[0]);
	triage_unload(triage);
	triage = triage_load(&settings, &error);
	expect("IPv6 too", run(&spec), 74 + LARGE);
	triage_unload(triage);
}

int main(void)
{
	int error = 0;

	memset(body, 'b', sizeof(body));
	triage = triage_load(&DEFAULTS, &error);
	if (!triage && error == EPERM && geteuid() != 0) {
		printf("triage: SKIPPED: loading a filter needs root\n");
		return 0;
	}
	expect("the filter loads", error, 0);
	if (!triage)
		return report("triage");
	whole();
	not_ip();
	http("IPv4", (struct frame_spec){ 0 }, 2000);
	http("IPv4 with options", (struct frame_spec){ .ip_options = 40, .tcp_options = 12 }, 2001);
	http("IPv6", (struct frame_spec){ .v6 = true }, 2002);
	http("IPv6 with extension headers", (struct frame_spec){ .v6 = true, .extensions = 3 }, 2003);
	http("VLAN", (struct frame_spec){ .vlans = 1 }, 2004);
	http("QinQ, IPv6", (struct frame_spec){ .vlans = 2, .v6 = true, .tcp_options = 40 }, 2005);
	http("a tunnel", (struct frame_spec){ .no_ether = true }, 2006);
	http("a tunnel, IPv6", (struct frame_spec){ .no_ether = true, .v6 = true }, 2007);
	heads();
	again();
	endings();
	acknowledgements();
	strangers();
	fastcgi();
	others();
	chosen();
	return report("triage");
}
