import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  axisText,
  type Clock,
  clockName,
  momentText,
  roundMoment,
  roundStep,
  stepText,
  tickStep,
} from '../../../src/sinks/tui/clock.ts';

/** 2026-11-20T10:18:00Z. */
const EPOCH = 1795169880_000_000_000n;
const clock = (mode: Clock['mode'], now = 60e9): Clock => ({ mode, epoch: EPOCH, now, offset: 90 });

test('moments by UTC, by this machine, or how long ago; short where there is no room', () => {
  expect(momentText(clock('utc'), 3.25e9)).toBe('10:18:03.250');
  expect(momentText(clock('local'), 3.25e9)).toBe('11:48:03.250');
  expect([59.653e9, 57.14e9, 3.25e9, -300e9].map((at) => momentText(clock('relative'), at))).toEqual([
    '347 ms ago',
    '2.9 s ago',
    '57 s ago',
    '6.0 min ago',
  ]);
  expect(momentText(clock('utc'), 3.25e9, 8)).toBe('10:18:03');
  expect(['utc', 'local', 'relative'].map((mode) => clockName(clock(mode as Clock['mode'])))).toEqual([
    'UTC',
    'UTC+01:30',
    'ago',
  ]);
});

test('labels are as fine as their distance needs', () => {
  expect(axisText(clock('utc'), 61e9, 120e9)).toBe('10:19');
  expect(axisText(clock('utc'), 61e9, 10e9)).toBe('10:19:01');
  expect(axisText(clock('utc'), 61.2e9, 0.1e9)).toBe('10:19:01.200');
  expect(axisText(clock('utc'), 61.2e9 + 5000, 1e5)).toBe('10:19:01.200005');
  expect(axisText(clock('relative'), 40e9, 20e9)).toBe('-20 s');
  expect(axisText(clock('relative'), 60e9, 20e9)).toBe('now');
});

test('round spans in the unit a reader thinks in', () => {
  expect([1, 1500, 2.5e6, 20e9, 120e9, 7200e9].map(stepText)).toEqual([
    '1 ns',
    '1.5 µs',
    '2.5 ms',
    '20 s',
    '2 min',
    '2 h',
  ]);
  expect([0.2, 1.3e6, 2.95e6, 7e9].map(roundStep)).toEqual([1, 1.5e6, 3e6, 8e9]);
  expect([3e6, 0.4e9, 0.6e9, 16e9, 61e9, 30 * 3600e9].map(tickStep)).toEqual([
    5e6,
    0.5e9,
    1e9,
    30e9,
    120e9,
    48 * 3600e9,
  ]);
});

test('ticks are round by the clock that is shown, and not before the window', () => {
  const modes = fc.constantFrom<Clock['mode']>('utc', 'local', 'relative');
  const at = fc.integer({ min: 0, max: 1e12 });
  fc.assert(
    fc.property(modes, at, fc.integer({ min: 1, max: 1e11 }), (mode, from, least) => {
      const every = tickStep(least);
      const tick = roundMoment(clock(mode), from, every);
      expect(tick).toBeGreaterThanOrEqual(from);
      expect(tick - from).toBeLessThan(every);
      const zone = mode === 'local' ? 90n * 60_000_000_000n : 0n;
      if (mode === 'relative') expect(Math.abs((60e9 - tick) % every)).toBe(0);
      else expect((EPOCH + zone + BigInt(tick)) % BigInt(every)).toBe(0n);
    }),
  );
});
