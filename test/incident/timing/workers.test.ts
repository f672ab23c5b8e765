import { describe, expect, test } from 'vitest';
import { type Act, KIND } from '../../../src/incident/timing/acts.ts';
import { workersOf } from '../../../src/incident/timing/workers.ts';

/** Acts of `workers` workers, each of which does its own in the order in which they were due, `late` behind by turns. */
function gateway(workers: number, requests: number): Act[] {
  const acts: Act[] = [];
  let state = 1;
  for (let n = 0; n < requests; n++) {
    const worker = n % workers;
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const connection = workers * ((state >>> 16) % 12) + worker;
    const acted = 10 * n + 35 + 60 * worker;
    acts.push({ kind: KIND.next, ready: 10 * n, acted, connection, nth: n, listener: '127.0.0.1:80' });
  }
  return acts.sort((a, b) => a.acted - b.acted);
}

describe('connections are sorted into workers', () => {
  test.each([1, 2, 3])('%d of them', (workers) => {
    const found = workersOf(gateway(workers, 600));
    const truth = new Map<number, Set<number>>();
    for (const [connection, worker] of found) {
      const own = truth.get(connection % workers) ?? new Set();
      truth.set(connection % workers, own.add(worker));
    }
    expect(found.size).toBe(12 * workers);
    expect([...truth.values()].map(({ size }) => size)).toEqual(Array(workers).fill(1));
    expect(new Set(found.values()).size).toBe(workers);
  });

  test('acts that never overlap tell nothing: one worker', () => {
    const apart = Array.from({ length: 50 }, (_, n) => ({
      ...{ kind: KIND.next, ready: 100 * n, acted: 100 * n + 1, connection: n, nth: n, listener: '127.0.0.1:80' },
    }));
    expect(new Set(workersOf(apart).values())).toEqual(new Set([0]));
  });

  test('no acts, no workers', () => {
    expect(workersOf([])).toEqual(new Map());
  });
});
