import { expect, test } from 'vitest';
import type { Front, Use } from '../../../src/incident/front.ts';
import { Gaps } from '../../../src/incident/timing/densities.ts';
import { Habits } from '../../../src/incident/timing/habits.ts';
import { Ledger } from '../../../src/incident/timing/ledger.ts';
import { Relocation } from '../../../src/incident/timing/relocation.ts';
import { Turns } from '../../../src/incident/timing/turns.ts';
import { endpoint } from '../../../src/model/endpoint.ts';
import { moment } from '../../kit/incidents.ts';
import { front, refused } from '../facets.ts';

const A = endpoint('10.0.0.7', 9000);
const B = endpoint('10.0.0.8', 9000);

/** Requests of two locations that waited at the same time, and two refusals: the first one's, by their time. */
function round(ms: number, habits: Habits): { group: Front; other: Front; uses: Use[] } {
  const asked = (target: string, answeredMs: number): Front =>
    front({ request: { target, head: moment(ms), end: moment(ms) }, answeredMs }, habits);
  const [group, other] = [asked('/group/a', ms + 1), asked('/other/a', ms + 8)];
  const uses = [refused(ms + 0.2, A), refused(ms + 0.4, B)];
  for (const each of uses) each.likely = [group, other];
  return { group, other, uses };
}

const targetsOf = (uses: readonly Use[]): Set<string | undefined> =>
  new Set(uses.map((each) => each.front?.exchange.request?.target));

test('attempts at one peer, scattered over locations, end up in one', () => {
  const habits = new Habits();
  const ledger = new Ledger({ gaps: new Gaps(), habits }, new Turns([]));
  const rounds = [0, 100, 200, 300].map((ms) => round(ms, habits));
  for (const [n, { group, other, uses }] of rounds.entries()) {
    ledger.teach(group);
    ledger.teach(other);
    for (const each of uses) ledger.place(each, n === 0 ? other : group);
  }
  const uses = rounds.flatMap((each) => each.uses);
  expect(new Relocation(uses, ledger).run()).toBeGreaterThan(0);
  expect(targetsOf(uses)).toEqual(new Set(['/group/a']));
});

test('where nothing is better, everything stays where it was', () => {
  const habits = new Habits();
  const ledger = new Ledger({ gaps: new Gaps(), habits }, new Turns([]));
  const rounds = [0, 100, 200].map((ms) => round(ms, habits));
  for (const { group, other, uses } of rounds) {
    ledger.teach(other);
    for (const each of uses) ledger.place(each, group);
  }
  const uses = rounds.flatMap((each) => each.uses);
  const before = ledger.together(new Set(rounds.map(({ group }) => group)));
  expect(new Relocation(uses, ledger).run()).toBe(0);
  expect(targetsOf(uses)).toEqual(new Set(['/group/a']));
  expect(ledger.together(new Set(rounds.map(({ group }) => group)))).toBeCloseTo(before, 9);
});
