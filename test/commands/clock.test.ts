import { expect, test } from 'vitest';
import { captureTime, monotonicTime } from '../../src/commands/clock.ts';

test('the steady clock does not go back', () => {
  const before = monotonicTime();
  expect(monotonicTime()).toBeGreaterThanOrEqual(before);
});

test('capture time is the time since the epoch of the capture, by the wall clock', () => {
  const before = Date.now();
  const now = captureTime(0n) / 1e6;
  // The steady clock of the process and that of the wall are set against each other once, at its start.
  expect(Math.abs(now - before)).toBeLessThan(60_000);
  expect(captureTime(BigInt(before) * 1_000_000n)).toBeLessThan(60e9);
});
