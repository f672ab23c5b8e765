import { expect, test } from 'vitest';
import { Share } from '../../src/commands/share.ts';

test("a second's share may be used at once, more is rested off, and idleness is not saved up", () => {
  const tenth = new Share(10);
  expect(tenth.rest(1000, 500)).toBe(0);
  expect(tenth.rest(1100, 600)).toBe(0);
  expect(tenth.rest(1300, 800)).toBe(2700);
  expect(tenth.rest(4000, 800)).toBe(0);
  expect(tenth.rest(100_000, 800)).toBe(0);
  expect(tenth.rest(101_000, 1800)).toBe(9000);
});

test('whoever always wants more gets the share', () => {
  const tenth = new Share(10);
  let used = 0;
  for (let now = 0; now < 100_000; now += 20) if (tenth.rest(now, used) === 0) used += 20;
  expect(used).toBeGreaterThan(9500);
  expect(used).toBeLessThanOrEqual(10_200);
});
