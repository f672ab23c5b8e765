import { expect, test } from 'vitest';
import { DECISION, DECISION_NAMES, NOBODY, unseenShare } from '../../../src/incident/timing/decisions.ts';

test('each decision is the place of its name', () => {
  expect(DECISION_NAMES.map((name) => DECISION[name])).toEqual(DECISION_NAMES.map((_, at) => at));
});

test.each(DECISION_NAMES)('%s: what was never seen is possible, and nothing is more than certain', (name) => {
  for (const choice of [NOBODY, 'next', 'follows', 'a name that nobody chose']) {
    expect(unseenShare(DECISION[name], choice)).toBeGreaterThan(0);
    expect(unseenShare(DECISION[name], choice)).toBeLessThanOrEqual(1);
  }
});

test('an attempt is made rather than not, and a second one hardly ever waits beside it', () => {
  expect(unseenShare(DECISION['again-1'], 'next')).toBeLessThan(unseenShare(DECISION['again-1'], 'stop'));
  expect(unseenShare(DECISION.beside, '10.0.0.1:80')).toBeLessThan(unseenShare(DECISION.beside, NOBODY));
});
