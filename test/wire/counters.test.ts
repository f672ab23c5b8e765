import { expect, test } from 'vitest';
import { wireCounters } from '../../src/wire/counters.ts';
import { LAYERS } from '../../src/wire/walk.ts';
import { outcomeOf } from './decoded.ts';

test('all counters begin at 0, one for each layer that can be malformed', () => {
  const counters = wireCounters();
  expect(outcomeOf(counters)).toBe('');
  expect(Object.keys(counters.malformed)).toEqual([...LAYERS]);
});
