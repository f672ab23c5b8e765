import { describe, expect, test } from 'vitest';
import type { Act } from '../../src/incident/acts.ts';
import { Turns } from '../../src/incident/turns.ts';

const WAITING = 4;

/** Two workers, of which one is always behind; connections of even number are served by the first, each in order. */
function gateway(requests: number): Act[] {
  const acts: Act[] = [];
  let state = 1;
  for (let n = 0; n < requests; n++) {
    const worker = n % 2;
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const connection = 2 * ((state >>> 16) % 12) + worker;
    acts.push({ kind: 'next', ready: 10 * n, acted: 10 * n + (worker === 0 ? 35 : 95), connection });
  }
  return acts.sort((a, b) => a.acted - b.acted);
}

describe('workers show in what crosses', () => {
  const turns = new Turns(gateway(400));

  test('connections of one worker are found to belong together', () => {
    const even = new Set(Array.from({ length: 12 }, (_, n) => turns.workerOf(2 * n)));
    const odd = new Set(Array.from({ length: 12 }, (_, n) => turns.workerOf(2 * n + 1)));
    expect([even.size, odd.size]).toEqual([1, 1]);
    expect(even).not.toEqual(odd);
  });

  test('an act in turn costs nothing, one that crosses others of its worker costs the more, the more they are', () => {
    const ready = 10 * 100;
    expect(turns.cost('next', 4, ready + 1, ready + 36)).toBe(0);
    const late = turns.cost('next', 4, ready + 1, ready + 36 + 20 * 2);
    expect(late).toBeGreaterThan(0);
    expect(turns.cost('next', 4, ready + 1, ready + 36 + 20 * WAITING)).toBeGreaterThanOrEqual(late);
  });

  test('acts of another kind are another matter', () => {
    expect(turns.cost('answer', 4, 1000, 1100)).toBe(0);
  });

  test('a connection that nothing is known of is judged by nothing', () => {
    expect(turns.cost('next', 999, 1000, 1100)).toBe(0);
  });
});

test('one worker alone is one worker', () => {
  const acts = Array.from(
    { length: 200 },
    (_, n): Act => ({ kind: 'next', ready: 10 * n, acted: 10 * n + 45, connection: n % 10 }),
  );
  const turns = new Turns(acts);
  expect(new Set(Array.from({ length: 10 }, (_, n) => turns.workerOf(n))).size).toBe(1);
});
