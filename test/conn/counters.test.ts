import { expect, test } from 'vitest';
import { newCounters } from '../../src/conn/counters.ts';

test('everything counts from nought', () => {
  expect(new Set(Object.values(newCounters()))).toEqual(new Set([0]));
  expect(newCounters()).not.toBe(newCounters());
});
