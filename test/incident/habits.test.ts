import { expect, test } from 'vitest';
import { BRANCH_LIMIT, Habits, lessonOf, type Shape } from '../../src/incident/habits.ts';

const GATEWAY = '10.0.0.1:80';
const shape = (status: number): Shape => ({ attempts: 1, is502: status === 502, mismatch: false, againstRules: false });

test('a peer seen under a prefix costs less there than elsewhere', () => {
  const habits = new Habits();
  const shop = habits.prefixesOf(GATEWAY, 'h', '/shop/list?id=1');
  const other = habits.prefixesOf(GATEWAY, 'h', '/other?id=1');
  for (let i = 0; i < 5; i++) habits.learn(lessonOf(shop, ['10.0.0.7:80'], shape(200)), 1);
  for (let i = 0; i < 5; i++) habits.learn(lessonOf(other, ['10.0.0.8:80'], shape(200)), 1);
  expect(habits.peerCost(shop, '10.0.0.7:80', undefined)).toBeLessThan(
    habits.peerCost(other, '10.0.0.7:80', undefined),
  );
});

test('a location never seen is judged by the shorter prefix', () => {
  const habits = new Habits();
  habits.learn(lessonOf(habits.prefixesOf(GATEWAY, 'h', '/shop/a'), ['10.0.0.7:80'], shape(200)), 1);
  habits.learn(lessonOf(habits.prefixesOf(GATEWAY, 'h', '/blog/a'), ['10.0.0.8:80'], shape(200)), 1);
  const fresh = habits.prefixesOf(GATEWAY, 'h', '/shop/b');
  expect(habits.peerCost(fresh, '10.0.0.7:80', undefined)).toBeLessThan(
    habits.peerCost(fresh, '10.0.0.8:80', undefined),
  );
});

test('what is learned can be taken back exactly', () => {
  const habits = new Habits();
  const shop = habits.prefixesOf(GATEWAY, 'h', '/shop/a');
  habits.learn(lessonOf(shop, ['10.0.0.7:80'], shape(200)), 1);
  const cost = habits.peerCost(shop, '10.0.0.8:80', undefined);
  habits.learn(lessonOf(shop, ['10.0.0.8:80'], shape(502)), 1);
  habits.learn(lessonOf(shop, ['10.0.0.8:80'], shape(502)), -1);
  expect(habits.peerCost(shop, '10.0.0.8:80', undefined)).toBeCloseTo(cost, 9);
});

test('second segments that are never the same are names of things, not locations', () => {
  const habits = new Habits();
  for (let i = 0; i <= BRANCH_LIMIT; i++) habits.prefixesOf(GATEWAY, 'h', `/item/${i}`);
  const [longest] = habits.prefixesOf(GATEWAY, 'h', '/item/another').locations;
  expect(longest?.key).not.toContain('another');
});

test('hosts are different sites', () => {
  const habits = new Habits();
  const one = habits.prefixesOf(GATEWAY, 'one', '/a');
  const two = habits.prefixesOf(GATEWAY, 'two', '/a');
  habits.learn(lessonOf(one, ['10.0.0.7:80'], shape(200)), 1);
  habits.learn(lessonOf(two, ['10.0.0.8:80'], shape(200)), 1);
  expect(habits.peerCost(one, '10.0.0.7:80', undefined)).toBeLessThan(habits.peerCost(two, '10.0.0.7:80', undefined));
});

test('the path of an absolute target counts, not its scheme', () => {
  const habits = new Habits();
  expect(habits.prefixesOf(GATEWAY, 'h', 'http://h/shop/a?x')).toEqual(habits.prefixesOf(GATEWAY, 'h', '/shop/a?x'));
});

test('what a request taught itself does not make its own guess look like a habit', () => {
  const habits = new Habits();
  const shop = habits.prefixesOf(GATEWAY, 'h', '/shop/a');
  const before = habits.peerCost(shop, '10.0.0.7:80', undefined);
  const own = lessonOf(shop, ['10.0.0.7:80'], shape(502));
  habits.learn(own, 1);
  expect(habits.peerCost(shop, '10.0.0.7:80', own)).toBeCloseTo(before, 9);
  expect(habits.peerCost(shop, '10.0.0.7:80', undefined)).toBeLessThan(before);
});
