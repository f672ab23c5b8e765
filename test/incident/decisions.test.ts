import { expect, test } from 'vitest';
import { DECISIONS, NOBODY, PLACE, unseenShare } from '../../src/incident/decisions.ts';

test('each decision has a place of its own', () => {
  expect(DECISIONS.map((decision) => PLACE[decision])).toEqual(DECISIONS.map((_, at) => at));
});

test.each(DECISIONS)('%s: what was never seen is possible, and nothing is more than certain', (decision) => {
  for (const choice of [NOBODY, 'next', 'follows', 'a name that nobody chose']) {
    expect(unseenShare(decision, choice)).toBeGreaterThan(0);
    expect(unseenShare(decision, choice)).toBeLessThanOrEqual(1);
  }
});

test('an attempt is made rather than not, and a second one hardly ever waits beside it', () => {
  expect(unseenShare('again-1', 'next')).toBeLessThan(unseenShare('again-1', 'stop'));
  expect(unseenShare('beside', '10.0.0.1:80')).toBeLessThan(unseenShare('beside', NOBODY));
});
