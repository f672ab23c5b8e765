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

function piece(latest: number, more: boolean): void {
  silence.arrived();
  silence.handedOn(latest * MILLISECOND, more, ELSEWHEN);
}

test('a pipe that is read as fast as it is written drives time on between its records', () => {
  piece(1000, false);
  vi.advanceTimersByTime(61);
  expect(ticks).toEqual([1020, 1040, 1060]);
});

test('a record that was held back says that it is later at the other end', () => {
  piece(1000, false);
  vi.advanceTimersByTime(10);
  piece(1001, false);
  expect(ticks).toEqual([1010]);
});

test('while more waits in the pipe than was read of it, its records alone tell the time', () => {
  let latest = 1000;
  piece(latest, true);
  setInterval(() => piece(++latest, true), 20);
  vi.advanceTimersByTime(201);
  expect(latest).toBe(1010);
  expect(ticks).toEqual([]);
});

test('a pipe in which nothing was left is silent, however much came last', () => {
  piece(1000, true);
  vi.advanceTimersByTime(41);
  expect(ticks).toEqual([1020, 1040]);
});

test('once it is over, nothing drives time on', () => {
  piece(1000, false);
  setInterval(() => silence.stop(), 20);
  vi.advanceTimersByTime(61);
  expect(ticks).toEqual([]);
});
