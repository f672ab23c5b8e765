import { describe, expect, test } from 'vitest';
import { MAX_INTERFACES } from '../../../src/sources/pcap/section.ts';
import { pcapngBlocks, SOME_TIME } from '../../kit/capture-files.ts';
import { concat, octets } from '../../kit/packets.ts';
import { record } from './recorded.ts';

const block = pcapngBlocks();
const NANOS = { ticksPerSecond: 1_000_000_000n };
const head = concat(block.section(), block.interfaceDescription({ resolution: 9, name: 'eth0' }));
const packet = (at = SOME_TIME): Uint8Array => block.enhancedPacket({ octets: octets(1), at }, NANOS);

describe('packets', () => {
  test('a simple packet is from the first interface and as late as the record before', () => {
    const simple = block.simplePacket({ octets: octets(9, 8, 7), wireLength: 3 });
    const { frames } = record(concat(head, packet(), packet(SOME_TIME + 50n), simple));
    expect(frames[2]).toMatchObject({ number: 3, at: 50, interfaceId: 0, octets: '090807', wireLength: 3 });
  });

  test('a simple packet holds no more than the snap length', () => {
    const snapped = concat(block.section(), block.interfaceDescription({ snapLength: 2 }));
    const simple = block.simplePacket({ octets: octets(9, 8), wireLength: 1000 });
    expect(record(concat(snapped, simple)).frames).toMatchObject([{ octets: '0908', wireLength: 1000 }]);
  });

  test('a simple packet that says it is longer than its block holds what the block does', () => {
    const simple = block.simplePacket({ octets: octets(9, 8, 7, 6), wireLength: 1000 });
    expect(record(concat(head, simple)).frames).toMatchObject([{ octets: '09080706', wireLength: 1000 }]);
  });

  test('an obsolete packet is read like an enhanced one, and tells of drops', () => {
    const obsolete = block.obsoletePacket({ octets: octets(5), wireLength: 60 }, { ...NANOS, drops: 4 });
    const { records } = record(concat(head, packet(), obsolete));
    expect(records.slice(2)).toMatchObject([
      { is: 'loss', count: 4, where: 'eth0 (before this packet)', at: 0 },
      { is: 'frame', number: 2, octets: '05', wireLength: 60 },
    ]);
  });

  test('an obsolete packet may say that its drop count is not known', () => {
    expect(
      record(concat(head, block.obsoletePacket({ octets: octets(5) }, NANOS))).records.map(({ is }) => is),
    ).toEqual(['epoch', 'frame']);
  });

  test('comments come after the frame they are about, drop counts before it', () => {
    const told = block.enhancedPacket({ octets: octets(1) }, { ...NANOS, comment: 'see här', dropCount: 3n });
    const { records, reading } = record(concat(head, told, packet()));
    expect(records.slice(1)).toMatchObject([
      { is: 'loss', count: 3 },
      { is: 'frame', number: 1 },
      { is: 'comment', number: 1, text: 'see här' },
      { is: 'frame', number: 2 },
    ]);
    expect([reading.comments, reading.lost]).toEqual([1, 3]);
  });
});

describe('times', () => {
  test.each([
    ['microseconds by default', {}, 1_000_000n],
    ['milliseconds', { resolution: 3 }, 1_000n],
    ['seconds', { resolution: 0 }, 1n],
    ['picoseconds', { resolution: 12 }, 1_000_000_000_000n],
    ['binary fractions', { resolution: 0x80 | 20 }, 1n << 20n],
  ])('%s are told apart', (_, spec, ticksPerSecond) => {
    const at = 1_700_000_000n * 1_000_000_000n; // fits 64 bits even in picoseconds' first 213 days after 1970
    const when = ticksPerSecond > 1_000_000_000n ? 1_000_000n * 1_000_000_000n : at;
    const two = [when, when + 3_000_000_000n].map((time) =>
      block.enhancedPacket({ octets: octets(1), at: time }, { ticksPerSecond }),
    );
    const { frames, reading } = record(concat(block.section(), block.interfaceDescription(spec), ...two));
    expect(reading.epoch).toBe(when);
    expect(frames.map((frame) => frame['at'])).toEqual([0, 3e9]);
  });

  test('an interface may count from another time than 1970', () => {
    const offset = 1_000_000n;
    const file = concat(
      block.section(),
      block.interfaceDescription({ resolution: 9, offset }),
      block.interfaceDescription({ resolution: 6 }),
      block.enhancedPacket({ octets: octets(1) }, { ...NANOS, offset }),
      block.enhancedPacket({ octets: octets(1), at: SOME_TIME + 1_000n }, { interfaceId: 1 }),
    );
    const { frames, reading } = record(file);
    expect(reading.epoch).toBe(SOME_TIME);
    expect(frames.map((frame) => frame['at'])).toEqual([0, 211]);
  });
});

describe('statistics', () => {
  test('what a drop counter grew by since the last block is a loss', () => {
    const statistics = (ifDrop: bigint, osDrop: bigint): Uint8Array => block.statistics({ ifDrop, osDrop, at: 0n });
    const { records, reading } = record(
      concat(head, packet(), statistics(0n, 5n), statistics(2n, 5n), statistics(2n, 6n)),
    );
    expect(records.filter(({ is }) => is === 'loss')).toMatchObject([
      { count: 5, where: 'eth0 (isb_osdrop)' },
      { count: 2, where: 'eth0 (isb_ifdrop)' },
      { count: 1, where: 'eth0 (isb_osdrop)' },
    ]);
    expect(reading.lost).toBe(8);
  });

  test('counters are read in the byte order of their section', () => {
    const big = pcapngBlocks(true);
    const described = big.interfaceDescription({ name: 'lo' });
    const { records } = record(concat(big.section(), described, big.statistics({ osDrop: 0x1_0000_0002n })));
    expect(records).toContainEqual({ is: 'loss', at: 0, count: 0x1_0000_0002, where: 'lo (isb_osdrop)' });
  });

  test('an interface without a name is called by its number', () => {
    const unnamed = concat(block.section(), block.interfaceDescription());
    const { records } = record(concat(unnamed, block.statistics({ ifDrop: 1n })));
    expect(records).toContainEqual({ is: 'loss', at: 0, count: 1, where: 'interface 0 (isb_ifdrop)' });
  });
});

describe('journal entries', () => {
  test('a journal entry has a number and a time like a frame', () => {
    const micros = SOME_TIME / 1000n + 5n;
    const entry = block.journal(`__REALTIME_TIMESTAMP=${micros}\nMESSAGE=a=b\n`);
    const fields = new Map([
      ['__REALTIME_TIMESTAMP', String(micros)],
      ['MESSAGE', 'a=b'],
    ]);
    const { records } = record(concat(head, packet(), entry, packet(SOME_TIME + 9_000n)));
    expect(records.slice(1)).toMatchObject([
      { is: 'frame', number: 1 },
      { is: 'journal', number: 2, at: Number(micros * 1000n - SOME_TIME), fields },
      { is: 'frame', number: 3 },
    ]);
  });

  test('a journal entry may be the first record: its time is the epoch', () => {
    const { records, reading } = record(concat(head, block.journal('__REALTIME_TIMESTAMP=1700000000000000\n')));
    expect(reading.epoch).toBe(1_700_000_000_000_000_000n);
    expect(records[1]).toMatchObject({ is: 'journal', at: 0, number: 1 });
  });

  test.each(['MESSAGE=x\n', '__REALTIME_TIMESTAMP=soon\n', ''])(
    'an entry without a time is as late as the record before: %j',
    (text) => {
      const { records } = record(concat(head, packet(), packet(SOME_TIME + 77n), block.journal(text)));
      expect(records.at(-1)).toMatchObject({ is: 'journal', at: 77, number: 3 });
    },
  );
});

test('a section with more interfaces than anybody has is damage', () => {
  const described = block.interfaceDescription();
  const many = new Uint8Array(described.length * (MAX_INTERFACES + 1));
  for (let n = 0; n <= MAX_INTERFACES; n++) many.set(described, n * described.length);
  const { reading } = record(concat(block.section(), many));
  expect(reading.damage?.text).toBe(`more than ${MAX_INTERFACES} interfaces`);
});
