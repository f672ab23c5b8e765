import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HeldOctets } from '../../src/conn/held-octets.ts';
import { HELD_OVERHEAD } from '../../src/conn/limits.ts';
import { OctetCopies } from '../../src/conn/octet-copies.ts';
import { type Octets, octetsOf } from '../../src/model/octets.ts';

const letters = (text: string) => octetsOf(new TextEncoder().encode(text));
const within = ({ bytes, start, end }: Octets) => bytes.subarray(start, end);

describe('held octets', () => {
  test('come out where they belong, once', () => {
    const held = new HeldOctets(new OctetCopies());
    expect(held.insert(10, 2, letters('cd'))).toBe(2);
    expect(held.insert(8, 6, letters('abXXef'))).toBe(4);
    expect(held.insert(9, 3, letters('???'))).toBe(0);
    expect(held.cost).toBe(6 + 3 * HELD_OVERHEAD);
    expect(held.first).toBe(8);
    expect(held.take(7)).toBeUndefined();
    const out = [8, 10, 12].map((position) => new TextDecoder().decode(within(held.take(position)?.octets as Octets)));
    expect(out).toEqual(['ab', 'cd', 'ef']);
    expect(held).toMatchObject({ empty: true, cost: 0, first: Number.POSITIVE_INFINITY });
  });

  test('are copies of their own', () => {
    const held = new HeldOctets(new OctetCopies());
    const lent = letters('abc');
    held.insert(0, 3, lent);
    lent.bytes.fill(0);
    expect(within(held.take(0)?.octets as Octets)).toEqual(letters('abc').bytes);
  });

  test('keep the first copy of every octet, whatever overlaps (model: an array)', () => {
    const piece = fc.record({
      position: fc.integer({ min: 0, max: 60 }),
      length: fc.integer({ min: 1, max: 20 }),
      captured: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const held = new HeldOctets(new OctetCopies());
        const model: (number | 'cut' | undefined)[] = [];
        pieces.forEach(({ position, length, captured }, n) => {
          const have = Math.min(captured, length);
          let fresh = 0;
          for (let i = 0; i < length; i++) {
            if (model[position + i] !== undefined) continue;
            model[position + i] = i < have ? n : 'cut';
            fresh++;
          }
          expect(held.insert(position, length, octetsOf(new Uint8Array(have).fill(n)))).toBe(fresh);
        });
        const out: (number | 'cut' | undefined)[] = [];
        while (!held.empty) {
          const taken = held.take(held.first);
          const octets = taken ? within(taken.octets) : [];
          for (let i = 0; i < (taken?.length ?? 0); i++) out[(taken?.position ?? 0) + i] = octets[i] ?? 'cut';
        }
        expect(out).toEqual(model);
        expect(held.cost).toBe(0);
      }),
    );
  });
});
