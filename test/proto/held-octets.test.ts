import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeldOctets } from '../../src/proto/held-octets.ts';

test('what is appended is held, in order, whatever happens to its source', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 8 }), (pieces) => {
      const held = new HeldOctets();
      const expected = pieces.flatMap((piece) => [...piece]);
      for (const piece of pieces) {
        held.append(piece, 0, piece.length);
        piece.fill(0);
      }
      expect([...held.bytes.slice(0, held.length)]).toEqual(expected);
      expect(held.bytes.length).toBeLessThanOrEqual(Math.max(256, 2 * expected.length));
    }),
  );
});

test('what is dropped is gone', () => {
  const held = new HeldOctets();
  held.append(Uint8Array.of(1, 2, 3), 1, 3);
  held.drop();
  expect([held.length, held.bytes.length]).toEqual([0, 0]);
});

test('a piece that was dropped serves whoever holds octets next', () => {
  const [first, second] = [new HeldOctets(), new HeldOctets()];
  first.append(Uint8Array.of(1, 2, 3), 0, 3);
  const { bytes } = first;
  first.drop();
  second.append(Uint8Array.of(4), 0, 1);
  expect(second.bytes).toBe(bytes);
  expect([...second.bytes.subarray(0, second.length)]).toEqual([4]);
  expect(first.length).toBe(0);
});
