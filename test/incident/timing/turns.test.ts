import { describe, expect, test } from 'vitest';
import { type Act, KIND } from '../../../src/incident/timing/acts.ts';
import { Turns } from '../../../src/incident/timing/turns.ts';

const WAITING = 4;
const LISTENER = '127.0.0.1:80';

/** Two workers, of which one is always behind; connections of even number are served by the first, each in order. */
function gateway(requests: number): Act[] {
  const acts: Act[] = [];
  let state = 1;
  for (let n = 0; n < requests; n++) {
    const worker = n % 2;
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const connection = 2 * ((state >>> 16) % 12) + worker;
    acts.push({
      kind: KIND.next,
      ready: 10 * n,
      acted: 10 * n + (worker === 0 ? 35 : 95),
      connection,
      nth: n,
      listener: LISTENER,
    });
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

  const next = (ready: number, acted: number, connection = 4): Act => ({
    kind: KIND.next,
    ready,
    acted,
    connection,
    nth: 1e6,
    listener: LISTENER,
  });
  const ready = 10 * 100;
  const inTurn = turns.cost([next(ready + 1, ready + 36)]);

  test('an act that crosses others of its worker costs more than one in turn, and the more, the more they are', () => {
    const late = turns.cost([next(ready + 1, ready + 36 + 20 * 2)]);
    expect(late).toBeGreaterThan(inTurn);
    expect(turns.cost([next(ready + 1, ready + 36 + 20 * WAITING)])).toBeGreaterThan(late);
  });

  test('two acts that cross each other cost more than two that do not', () => {
    const [first, second] = [ready + 1, ready + 2];
    const straight = turns.cost([next(first, ready + 37, 4), next(second, ready + 38, 6)]);
    const crossed = turns.cost([next(first, ready + 38, 4), next(second, ready + 37, 6)]);
    expect(crossed).toBeGreaterThan(straight);
  });

  test('where what was seen is out of order, turns tell nothing', () => {
    let state = 502;
    const acts = gateway(1400).map((act) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return { ...act, acted: act.acted + ((state >>> 16) % 3 === 0 ? 90 : 0) };
    });
    const shuffled = new Turns(acts.toSorted((a, b) => a.acted - b.acted));
    expect(shuffled.cost([next(ready + 1, ready + 36 + 20 * WAITING)])).toBe(0);
  });

  test('what is believed of a request counts for others, and no longer when something else is believed', () => {
    const believed = new Turns(gateway(400));
    const mine = next(ready + 1, ready + 38);
    const before = believed.cost([mine]);
    believed.believe({ connection: 6, nth: 1e6 }, [next(ready + 2, ready + 37, 6)]);
    expect(believed.cost([mine])).toBeGreaterThan(before);
    believed.believe({ connection: 6, nth: 1e6 }, []);
    expect(believed.cost([mine])).toBe(before);
  });

  test('a connection that nothing is known of is judged by nothing, until something is believed of it', () => {
    const learned = new Turns(gateway(400));
    expect(learned.cost([next(1000, 1100, 999)])).toBe(0);
    const acts = Array.from({ length: 4 }, (_, n) => next(ready + 20 * n + 1, ready + 20 * n + 36, 998));
    learned.believe({ connection: 998, nth: 1 }, acts);
    learned.regroup();
    expect(learned.workerOf(998)).toBe(learned.workerOf(4));
  });
});

/** One worker that serves ten connections in order. */
function alone(): Act[] {
  return Array.from(
    { length: 200 },
    (_, n): Act => ({
      kind: KIND.next,
      ready: 10 * n,
      acted: 10 * n + 45,
      connection: n % 10,
      nth: n,
      listener: LISTENER,
    }),
  );
}

test('one worker alone is one worker', () => {
  const turns = new Turns(alone());
  expect(new Set(Array.from({ length: 10 }, (_, n) => turns.workerOf(n))).size).toBe(1);
});

test('new connections may overtake each other where they were accepted at different addresses', () => {
  const open = (connection: number, ready: number, acted: number, listener: string): Act => ({
    kind: KIND.open,
    ready,
    acted,
    connection,
    nth: 1,
    listener,
  });
  const turns = new Turns(alone());
  turns.believe({ connection: 4, nth: 1 }, [open(4, 5000, 5010, LISTENER)]);
  const overtaken = (listener: string): number => turns.cost([open(5, 4990, 5020, listener)]);
  expect(overtaken('[::1]:80')).toBeLessThan(overtaken(LISTENER));
});

test('workers are not told apart anew where nothing else came to be believed', () => {
  const turns = new Turns(alone());
  expect(turns.regroup()).toBe(false);
  const act: Act = { kind: KIND.next, ready: 5000, acted: 5010, connection: 4, nth: 1e6, listener: LISTENER };
  turns.believe({ connection: 4, nth: 1e6 }, [act]);
  expect(turns.regroup()).toBe(true);
  turns.believe({ connection: 4, nth: 1e6 }, [act]);
  expect(turns.regroup()).toBe(false);
});

test('of a request in question what was seen is what is believed, until something else is', () => {
  const acts = alone();
  const asked = acts.filter(({ connection }) => connection === 4);
  const turns = new Turns(acts, asked);
  const [act] = asked as [Act];
  const rival: Act = { ...act, connection: 5, nth: 1e6, ready: act.ready - 1, acted: act.acted + 1 };
  const before = turns.cost([rival]);
  turns.believe(act, [act]);
  expect(turns.regroup()).toBe(false);
  turns.believe(act, []);
  expect(turns.cost([rival])).toBeLessThan(before);
});
