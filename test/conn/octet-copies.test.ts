import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OctetCopies, READY_LIMIT } from '../../src/conn/octet-copies.ts';
import type { Octets } from '../../src/model/octets.ts';

const filled = (length: number, value: number) => new Uint8Array(length).fill(value);
const octets = ({ bytes, start, end }: Octets) => bytes.slice(start, end);

describe('copies of octets', () => {
  test('hold what was copied, whatever becomes of the original', () => {
    const original = Uint8Array.from([1, 2, 3, 4]);
    const copy = new OctetCopies().copy(original, 1, 3);
    original.fill(0);
    expect([...octets(copy)]).toEqual([2, 3]);
  });

  test('use a large array again once it is given back, and not before', () => {
    const copies = new OctetCopies();
    const one = copies.copy(filled(3000, 1), 0, 3000);
    const two = copies.copy(filled(3000, 2), 0, 3000);
    expect(two.bytes).not.toBe(one.bytes);
    copies.giveBack(one);
    const three = copies.copy(filled(2500, 3), 0, 2500);
    expect(three.bytes).toBe(one.bytes);
    expect(octets(three)).toEqual(filled(2500, 3));
    expect(octets(two)).toEqual(filled(3000, 2));
  });

  test('fit what is small or very large to measure, and make each anew', () => {
    const copies = new OctetCopies();
    for (const length of [0, 1, 512, 65_537]) {
      const copy = copies.copy(filled(length, 1), 0, length);
      expect(copy.bytes.length).toBe(length);
      copies.giveBack(copy);
      expect(copies.copy(filled(length, 1), 0, length).bytes === copy.bytes).toBe(false);
    }
  });

  test('keep no more ready than their limit', () => {
    const copies = new OctetCopies();
    const size = 1 << 16;
    const given = Array.from({ length: (2 * READY_LIMIT) / size }, () => copies.copy(filled(size, 1), 0, size));
    for (const copy of given) copies.giveBack(copy);
    const known = new Set(given.map(({ bytes }) => bytes));
    const again = given.map(() => copies.copy(filled(size, 1), 0, size));
    expect(again.filter(({ bytes }) => known.has(bytes))).toHaveLength(READY_LIMIT / size);
  });

  test('never share an array that was not given back, and waste at most half of one', () => {
    const step = fc.record({ length: fc.integer({ min: 0, max: 70_000 }), back: fc.nat({ max: 20 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const copies = new OctetCopies();
        const held: { copy: Octets; value: number; length: number }[] = [];
        steps.forEach(({ length, back }, n) => {
          const copy = copies.copy(filled(length, n), 0, length);
          expect(copy.bytes.length).toBeLessThanOrEqual(2 * length);
          held.push({ copy, value: n, length });
          const [gone] = held.splice(back, 1);
          if (gone) copies.giveBack(gone.copy);
          for (const kept of held) {
            const seen = octets(kept.copy);
            expect(seen.length).toBe(kept.length);
            expect(seen.every((octet) => octet === kept.value)).toBe(true);
          }
        });
      }),
      { numRuns: 30 },
    );
  });
});
