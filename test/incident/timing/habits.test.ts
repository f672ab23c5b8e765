import { expect, test } from 'vitest';
import { DECISION, type Step } from '../../../src/incident/timing/decisions.ts';
import { BRANCH_LIMIT, Habits, Lesson, type Prefixes } from '../../../src/incident/timing/habits.ts';

const GATEWAY = '10.0.0.1:80';
const A = '10.0.0.7:80';
const B = '10.0.0.8:80';
const triedFirst = (choice: string): Step[] => [{ decision: DECISION.first, choice, weight: 1 }];
const shareOf = (habits: Habits, prefixes: Prefixes, peer: string, own?: readonly Step[]): number =>
  habits.share(prefixes, DECISION.first, peer, own);

test('a peer seen under a prefix is likelier there than elsewhere', () => {
  const habits = new Habits();
  const shop = habits.prefixesOf(GATEWAY, 'h', '/shop/list?id=1');
  const other = habits.prefixesOf(GATEWAY, 'h', '/other?id=1');
  for (let i = 0; i < 5; i++) habits.learn(new Lesson(shop, triedFirst(A)), 1);
  for (let i = 0; i < 5; i++) habits.learn(new Lesson(other, triedFirst(B)), 1);
  expect(shareOf(habits, shop, A)).toBeGreaterThan(shareOf(habits, other, A));
});

test('a location never seen is judged by the shorter prefix', () => {
  const habits = new Habits();
  habits.learn(new Lesson(habits.prefixesOf(GATEWAY, 'h', '/shop/a'), triedFirst(A)), 1);
  habits.learn(new Lesson(habits.prefixesOf(GATEWAY, 'h', '/blog/a'), triedFirst(B)), 1);
  const fresh = habits.prefixesOf(GATEWAY, 'h', '/shop/b');
  expect(shareOf(habits, fresh, A)).toBeGreaterThan(shareOf(habits, fresh, B));
});

test('what is learned can be taken back exactly', () => {
  const habits = new Habits();
  const shop = habits.prefixesOf(GATEWAY, 'h', '/shop/a');
  habits.learn(new Lesson(shop, triedFirst(A)), 1);
  const share = shareOf(habits, shop, B);
  habits.learn(new Lesson(shop, triedFirst(B)), 1);
  habits.learn(new Lesson(shop, triedFirst(B)), -1);
  expect(shareOf(habits, shop, B)).toBeCloseTo(share, 9);
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
  habits.learn(new Lesson(one, triedFirst(A)), 1);
  habits.learn(new Lesson(two, triedFirst(B)), 1);
  expect(shareOf(habits, one, A)).toBeGreaterThan(shareOf(habits, two, A));
});

test('the path of an absolute target counts, not its scheme', () => {
  const habits = new Habits();
  expect(habits.prefixesOf(GATEWAY, 'h', 'http://h/shop/a?x')).toEqual(habits.prefixesOf(GATEWAY, 'h', '/shop/a?x'));
});

test('what a request taught itself does not make its own guess look like a habit', () => {
  const habits = new Habits();
  const shop = habits.prefixesOf(GATEWAY, 'h', '/shop/a');
  const before = shareOf(habits, shop, A);
  habits.learn(new Lesson(shop, triedFirst(A)), 1);
  expect(shareOf(habits, shop, A, triedFirst(A))).toBeCloseTo(before, 9);
  expect(shareOf(habits, shop, A)).toBeGreaterThan(before);
});

test('a guess counts by its weight', () => {
  const habits = new Habits();
  const [sure, guessed] = [habits.prefixesOf(GATEWAY, 'h', '/sure'), habits.prefixesOf(GATEWAY, 'h', '/guessed')];
  habits.learn(new Lesson(sure, triedFirst(A)), 1);
  habits.learn(new Lesson(guessed, [{ decision: DECISION.first, choice: A, weight: 0.1 }]), 1);
  expect(shareOf(habits, sure, A)).toBeGreaterThan(shareOf(habits, guessed, A));
});

test('decisions are apart: going on after a failure says nothing of peers', () => {
  const habits = new Habits();
  const shop = habits.prefixesOf(GATEWAY, 'h', '/shop');
  const before = shareOf(habits, shop, A);
  habits.learn(new Lesson(shop, [{ decision: DECISION['again-1'], choice: 'next', weight: 1 }]), 1);
  expect(shareOf(habits, shop, A)).toBe(before);
  expect(habits.share(shop, DECISION['again-1'], 'next', undefined)).toBeGreaterThan(0.5);
});

test('what is taught again and again counts each time, whenever somebody asks', () => {
  const [often, one] = [new Habits(), new Habits()];
  const lesson = (habits: Habits, choice = A) =>
    new Lesson(habits.prefixesOf(GATEWAY, 'h', '/shop'), triedFirst(choice));
  const shared = lesson(often);
  for (let n = 0; n < 3; n++) often.learn(shared, 1);
  often.learn(shared, -1);
  for (let n = 0; n < 2000; n++) often.learn(lesson(often, `${n}`), 1);
  for (let n = 0; n < 2; n++) one.learn(lesson(one), 1);
  for (let n = 0; n < 2000; n++) {
    one.learn(lesson(one, `${n}`), 1);
    shareOf(one, lesson(one).prefixes, `${n}`);
  }
  expect(shareOf(often, shared.prefixes, A)).toBeCloseTo(shareOf(one, lesson(one).prefixes, A), 9);
});
