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
  vi.advanceTimersByTime(61);
  expect(ticks).toEqual([1020, 1040, 1060]);
});

test('a record that was held back says that it is later at the other end', () => {
  piece(1000);
  vi.advanceTimersByTime(10);
  piece(1001);
  vi.advanceTimersByTime(11);
  expect(ticks).toEqual([1020]);
});

test('while more came each time that one looked, the records alone tell the time', () => {
  let latest = 1000;
  piece(latest);
  setInterval(() => piece(++latest), 20);
  vi.advanceTimersByTime(201);
  expect(latest).toBe(1010);
  expect(ticks).toEqual([]);
});

test('what came late may be the first of much that waited: the clock is not asked before more had the time to come', () => {
  piece(1000);
  vi.advanceTimersByTime(19);
  piece(1001);
  expect(ticks).toEqual([]);
});

test('once it is over, nothing drives time on', () => {
  piece(1000);
  setInterval(() => silence.stop(), 20);
  vi.advanceTimersByTime(61);
  expect(ticks).toEqual([]);
});
