import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Direction } from '../../../src/model/connection.ts';
import { logOf, split } from '../../kit/cases.ts';
import { normalised } from '../../kit/message-log.ts';

const HELLO = [22, 3, 1, 0, 4, 1, 0, 0, 0];

test('any records of both sides, in any pieces: the same log', () => {
  const record = fc
    .record({ type: fc.constantFrom(20, 21, 22, 23, 23, 99), length: fc.constantFrom(1, 2, 19, 53, 90, 250) })
    .map(({ type, length }) => [type, 3, 3, 0, length, ...new Array(length).fill(2)]);
  const act = fc.tuple(fc.constantFrom<Direction>('forward', 'reverse'), fc.array(record, { maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(act, { maxLength: 8 }), fc.integer({ min: 1, max: 60 }), (acts, size) => {
      const opening = { kind: 'octets' as const, direction: 'forward' as const, bytes: Uint8Array.from(HELLO) };
      const said = acts.map(([direction, all]) => ({
        kind: 'octets' as const,
        direction,
        bytes: Uint8Array.from(all.flat()),
      }));
      const script = {
        midstream: false,
        pieces: 1,
        acts: [opening, ...said, { kind: 'fin' as const, direction: 'reverse' as const }],
      };
      expect(normalised(logOf(split(script, size)))).toEqual(normalised(logOf(script)));
    }),
  );
});

test('random octets of a server', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const opening = { kind: 'octets' as const, direction: 'forward' as const, bytes: Uint8Array.from(HELLO) };
      logOf({ midstream: false, pieces: 1, acts: [opening, { kind: 'octets', direction: 'reverse', bytes }] });
    }),
  );
});
