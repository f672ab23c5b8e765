import { expect, test } from 'vitest';
import { BRANCH_LIMIT, Habits, shapeOf } from '../../src/incident/habits.ts';

const GATEWAY = '10.0.0.1:80';

test('a peer seen under a prefix costs less there than elsewhere', () => {
  const habits = new Habits();
  const shop = habits.prefixesOf(GATEWAY, 'h', '/shop/list?id=1');
  const other = habits.prefixesOf(GATEWAY, 'h', '/other?id=1');
  for (let i = 0; i < 5; i++) habits.learn(shop, ['10.0.0.7:80'], shapeOf(1, 200), 1);
  for (let i = 0; i < 5; i++) habits.learn(other, ['10.0.0.8:80'], shapeOf(1, 200), 1);
  expect(habits.peerCost(shop, '10.0.0.7:80')).toBeLessThan(habits.peerCost(other, '10.0.0.7:80'));
});

test('a location never seen is judged by the shorter prefix', () => {
  const habits = new Habits();
  habits.learn(habits.prefixesOf(GATEWAY, 'h', '/shop/a'), ['10.0.0.7:80'], shapeOf(1, 200), 1);
  habits.learn(habits.prefixesOf(GATEWAY, 'h', '/blog/a'), ['10.0.0.8:80'], shapeOf(1, 200), 1);
  const fresh = habits.prefixesOf(GATEWAY, 'h', '/shop/b');
  expect(habits.peerCost(fresh, '10.0.0.7:80')).toBeLessThan(habits.peerCost(fresh, '10.0.0.8:80'));
});

test('what is learned can be taken back exactly', () => {
  const habits = new Habits();
  const shop = habits.prefixesOf(GATEWAY, 'h', '/shop/a');
  habits.learn(shop, ['10.0.0.7:80'], shapeOf(1, 200), 1);
  const cost = habits.peerCost(shop, '10.0.0.8:80');
  habits.learn(shop, ['10.0.0.8:80'], shapeOf(2, 502), 1);
  habits.learn(shop, ['10.0.0.8:80'], shapeOf(2, 502), -1);
  expect(habits.peerCost(shop, '10.0.0.8:80')).toBeCloseTo(cost, 9);
});

test('second segments that are never the same are names of things, not locations', () => {
  const habits = new Habits();
  for (let i = 0; i <= BRANCH_LIMIT; i++) habits.prefixesOf(GATEWAY, 'h', `/item/${i}`);
  const [longest] = habits.prefixesOf(GATEWAY, 'h', '/item/another').keys;
  expect(longest).not.toContain('another');
});

test('hosts are different sites', () => {
  const habits = new Habits();
  habits.learn(habits.prefixesOf(GATEWAY, 'one', '/a'), ['10.0.0.7:80'], shapeOf(1, 200), 1);
  expect(habits.peersOf(habits.prefixesOf(GATEWAY, 'two', '/a'), 1)).toEqual([]);
  expect(habits.peersOf(habits.prefixesOf(GATEWAY, 'one', '/a'), 1)).toEqual(['10.0.0.7:80']);
});

test('the path of an absolute target counts, not its scheme', () => {
  const habits = new Habits();
  expect(habits.prefixesOf(GATEWAY, 'h', 'http://h/shop/a?x')).toEqual(habits.prefixesOf(GATEWAY, 'h', '/shop/a?x'));
});
