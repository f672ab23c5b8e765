import { expect, test } from 'vitest';
import { UNCLAIMED } from '../../../src/incident/timing/chain.ts';
import { DECISION } from '../../../src/incident/timing/decisions.ts';
import { Gaps } from '../../../src/incident/timing/densities.ts';
import { Habits } from '../../../src/incident/timing/habits.ts';
import { Ledger } from '../../../src/incident/timing/ledger.ts';
import { Turns } from '../../../src/incident/timing/turns.ts';
import { front, use } from '../facets.ts';

function books() {
  const habits = new Habits();
  return { ledger: new Ledger({ gaps: new Gaps(), habits }, new Turns([])), habits };
}

test('adding a use and taking it away again cancel out', () => {
  const { ledger } = books();
  const home = front();
  const attempt = use({ server: 'refuses' });
  const added = ledger.adding(attempt, home);
  ledger.place(attempt, home);
  expect(ledger.taking(attempt)).toBeCloseTo(-added, 9);
});

test('a use that is nobody’s costs the same until somebody takes it', () => {
  const { ledger } = books();
  expect(ledger.taking(use({ server: 'refuses' }))).toBe(-UNCLAIMED);
});

test('trading two uses costs what taking and adding them would', () => {
  const { ledger } = books();
  const [one, other] = [front(), front()];
  const [a, b] = [use({ server: 'refuses' }), use({ server: 'refuses' })];
  ledger.place(a, one);
  ledger.place(b, other);
  const trade = ledger.trading(a, b);
  ledger.place(a, other);
  ledger.place(b, one);
  expect(ledger.trading(a, b)).toBeCloseTo(-trade, 9);
});

test('together, chains of one kind cost less than each for itself: the first is a precedent', () => {
  const { ledger } = books();
  const habits = new Habits();
  const alike = [0, 1].map(() => front({ answeredMs: 1 }, habits));
  const shared = new Ledger({ gaps: new Gaps(), habits }, new Turns([]));
  const alone = alike.map((one) => ledger.together(new Set([one])));
  expect(shared.together(new Set(alike))).toBeLessThan((alone[0] ?? 0) + (alone[1] ?? 0));
});

test('what is taken back leaves no trace in the habits', () => {
  const { ledger, habits } = books();
  const one = front({ answeredMs: 1 }, habits);
  const share = (): number => habits.share(one.prefixes, DECISION.first, '-', undefined);
  const before = share();
  ledger.teach(one);
  expect(share()).toBeGreaterThan(before);
  ledger.close();
  expect(share()).toBeCloseTo(before, 9);
});

test('a move whose chains alone cost far more than the limit is not priced further', () => {
  const { ledger } = books();
  const [home, worse] = [front(), front({ answeredMs: 0.01 })];
  const attempt = use({ server: 'refuses' });
  ledger.place(attempt, home);
  const whole = ledger.moving(attempt, worse);
  expect(Number.isFinite(whole)).toBe(true);
  expect(ledger.moving(attempt, worse, whole)).toBe(whole);
  expect(ledger.moving(attempt, worse, whole - 100)).toBe(Number.POSITIVE_INFINITY);
});
