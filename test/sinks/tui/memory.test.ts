/** 100,000 incidents, each different: what is kept of them does not grow. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endpoint } from '../../../src/model/endpoint.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import { ENTRIES_LIMIT } from '../../../src/sinks/tui/book.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt, incident } from '../../kit/incidents.ts';
import { FakeScreen, tuiOn } from './fake-screen.ts';

const QUARTER = 25_000;
/** A frame now and then, as there would be four a second. */
const A_FRAME = 1000;
/** More peers than are told apart. */
const PEERS = 30_000;
const ONE = judge(incident({ attempts: [attempt({ server: 'refuses' })] }));
/** What one run differs from the next. */
const NOISE = 1_000_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Of its own, as far as anything could be kept of it. */
function another(one: Verdict, n: number): Verdict {
  const { incident, attempts } = one;
  const peer = endpoint(`10.0.0.${n & 255}`, 1000 + (n % PEERS));
  return {
    ...one,
    incident: { ...incident, id: `i-${n}`, exchange: { ...incident.exchange } },
    attempts: attempts.map((judged) => ({ ...judged, attempt: { ...judged.attempt, peer } })),
  };
}

/** Octets that are alive. */
function alive(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

test('memory after 100,000 incidents is that after 25,000, and all are counted', () => {
  const screen = new FakeScreen(140, 45);
  const tui = tuiOn(screen);
  const after: number[] = [];
  for (let n = 1; n <= 4 * QUARTER; n++) {
    tui.verdict(another(ONE, n));
    if (n % A_FRAME === 0) {
      screen.frames.length = 0;
      vi.advanceTimersByTime(250);
    }
    if (n % QUARTER === 0) after.push(alive());
  }
  const [first = 0, , , last = 0] = after;
  expect(last - first, after.join(' ')).toBeLessThan(NOISE);
  expect(tui.counts.found).toBe(4 * QUARTER);
  expect(ENTRIES_LIMIT).toBeLessThan(QUARTER);
  tui.close();
});
