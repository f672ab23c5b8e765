/** The same packets in every container, in any pieces, with any settle window: the same verdicts. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SETTLE_PIPE } from '../../src/config.ts';
import { gzipped, pcapFile, pcapngBlocks, pcapngFile } from '../kit/capture-files.ts';
import { concat, LINK_TYPES } from '../kit/packets.ts';
import { asCooked, asEthernet, type BarePacket, barePackets, seenTwice } from '../kit/rewrap.ts';
import { createPrng } from '../lab/prng.ts';
import { analyse, causeOnly, essence, type VerdictLine } from './analysis.ts';
import { type Recording, recordings } from './recordings.ts';

const NANOSECOND = { resolution: 9 };
const PER_SECOND = { ticksPerSecond: 1_000_000_000n };

const CONTAINERS: Record<string, (packets: readonly BarePacket[]) => Uint8Array> = {
  'a pcap of Ethernet': (packets) => pcapFile(packets.map(asEthernet), { nanoseconds: true }),
  'a pcap of any interface': (packets) =>
    pcapFile(packets.map(asCooked), { nanoseconds: true, linkType: LINK_TYPES.sll2 }),
  'a big-endian pcap, packed': (packets) =>
    gzipped(pcapFile(packets.map(asEthernet), { nanoseconds: true, bigEndian: true })),
  'a big-endian pcapng, packed': (packets) => gzipped(pcapngFile(packets.map(asEthernet), { bigEndian: true })),
  'a pcapng of two interfaces': twoInterfaces,
};

/** The packets by turns from an Ethernet interface and a cooked one. */
function twoInterfaces(packets: readonly BarePacket[]): Uint8Array {
  const block = pcapngBlocks();
  const head = [
    block.section(),
    block.interfaceDescription({ ...NANOSECOND, linkType: LINK_TYPES.ethernet, name: 'eth0' }),
    block.interfaceDescription({ ...NANOSECOND, linkType: LINK_TYPES.sll2, name: 'any' }),
  ];
  const written = packets.map((packet, n) => {
    const interfaceId = n % 2;
    return block.enhancedPacket(interfaceId === 0 ? asEthernet(packet) : asCooked(packet), {
      ...PER_SECOND,
      interfaceId,
    });
  });
  return concat(...head, ...written);
}

describe.each(onePerCause())('$name gives the same verdicts', ({ capture }) => {
  const octets = new Uint8Array(readFileSync(capture));
  const packets = barePackets(octets);

  test.each(Object.entries(CONTAINERS))('as %s', async (_, written) => {
    const plain = await analyse([octets]);
    expect((await analyse([written(packets)])).map(essence)).toEqual(plain.map(essence));
  });
});

describe.each(packetsOnly())('$name', ({ capture }) => {
  const octets = new Uint8Array(readFileSync(capture));
  const packets = barePackets(octets);
  let plain: VerdictLine[] = [];

  beforeAll(async () => {
    plain = await analyse([octets]);
  });

  test('gives the same verdicts where each packet was seen twice', async () => {
    const twice = pcapngFile(seenTwice(packets).map(asCooked), { linkType: LINK_TYPES.sll2 });
    expect((await analyse([twice])).map(essence)).toEqual(plain.map(essence));
  });

  test('gives the same causes where times are rounded to microseconds', async () => {
    expect(causes(await analyse([pcapFile(packets.map(asEthernet))]))).toEqual(causes(plain));
  });

  test('gives the same verdicts in any pieces', async () => {
    expect(await analyse(piecesOf(octets))).toEqual(plain);
  });

  test('gives the same causes from a pipe, whose window is short', async () => {
    expect(causes(await analyse([octets], { settle: SETTLE_PIPE }))).toEqual(causes(plain));
  });
});

/** Other containers have no room for the kernel's events. */
function packetsOnly(): Recording[] {
  return recordings().filter(({ kernel }) => !kernel);
}

/** Containers do not care what is in them: the first recording of each cause will do. */
function onePerCause(): Recording[] {
  const first = new Map<string, Recording>();
  for (const recording of packetsOnly()) {
    const cause = dirname(recording.name);
    if (!first.has(cause)) first.set(cause, recording);
  }
  return [...first.values()];
}

function causes(lines: readonly VerdictLine[]): string[] {
  return lines.map(causeOnly).toSorted();
}

/** Pieces of 1 to 2000 octets, each a copy of its own. */
function piecesOf(octets: Uint8Array): Uint8Array[] {
  const random = createPrng(octets.length);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = 1 + random.integer(random.pick([3, 40, 2000]));
    pieces.push(octets.slice(at, at + length));
    at += length;
  }
  return pieces;
}
