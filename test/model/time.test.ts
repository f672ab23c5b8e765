import { expect, test } from 'vitest';
import { elapsed } from '../../src/model/time.ts';

test('the time between two moments is that of the capture', () => {
  expect(elapsed({ at: 5, frame: 1 }, { at: 12, frame: 2 })).toBe(7);
  expect(elapsed({ at: 5, frame: 1 }, { at: 5, frame: 2 })).toBe(0);
});

test('where the clock was set back in between it is not known', () => {
  expect(elapsed({ at: 5, frame: 1 }, { at: 4, frame: 2 })).toBeUndefined();
});
