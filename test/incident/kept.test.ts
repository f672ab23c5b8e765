import { expect, test } from 'vitest';
import { keep } from '../../src/incident/kept.ts';

test('the latest are kept: what was put in longest ago goes, and what is put in again is young again', () => {
  const map = new Map<string, number>();
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    keep(map, key, value, 2);
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});
