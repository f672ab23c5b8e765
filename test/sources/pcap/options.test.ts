import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOptions } from '../../../src/sources/pcap/options.ts';
import { octets } from '../../kit/packets.ts';

function read(list: Uint8Array): [number, number, number][] {
  const found: [number, number, number][] = [];
  const view = new DataView(list.buffer, list.byteOffset, list.length);
  readOptions(view, true, 0, list.length, (_, ...option) => found.push(option));
  return found;
}

test('options are found behind each other, padded to four octets', () => {
  expect(read(octets(1, 0, 3, 0, 7, 7, 7, 0, 9, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0))).toEqual([
    [1, 4, 3],
    [9, 12, 1],
  ]);
});

test('the list ends at its end mark, at the end of the block, or where an option runs over it', () => {
  expect(read(octets(0, 0, 0, 0, 1, 0, 0, 0))).toEqual([]);
  expect(read(octets(1, 0, 0, 0))).toEqual([[1, 4, 0]]);
  expect(read(octets(1, 0, 9, 0, 7, 7))).toEqual([]);
  expect(read(octets(1, 0))).toEqual([]);
});

test('any octets are read without leaving the list', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (list) => {
      for (const [, at, length] of read(list)) expect(at + length).toBeLessThanOrEqual(list.length);
    }),
  );
});
