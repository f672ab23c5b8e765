import { describe, expect, test } from 'vitest';
import { type Act, KIND, type KindName } from '../../../src/incident/timing/acts.ts';
import { Crossings } from '../../../src/incident/timing/crossings.ts';

const act = (kind: KindName, connection: number, ready: number, acted: number, listener = '127.0.0.1:80'): Act => ({
  kind: KIND[kind],
  ready,
  acted,
  connection,
  nth: 2,
  listener,
});

const tie = (crossings: Crossings, one: Act, other: Act): number =>
  crossings.ties[crossings.place(one, other)] as number;

describe('two acts that waited at once', () => {
  const crossings = new Crossings(0.5);
  const first = act('next', 1, 10, 30);

  test('speak for one worker where they came in turn, and against it where they crossed', () => {
    expect(tie(crossings, first, act('next', 2, 20, 40))).toBeGreaterThan(0);
    expect(tie(crossings, first, act('next', 2, 5, 40))).toBeLessThan(0);
  });

  test('say the same whichever is asked about first', () => {
    const other = act('retry', 2, 5, 40);
    expect(tie(crossings, first, other)).toBe(tie(crossings, other, first));
  });

  test('say little against it where they may cross: a new connection waits to be accepted first', () => {
    const answer = act('answer', 1, 20, 30);
    expect(tie(crossings, answer, act('open', 2, 10, 40))).toBeGreaterThan(
      tie(crossings, answer, act('next', 2, 10, 40)),
    );
  });

  test('are in queues of their own where two new connections came to different addresses', () => {
    const newcomer = act('open', 1, 20, 30);
    expect(tie(crossings, newcomer, act('open', 2, 10, 40, '[::1]:80'))).toBeGreaterThan(
      tie(crossings, newcomer, act('open', 2, 10, 40)),
    );
  });
});

test('the more often one worker is held to cross, the less a crossing says', () => {
  const crossed = [act('next', 1, 10, 30), act('next', 2, 5, 40)] as const;
  expect(tie(new Crossings(4), ...crossed)).toBeGreaterThan(tie(new Crossings(0.5), ...crossed));
});
