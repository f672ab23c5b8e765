import { expect, test } from 'vitest';
import { givenUp, isGivenUp } from '../../src/sinks/given-up.ts';

test('counters of what a full table kept out are told from all others, and only where there are any', () => {
  const counters = { 'connections.evicted': 7, 'connections.turnedAway': 0, 'wire.frames': 9, 'kernel.leftOut': 5 };
  expect(givenUp(counters)).toEqual([['connections.evicted', 7]]);
  expect(Object.keys(counters).filter(isGivenUp)).toEqual(['connections.evicted', 'connections.turnedAway']);
});
