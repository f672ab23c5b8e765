import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pcapFile, pcapngFile } from '../kit/capture-files.ts';
import { CASE_LIMIT, mutate, mutations, records } from './mutate.ts';
import { Random } from './random.ts';

const anySeed = fc.integer();

test('any mutations of any octets give octets within the limit, the same every time', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 50 }),
      anySeed,
      (capture, donor, seed) => {
        const before = capture.slice();
        const once = mutate(capture, donor, mutations(new Random(seed)));
        expect(once).toEqual(mutate(capture, donor, mutations(new Random(seed))));
        expect(once.length).toBeLessThanOrEqual(CASE_LIMIT);
        expect(capture).toEqual(before);
      },
    ),
  );
});

test('all kinds of mutation occur', () => {
  const kinds = new Set(
    Array.from({ length: 200 }, (_, number) => mutations(new Random(1, number)))
      .flat()
      .map(({ kind }) => kind),
  );
  expect([...kinds].sort()).toEqual([
    '502',
    'end',
    'extreme',
    'flip',
    'record',
    'remove',
    'repeat',
    'splice',
    'swap',
    'write',
  ]);
});

test.each([
  ['pcap, little-endian', pcapFile, {}, 1],
  ['pcap, big-endian', pcapFile, { bigEndian: true }, 1],
  ['pcapng, little-endian', pcapngFile, {}, 3],
  ['pcapng, big-endian', pcapngFile, { bigEndian: true }, 3],
] as const)('records are found in %s', (_, write, spec, others) => {
  const packets = [10, 20, 30].map((length) => ({ octets: new Uint8Array(length) }));
  const capture = write(packets, spec);
  expect(records(capture)).toHaveLength(packets.length + others);
  expect(records(capture).at(-1)).toBe(capture.length);
});

test('a dropped record leaves the other records whole', () => {
  const capture = pcapFile([10, 20, 30].map((length) => ({ octets: new Uint8Array(length) })));
  const dropped = mutate(capture, capture, [{ kind: 'record', what: 'drop', place: 1 }]);
  expect(dropped.length).toBe(capture.length - 36);
  expect(records(dropped).at(-1)).toBe(dropped.length);
});

test('a response turns into a 502', () => {
  const text = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');
  const capture = Uint8Array.from(Buffer.from('..HTTP/1.1 200 OK..HTTP/1.0 404 Not Found'));
  expect(text(mutate(capture, capture, [{ kind: '502', place: 1 }]))).toBe('..HTTP/1.1 200 OK..HTTP/1.0 502 Not Found');
  expect(text(mutate(capture.subarray(0, 8), capture, [{ kind: '502', place: 1 }]))).toBe('..HTTP/1');
});

test('numbers are spread evenly', () => {
  const random = new Random(7);
  const counts = new Array<number>(16).fill(0);
  for (let index = 0; index < 16_000; index++) {
    const bucket = random.below(16);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  for (const count of counts) expect(count).toBeGreaterThan(700);
});
