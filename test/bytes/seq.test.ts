import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seqAdd, seqDistance, seqEqual } from '../../src/bytes/seq.ts';

describe('sequence numbers', () => {
  test('count on across 2^32', () => {
    expect(seqDistance(0xffffffff, 0)).toBe(1);
    expect(seqDistance(0xfffffff0, 0x10)).toBe(32);
    expect(seqDistance(0x10, 0xfffffff0)).toBe(-32);
    expect(seqEqual(seqAdd(0xffffffff, 1), 0)).toBe(true);
    expect(seqEqual(seqAdd(0, -1), 0xffffffff)).toBe(true);
  });

  test('are the same number signed or unsigned', () => {
    expect(seqEqual(-1, 0xffffffff)).toBe(true);
    expect(seqDistance(-16, 0xfffffff0)).toBe(0);
    expect(seqDistance(0x7fffffff, 0x80000000)).toBe(1);
  });

  test('a number is as far from another as was added to it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        (seq, by) => {
          expect(seqDistance(seq, seqAdd(seq, by))).toBe(by);
          expect(seqDistance(seqAdd(seq, by), seqAdd(seqAdd(seq, by), 0))).toBe(0);
        },
      ),
    );
  });

  test('adding more than 2^32 wraps as often as it must', () => {
    expect(seqEqual(seqAdd(5, 2 ** 32 * 3 + 7), 12)).toBe(true);
  });
});
