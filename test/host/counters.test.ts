import { expect, test } from 'vitest';
import { newCounters } from '../../src/host/counters.ts';

test('everything counts from nought', () => {
  expect(newCounters()).toEqual({ malformed: 0, unasked: 0, evicted: 0 });
});
