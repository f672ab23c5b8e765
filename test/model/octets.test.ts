import { expect, test } from 'vitest';
import { copyOctets, octetsOf } from '../../src/model/octets.ts';

test('a copy outlives the buffer that it was made from, and pins nothing of it', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const copy = copyOctets(bytes, 1, 3);
  bytes.fill(0xee);
  expect([...copy]).toEqual([2, 3]);
  expect(copy.buffer.byteLength).toBe(2);
});

test('a window lies over the octets themselves, also where they are a part of a larger buffer', () => {
  const part = Uint8Array.of(9, 1, 2, 9).subarray(1, 3);
  const octets = octetsOf(part);
  expect([octets.start, octets.end]).toEqual([0, 2]);
  expect(octets.view.getUint16(0)).toBe(0x0102);
  part[0] = 5;
  expect(octets.view.getUint8(0)).toBe(5);
});
