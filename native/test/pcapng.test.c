// SPDX-License-Identifier: MIT
/* The writer: every block it makes, walked as a reader would; the file is left for other programs to read. */
#include <errno.h>
#include <stdlib.h>

#include "check.h"
#include "frames.h"
#include "pcapng.h"

static uint8_t memory[1 << 20];
static struct buffer buffer = { .octets = memory, .size = sizeof(memory) };
static struct frame frame;

static uint32_t word(size_t at)
{
	uint32_t value;

	memcpy(&value, memory + at, sizeof(value));
	return value;
}

/* Both lengths of every block agree and lead from one to the next; returns how many are of the type. */
static unsigned int count(uint32_t type)
{
	unsigned int found = 0;
	size_t at;

	for (at = 0; at + 12 <= buffer.used; at += word(at + 4)) {
		uint32_t length = word(at + 4);

		expect("a block is a multiple of four octets long", length % 4, 0);
		if (length < 12 || at + length > buffer.used)
			break;
		expect("its length stands behind it too", word(at + length - 4), length);
		found += word(at) == type;
	}
	expect("blocks follow each other without a gap", at, buffer.used);
	return found;
}

static void packet(uint32_t interface, nanos at, uint32_t captured, enum direction direction, const uint8_t *added, uint32_t octets)
{
	write_packet(&buffer, &(struct packet_block){
				      .interface = interface,
				      .at = at,
				      .octets = frame.octets,
				      .captured = captured,
				      .length = frame.length,
				      .direction = direction,
				      .added = added,
				      .added_octets = octets,
				      .added_at = octets == 4 ? 12 : 0,
			      });
}

static void section(void)
{
	write_section(&buffer, &(struct section_block){
				       .hardware = "x86_64",
				       .system = "Linux",
				       .application = "why502-capture test",
				       .comment = "odd",
			       });
	write_interface(&buffer, &(struct interface_block){ .link_type = LINKTYPE_ETHERNET, .snap = 262144, .name = "lo", .filter = "triage" });
	write_interface(&buffer, &(struct interface_block){ .link_type = LINKTYPE_ETHERNET, .snap = 262144, .name = "wg0" });
}

int main(int argc, char **argv)
{
	static const uint8_t tag[4] = { 0x81, 0, 0, 42 };
	static const uint8_t ether[14] = { [12] = 8 };
	const nanos at = 1700000000123456789ull;
	uint32_t cut;
	FILE *file;

	section();
	for (cut = 0; cut < 4; cut++) {
		build(&frame, &(struct frame_spec){ .client = 5000, .server = 80, .flags = SYN | (cut ? ACK : 0), .seq = cut });
		packet(0, at + cut, frame.length - cut, cut % 2 ? INBOUND : OUTBOUND, NULL, 0);
	}
	packet(0, at + 4, frame.length, INBOUND, tag, 4);
	packet(0, at + 5, 8, DIRECTION_UNKNOWN, tag, 4);
	build(&frame, &(struct frame_spec){ .no_ether = true, .client = 5000, .server = 80, .flags = RST });
	packet(1, at + 6, frame.length, INBOUND, ether, 14);
	write_statistics(&buffer, &(struct statistics_block){ .at = at + 7, .since = at, .received = 10, .dropped = 3, .delivered = 7 });
	section();
	write_statistics(&buffer, &(struct statistics_block){ .interface = 1, .at = at + 8, .since = at, .received = 5 });

	expect("two sections", count(0x0a0d0d0a), 2);
	expect("four interfaces", count(1), 4);
	expect("seven packets", count(6), 7);
	expect("two statistics", count(5), 2);
	file = argc > 1 ? fopen(argv[1], "wb") : NULL;
	expect("a file to write to", file != NULL, 1);
	if (file) {
		expect("all of it is written", fwrite(memory, 1, buffer.used, file), buffer.used);
		fclose(file);
	}
	return report("pcapng");
}
