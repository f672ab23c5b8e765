import { describe, expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { PcapParser } from '../../../src/sources/pcap/pcap.ts';
import { Reading } from '../../../src/sources/pcap/reading.ts';
import { type PcapSpec, pcapFile, pcapRecord, SOME_TIME } from '../../kit/capture-files.ts';
import { concat, octets, tcpFrame } from '../../kit/packets.ts';
import { record } from './recorded.ts';

const VARIANTS: [string, PcapSpec][] = [
  ['little-endian microseconds', {}],
  ['big-endian microseconds', { bigEndian: true }],
  ['little-endian nanoseconds', { nanoseconds: true }],
  ['big-endian nanoseconds', { bigEndian: true, nanoseconds: true }],
  ['longer record headers', { modified: true }],
  ['longer record headers, big-endian', { modified: true, bigEndian: true }],
];

describe('pcap', () => {
  test.each(VARIANTS)('frames and their times are read from %s', (_, spec) => {
    const step = 1_500_000_000n;
    const packets = [0n, 1n, 2n].map((n) => ({
      octets: tcpFrame({ seq: Number(n) }),
      at: SOME_TIME + n * step,
      wireLength: 99,
    }));
    const { frames, reading } = record(pcapFile(packets, spec));
    expect(reading.damage).toBeUndefined();
    expect(reading.epoch).toBe(spec.nanoseconds ? SOME_TIME : (SOME_TIME / 1000n) * 1000n);
    expect(frames).toEqual(
      packets.map((packet, n) => ({
        is: 'frame',
        number: n + 1,
        at: n * 1.5e9,
        linkType: 1,
        interfaceId: 0,
        wireLength: 99,
        octets: Buffer.from(packet.octets).toString('hex'),
      })),
    );
  });

  test('times are exact to the nanosecond weeks after the first record', () => {
    const late = SOME_TIME + 100n * 86_400_000_000_000n + 1n;
    const { frames } = record(
      pcapFile([{ octets: octets(1) }, { octets: octets(1), at: late }], { nanoseconds: true }),
    );
    expect(frames[1]?.['at']).toBe(Number(late - SOME_TIME));
  });

  test('a record whose clock went back is handed on as it is', () => {
    const packets = [{ octets: octets(1) }, { octets: octets(1), at: SOME_TIME - 5_000n }];
    const { frames, reading } = record(pcapFile(packets, { nanoseconds: true }));
    expect(frames.map(({ at }) => at)).toEqual([0, -5000]);
    expect([reading.earliest, reading.latest]).toEqual([-5000, 0]);
  });

  test('times count from the epoch that was given', () => {
    const { frames } = record(pcapFile([{ octets: octets(1) }], { nanoseconds: true }), [], SOME_TIME - 7n);
    expect(frames[0]?.['at']).toBe(7);
  });

  test('the link type is in the lower half of its word; the rest is about checksums', () => {
    const { frames } = record(pcapFile([{ octets: octets(1) }], { linkType: 0x2400_0071 }));
    expect(frames[0]?.['linkType']).toBe(113);
  });

  test('a file of version 2.3 may have the two lengths the wrong way round', () => {
    const file = pcapFile([{ octets: octets(1, 2, 3) }], { version: [2, 3] });
    new DataView(file.buffer).setUint32(24 + 8, 60, true);
    new DataView(file.buffer).setUint32(24 + 12, 3, true);
    expect(record(file).frames).toMatchObject([{ wireLength: 60, octets: '010203' }]);
  });

  test('a file with only its header has no frames and no damage', () => {
    const { records, reading, format } = record(pcapFile([]));
    expect(records).toEqual([]);
    expect(reading.damage).toBeUndefined();
    expect(format).toBe('pcap');
  });

  test('another version is damage', () => {
    const { reading, frames } = record(pcapFile([{ octets: octets(1) }], { version: [3, 0] }));
    expect(frames).toEqual([]);
    expect(reading.damage).toMatchObject({ kind: 'damaged', offset: 0, text: 'pcap version 3.0 is not known; 2.4 is' });
  });

  test('an absurd frame length is damage; the frames before it stand', () => {
    const good = pcapFile([{ octets: octets(1, 2, 3) }]);
    const bad = pcapRecord({ octets: octets(1) });
    new DataView(bad.buffer).setUint32(8, 262_145, true);
    const { frames, reading } = record(concat(good, bad, new Uint8Array(300_000)));
    expect(frames).toHaveLength(1);
    expect(reading.damage).toMatchObject({ kind: 'damaged', offset: good.length, record: 2 });
    expect(reading.damage?.text).toContain('262145');
  });

  test('frames as large as the snap length are believed, as loopback has them with BIG TCP', () => {
    const large = new Uint8Array(400_000).fill(7);
    const { frames, reading } = record(pcapFile([{ octets: large }], { snapLength: 524_288 }));
    expect(reading.damage).toBeUndefined();
    expect(frames).toHaveLength(1);
  });

  test.each([1, 15, 16, 17, 30])('a file that ends %i octets into a record is cut short there', (more) => {
    const good = pcapFile([{ octets: octets(1, 2, 3) }]);
    const { frames, reading } = record(concat(good, pcapRecord({ octets: new Uint8Array(40) }).subarray(0, more)));
    expect(frames).toHaveLength(1);
    expect(reading.damage).toMatchObject({ kind: 'cut-short', offset: good.length, record: 2 });
  });

  test('a file that ends inside its header is cut short', () => {
    expect(record(pcapFile([]).subarray(0, 20)).reading.damage).toMatchObject({
      kind: 'cut-short',
      offset: 0,
      record: 1,
    });
  });
});

test('what does not begin with a pcap header is damage', () => {
  const reading = new Reading({ frame: () => undefined, journal: () => undefined, loss: () => undefined });
  new PcapParser(reading).parse(octetsOf(new Uint8Array(100)), 0);
  expect(reading.damage).toMatchObject({ kind: 'damaged', text: 'this is not a pcap header' });
});
