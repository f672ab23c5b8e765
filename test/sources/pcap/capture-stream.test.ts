import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PcapSpec, pcapFile, pcapngBlocks, SOME_TIME } from '../../kit/capture-files.ts';
import { concat, octets } from '../../kit/packets.ts';
import { record, recordByOctet } from './recorded.ts';

const block = pcapngBlocks();
const NANOS = { ticksPerSecond: 1_000_000_000n };

/** One of each kind of record that there is. */
const EVERYTHING = concat(
  block.section(),
  block.interfaceDescription({ resolution: 9, name: 'eth0' }),
  block.enhancedPacket({ octets: octets(1, 2, 3) }, { ...NANOS, comment: 'first', dropCount: 2n }),
  block.block(0xbad, new Uint8Array(40)),
  block.journal('__REALTIME_TIMESTAMP=1795169883021457\nMESSAGE=worker exited\n'),
  block.simplePacket({ octets: octets(4, 5) }),
  block.obsoletePacket({ octets: octets(6), at: SOME_TIME + 10n }, { ...NANOS, drops: 1 }),
  block.statistics({ ifDrop: 7n, at: 0n }),
  pcapngBlocks(true).section(),
  pcapngBlocks(true).interfaceDescription({ linkType: 113 }),
  pcapngBlocks(true).enhancedPacket({ octets: new Uint8Array(70) }),
);

const packet = fc.record({
  octets: fc.uint8Array({ maxLength: 200 }),
  at: fc.bigInt({ min: SOME_TIME, max: SOME_TIME + 8_000_000_000_000_000n }),
  wireLength: fc.integer({ min: 200, max: 70_000 }),
});

const pcapSpec: fc.Arbitrary<PcapSpec> = fc.record({
  bigEndian: fc.boolean(),
  nanoseconds: fc.boolean(),
  linkType: fc.integer({ min: 0, max: 65_535 }),
});

const sizes = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 60 });

describe('a capture in pieces', () => {
  test('gives one octet at a time what it gives whole', () => {
    expect(recordByOctet(EVERYTHING).records).toEqual(record(EVERYTHING).records);
    expect(record(EVERYTHING).records).toHaveLength(10);
  });

  test('gives the same records however it is split', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 8 }), pcapSpec, sizes, (packets, spec, split) => {
        const file = pcapFile(packets, spec);
        expect(record(file, split).records).toEqual(record(file).records);
      }),
    );
    fc.assert(
      fc.property(sizes, (split) => {
        expect(record(EVERYTHING, split).records).toEqual(record(EVERYTHING).records);
      }),
    );
  });

  test('gives back the frames that were written', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 8 }), fc.boolean(), (packets, bigEndian) => {
        const { frames, reading } = record(pcapFile(packets, { bigEndian, nanoseconds: true }));
        const epoch = reading.epoch ?? 0n;
        expect(
          frames.map((frame) => [frame['octets'], frame['wireLength'], epoch + BigInt(frame['at'] as number)]),
        ).toEqual(packets.map(({ octets, wireLength, at }) => [Buffer.from(octets).toString('hex'), wireLength, at]));
      }),
    );
  });

  test('that ends anywhere keeps what was whole, and says where it was cut', () => {
    const whole = record(EVERYTHING).records;
    for (let end = 4; end < EVERYTHING.length; end++) {
      const { records, reading } = record(EVERYTHING.subarray(0, end));
      expect(records).toEqual(whole.slice(0, records.length));
      if (reading.damage) expect(reading.damage).toMatchObject({ kind: 'cut-short' });
    }
  });

  test('may hold records larger than any buffer', () => {
    const file = pcapFile([{ octets: new Uint8Array(200_000).fill(3) }, { octets: octets(1) }]);
    const split = new Array<number>(20).fill(20_000);
    expect(record(file, split).records).toEqual(record(file).records);
  });
});

describe('octets of any kind', () => {
  test('do not throw, and end in records, damage or neither', () => {
    const pcap = fc.constantFrom(
      ...[octets(0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0), octets(0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4)],
    );
    const start = fc.oneof(pcap, fc.constant(block.section()), fc.constant(octets()));
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 300 }), sizes, (head, tail, split) => {
        const whole = record(concat(head, tail));
        expect(record(concat(head, tail), split).records).toEqual(whole.records);
        expect(['pcap', 'pcapng', 'unknown']).toContain(whole.format);
      }),
    );
  });

  test('changed anywhere in a good file do not throw', () => {
    fc.assert(
      fc.property(fc.nat(EVERYTHING.length - 1), fc.nat(255), sizes, (at, value, split) => {
        const changed = EVERYTHING.slice();
        changed[at] = value;
        const whole = record(changed);
        const split_ = record(changed, split);
        expect(split_.records).toEqual(whole.records);
        expect(split_.reading.damage?.text).toEqual(whole.reading.damage?.text);
      }),
      { numRuns: 500 },
    );
  });

  test.each([[], [0x0a], [0x0a, 0x0d, 0x0d], [1, 2, 3, 4, 5]])(
    'that are no capture are known as such: %j',
    (...start) => {
      const { format, records, reading } = record(octets(...start));
      expect(format).toBe('unknown');
      expect(records).toEqual([]);
      expect(reading.damage).toBeUndefined();
    },
  );
});
