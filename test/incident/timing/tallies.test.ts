import { expect, test } from 'vitest';
import { DECISION } from '../../../src/incident/timing/decisions.ts';
import { Habits } from '../../../src/incident/timing/habits.ts';
import { countOf, learnedRow, rowOf, shareOf, Tally } from '../../../src/incident/timing/tallies.ts';

const { first } = DECISION;

test('a choice is counted under all prefixes of the location', () => {
  const shop = new Habits().prefixesOf('10.0.0.1:80', 'h', '/shop/a');
  expect(rowOf(shop, first, 'A').learned).toBeUndefined();
  const { counts, tallies } = learnedRow(shop, first, 'A');
  for (const count of counts) if (count) count.of = 3;
  expect(tallies).toHaveLength(shop.habits.length);
  for (const [depth, tally] of tallies.entries()) expect(countOf(rowOf(shop, first, 'A'), tally, depth, 'A')).toBe(3);
  expect(learnedRow(shop, first, 'A').counts).toBe(counts);
});

test('a share leaves out what was taught by who asks', () => {
  const shop = new Habits().prefixesOf('10.0.0.1:80', 'h', '/shop/a');
  const { counts, tallies } = learnedRow(shop, first, 'A');
  const [count] = counts;
  const [tally = new Tally()] = tallies;
  if (count) count.of = 2;
  tally.total = 2;
  const row = { ...rowOf(shop, first, 'A'), wide: 0.5 };
  expect(shareOf(row, tally, first, 'A', undefined)).toBeCloseTo((2 + 0.35) / 2.7);
  const own = [{ decision: first, choice: 'A', weight: 1 }];
  expect(shareOf(row, tally, first, 'A', own)).toBeCloseTo((1 + 0.35) / 1.7);
});

test('of a choice for which there is no room, nothing is counted', () => {
  const tally = new Tally();
  for (let n = 0; n < 2000; n++) tally.room(`${n}`);
  expect(tally.room('0')).toBe(tally.of('0'));
  expect(tally.room('1999')).toBeUndefined();
});
