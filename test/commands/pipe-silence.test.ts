import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PipeSilence } from '../../src/commands/pipe-silence.ts';
import { MILLISECOND } from '../../src/model/time.ts';

/** Of a capture that another host's clock has stamped. */
const ELSEWHEN = 0n;

let ticks: number[];
let silence: PipeSilence;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] });
  ticks = [];
  silence = new PipeSilence((now) => ticks.push(Math.round(now / MILLISECOND)));
});
afterEach(() => {
  silence.stop();
  vi.useRealTimers();
});

function piece(latest: number): void {
  silence.arrived();
  silence.handedOn(latest * MILLISECOND, ELSEWHEN);
}

test('a pipe that is read as fast as it is written drives time on between its records', () => {
  piece(1000);
  vi.advanceTimersByTime(151);
  expect(ticks).toEqual([1050, 1100, 1150]);
});

test('a record that was held back says that it is later at the other end', () => {
  piece(1000);
  vi.advanceTimersByTime(10);
  piece(1001);
  vi.advanceTimersByTime(41);
  expect(ticks).toEqual([1050]);
});

test('while more came each time that one looked, the records alone tell the time', () => {
  let latest = 1000;
  piece(latest);
  setInterval(() => piece(++latest), 50);
  vi.advanceTimersByTime(501);
  expect(latest).toBe(1010);
  expect(ticks).toEqual([]);
});

test('what came late may be the first of much that waited: the clock is not asked before more had the time to come', () => {
  piece(1000);
  vi.advanceTimersByTime(49);
  piece(1001);
  expect(ticks).toEqual([]);
});

test('once it is over, nothing drives time on', () => {
  piece(1000);
  setInterval(() => silence.stop(), 50);
  vi.advanceTimersByTime(151);
  expect(ticks).toEqual([]);
});

/** Says when each piece was handed on, in milliseconds from now. */
function handedOn(): { readonly at: readonly number[]; come(): Promise<void> } {
  const start = performance.now();
  const at: number[] = [];
  return {
    at,
    come: async () => {
      silence.arrived();
      await silence.turn();
      at.push(performance.now() - start);
    },
  };
}

test('the first piece after a silence is handed on at once, and those after the next look wait for the one after', async () => {
  const { at, come } = handedOn();
  await come();
  await vi.advanceTimersByTimeAsync(51);
  void come();
  await vi.advanceTimersByTimeAsync(100);
  expect(at).toEqual([0, 100]);
  await vi.advanceTimersByTimeAsync(50);
  await come();
  expect(at).toEqual([0, 100, 201]);
});

test('what waited is handed on before the clock is asked', async () => {
  piece(1000);
  await vi.advanceTimersByTimeAsync(51);
  void (async () => {
    silence.arrived();
    await silence.turn();
    silence.handedOn(1040 * MILLISECOND, ELSEWHEN);
    ticks.push(Number.NaN);
  })();
  await vi.advanceTimersByTimeAsync(51);
  expect(ticks.slice(0, 2)).toEqual([1050, Number.NaN]);
  expect(ticks[2]).toBeGreaterThanOrEqual(1100);
});

test('a piece that waits when it is over is handed on', async () => {
  const { at, come } = handedOn();
  await come();
  await vi.advanceTimersByTimeAsync(51);
  const coming = come();
  silence.stop();
  await coming;
  expect(at).toEqual([0, 51]);
});
