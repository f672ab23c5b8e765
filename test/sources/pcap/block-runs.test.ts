import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockRuns, OPENING_LIMIT } from '../../../src/sources/pcap/block-runs.ts';
import {
  interfaceBlock,
  journalBlock,
  packetBlock,
  sectionBlock,
  statisticsBlock,
} from '../../../src/sources/pcap/writer.ts';

const at = (second: number): bigint => BigInt(second) * 1_000_000_000n;
const packet = (second: number): Uint8Array =>
  packetBlock({ interfaceId: 0, at: at(second), octets: new Uint8Array(second) });
const STREAM = Buffer.concat([
  sectionBlock(),
  interfaceBlock({ linkType: 1 }),
  packet(10),
  journalBlock([['MESSAGE', 'x']]),
  packet(12),
  interfaceBlock({ linkType: 1, name: 'late' }),
  packet(13),
  statisticsBlock({ interfaceId: 0, at: at(14) }),
]);

function cut(pieces: readonly Uint8Array[]) {
  const descriptions: Buffer[] = [];
  const runs: { octets: Buffer; first: number; last: number }[] = [];
  const cutter = new BlockRuns({
    describes: (block) => void descriptions.push(Buffer.from(block)),
    run: ({ octets, first, last }) => void runs.push({ octets: Buffer.from(octets), first, last }),
  });
  for (const piece of pieces) cutter.push(piece);
  return { descriptions, runs, broken: cutter.broken };
}

test('a stream is runs of whole blocks with their times, and descriptions by themselves', () => {
  const { descriptions, runs } = cut([STREAM]);
  expect(Buffer.concat(descriptions)).toEqual(
    Buffer.concat([sectionBlock(), interfaceBlock({ linkType: 1 }), interfaceBlock({ linkType: 1, name: 'late' })]),
  );
  expect(runs.map(({ first, last }) => [first / 1e9, last / 1e9])).toEqual([
    [10, 12],
    [13, 13],
  ]);
});

test('what the kernel told before the first packet of a section describes all of it', () => {
  const witness = journalBlock([['WHY502_EVENT', 'witness']]);
  const section = [sectionBlock(), interfaceBlock({ linkType: 1 }), witness];
  const later = journalBlock([['MESSAGE', 'x']]);
  const { descriptions, runs } = cut([Buffer.concat([...section, packet(10), later, ...section, packet(12)])]);
  expect(Buffer.concat(descriptions)).toEqual(Buffer.concat([...section, ...section]));
  expect(Buffer.concat(runs.map(({ octets }) => octets))).toEqual(Buffer.concat([packet(10), later, packet(12)]));
});

test('however it is split, nothing is lost, doubled or out of order, and no block is cut', () => {
  const whole = cut([STREAM]);
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length];
      const { descriptions, runs } = cut(edges.slice(1).map((edge, n) => STREAM.subarray(edges[n], edge)));
      expect(Buffer.concat(descriptions)).toEqual(Buffer.concat(whole.descriptions));
      expect(Buffer.concat(runs.map(({ octets }) => octets))).toEqual(
        Buffer.concat(whole.runs.map(({ octets }) => octets)),
      );
      for (const { octets, first, last } of runs) {
        expect(octets.length).toBe(octets.readUInt32LE(4) === octets.length ? octets.length : lengthOf(octets));
        expect(first).toBeLessThanOrEqual(last);
      }
    }),
  );
});

test('octets that are no blocks end it', () => {
  expect(cut([Buffer.alloc(64, 0xff), STREAM])).toMatchObject({ broken: true, runs: [] });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (octets) => void cut([octets])));
});

/** Of all blocks that are whole. */
function lengthOf(octets: Buffer): number {
  let at = 0;
  while (at + 12 <= octets.length) at += octets.readUInt32LE(at + 4);
  return at;
}

test('of a section without a packet only so many journal entries are taken for its description', () => {
  const entry = journalBlock([['WHY502_EVENT', 'listening']]);
  const { descriptions, runs } = cut([sectionBlock(), ...Array(OPENING_LIMIT + 3).fill(entry), packet(10)]);
  expect(descriptions).toHaveLength(1 + OPENING_LIMIT);
  expect(Buffer.concat(runs.map(({ octets }) => octets))).toEqual(Buffer.concat([entry, entry, entry, packet(10)]));
});
