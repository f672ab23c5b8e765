import { describe, expect, test } from 'vitest';
import { pcapngBlocks, pcapngFile, SOME_TIME } from '../../kit/capture-files.ts';
import { concat, octets, tcpFrame, u32 } from '../../kit/packets.ts';
import { record } from './recorded.ts';

const NANOS = { ticksPerSecond: 1_000_000_000n };

describe('pcapng', () => {
  test.each([false, true])('frames and their times are read (big-endian: %s)', (bigEndian) => {
    const packets = [0n, 1n].map((n) => ({
      octets: tcpFrame({ seq: Number(n) }),
      at: SOME_TIME + n,
      wireLength: 1514,
    }));
    const { frames, reading, format } = record(pcapngFile(packets, { bigEndian, linkType: 113 }));
    expect(format).toBe('pcapng');
    expect(reading.damage).toBeUndefined();
    expect(reading.epoch).toBe(SOME_TIME);
    expect(frames).toEqual(
      packets.map((packet, n) => ({
        is: 'frame',
        number: n + 1,
        at: n,
        linkType: 113,
        interfaceId: 0,
        wireLength: 1514,
        octets: Buffer.from(packet.octets).toString('hex'),
      })),
    );
  });

  test('sections of different byte order follow each other; interfaces are counted over all of them', () => {
    const [little, big] = [pcapngBlocks(), pcapngBlocks(true)];
    const { frames, reading } = record(
      concat(
        little.section(),
        little.interfaceDescription({ linkType: 1, resolution: 9, name: 'lo' }),
        little.interfaceDescription({ linkType: 113, resolution: 9 }),
        little.enhancedPacket({ octets: octets(1) }, { ...NANOS, interfaceId: 1 }),
        big.section(),
        big.interfaceDescription({ linkType: 276, name: 'any' }),
        big.enhancedPacket({ octets: octets(2), at: SOME_TIME + 1_000n }),
      ),
    );
    expect(frames).toMatchObject([
      { number: 1, interfaceId: 1, linkType: 113, octets: '01', at: 0 },
      { number: 2, interfaceId: 2, linkType: 276, octets: '02', at: 211 },
    ]);
    expect(reading.interfaces.map(({ id, name }) => [id, name])).toEqual([
      [0, 'lo'],
      [1, ''],
      [2, 'any'],
    ]);
  });

  test('a section may say how long it is, wrongly; nobody looks', () => {
    const block = pcapngBlocks();
    const packet = block.enhancedPacket({ octets: octets(1) });
    const { frames, reading } = record(concat(block.section(4n), block.interfaceDescription(), packet, packet));
    expect(frames).toHaveLength(2);
    expect(reading.damage).toBeUndefined();
  });

  test('blocks of no interest are passed over and are no frames', () => {
    const block = pcapngBlocks();
    const packet = block.enhancedPacket({ octets: octets(1) });
    const skipped = [4, 0xa, 0xbad, 0x4000_0bad, 0x0bad_f00d].map((type) => block.block(type, new Uint8Array(20)));
    const { frames } = record(concat(block.section(), block.interfaceDescription(), ...skipped, packet));
    expect(frames).toMatchObject([{ number: 1 }]);
  });

  test('a file of one section header and nothing else has no frames and no damage', () => {
    const { records, reading } = record(pcapngBlocks().section());
    expect(records).toEqual([]);
    expect(reading.damage).toBeUndefined();
  });
});

describe('pcapng damage', () => {
  const block = pcapngBlocks();
  const head = concat(block.section(), block.interfaceDescription());
  const packet = block.enhancedPacket({ octets: octets(1, 2, 3, 4) });

  const changed = (of: Uint8Array, at: number, value: number): Uint8Array => {
    const copy = of.slice();
    new DataView(copy.buffer).setUint32(at, value, true);
    return copy;
  };

  test.each([
    ['a length behind the block that disagrees', changed(packet, packet.length - 4, 99), /in front/],
    ['a block shorter than itself', changed(packet, 4, 8), /8 octets long/],
    ['a block longer than 16 MiB', changed(packet, 4, 16 * 1024 * 1024 + 4), /octets long/],
    ['a block length that is no multiple of four', changed(packet, 4, 33), /33 octets long/],
    ['a packet longer than its block', changed(packet, 20, 5), /longer than the block/],
    ['a packet of an interface that was not described', changed(packet, 8, 3), /not described/],
    ['an enhanced packet without room for its header', block.block(6, new Uint8Array(16)), /too short/],
    ['a simple packet without room for its header', block.block(3), /too short/],
    ['an interface without room for its header', block.block(1, new Uint8Array(4)), /too short/],
    ['statistics without room for their header', block.block(5, new Uint8Array(8)), /too short/],
    ['statistics of an interface that was not described', block.statistics({ interfaceId: 9 }), /not described/],
    ['a section header without byte-order magic', block.block(0x0a0d0d0a, new Uint8Array(16)), /byte-order/],
    ['a section of a version nobody knows', changed(block.section(), 12, 2), /version 2.0/],
    ['a section header shorter than there are', block.block(0x0a0d0d0a, u32(0x4d3c2b1a)), /16 octets long/],
  ])('%s ends the reading; what came before stands', (_, bad, text) => {
    const { frames, reading } = record(concat(head, packet, bad, packet));
    expect(frames).toHaveLength(1);
    expect(reading.damage).toMatchObject({ kind: 'damaged', offset: head.length + packet.length, record: 2 });
    expect(reading.damage?.text).toMatch(text);
  });

  test('a simple packet before any interface is damage', () => {
    const { reading } = record(concat(block.section(), block.simplePacket({ octets: octets(1) })));
    expect(reading.damage?.text).toMatch(/not described/);
  });

  test('a file that ends inside a block is cut short there', () => {
    const { frames, reading } = record(concat(head, packet, packet.subarray(0, packet.length - 1)));
    expect(frames).toHaveLength(1);
    expect(reading.damage).toMatchObject({ kind: 'cut-short', offset: head.length + packet.length });
  });
});
