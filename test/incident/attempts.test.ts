import { expect, test } from 'vitest';
import { Attempts, CANDIDATE_LIMIT, USE_LIMIT } from '../../src/incident/attempts.ts';
import type { IncidentCounters } from '../../src/incident/counters.ts';
import { attach, type Front, isQuestioned } from '../../src/incident/front.ts';
import { Gateways } from '../../src/incident/gateways.ts';
import { OpenFronts } from '../../src/incident/identity/open-fronts.ts';
import { endpoint } from '../../src/model/endpoint.ts';
import { moment } from '../kit/incidents.ts';
import { front, refused, use } from './facets.ts';

function attemptsOf(...fronts: readonly Front[]): {
  attempts: Attempts;
  counters: IncidentCounters;
  givenUp: readonly number[];
} {
  const counters: IncidentCounters = { requests: 0, incidents: 0, masked: 0, unclaimed: 0, veiled: 0, overLimit: 0 };
  const open = new OpenFronts();
  for (const each of fronts) open.add(each);
  const givenUp: number[] = [];
  return { attempts: new Attempts(new Gateways([]), open, counters, (at) => givenUp.push(at)), counters, givenUp };
}

const waiting = (n: number): Front => front({ client: endpoint('127.0.0.1', 30_000 + n) });

test('an attempt that names a request that no other one has is its own at once', () => {
  const one = front({ request: { target: '/only' } });
  const { attempts } = attemptsOf(one);
  attempts.asked(use({ request: { target: '/only' } }).exchange);
  expect(one.uses).toMatchObject([{ fixed: true, named: true }]);
  expect(attempts.questioned()).toEqual([]);
});

test('a refused connection is open to question among all that wait, until they are settled', () => {
  const fronts = [waiting(1), waiting(2)];
  const { attempts, counters } = attemptsOf(...fronts);
  attempts.closing(refused(1).exchange);
  expect(attempts.questioned().map(({ candidates }) => candidates)).toEqual([fronts]);
  for (const each of fronts) each.settled = true;
  attempts.keep(attempts.questioned());
  expect(attempts.questioned()).toEqual([]);
  expect(attempts.uses.size).toBe(0);
  expect(counters.unclaimed).toBe(1);
});

test('what is given to a settled request by timing is remembered by those who still wait', () => {
  const [first, second, third] = [waiting(1), waiting(2), waiting(3)];
  const { attempts } = attemptsOf(first, second, third);
  attempts.closing(refused(1).exchange);
  const [given] = attempts.questioned();
  if (given) attach(first, given);
  first.settled = third.settled = true;
  attempts.keep(attempts.questioned());
  expect(attempts.questioned()).toEqual([]);
  const tried = { exchange: given?.exchange, outcome: given?.outcome };
  expect([first, second, third].map(({ givenAway }) => givenAway)).toEqual([[], [tried], []]);
});

test('one for which nobody waits belongs to nobody, and is counted', () => {
  const { attempts, counters } = attemptsOf();
  attempts.ended(refused(1).exchange);
  expect(attempts.questioned()).toEqual([]);
  expect(counters.unclaimed).toBe(1);
});

test('of many that wait, those who began last are asked', () => {
  const fronts = Array.from({ length: CANDIDATE_LIMIT + 1 }, (_, n) => waiting(n));
  const { attempts } = attemptsOf(...fronts);
  attempts.closing(refused(1).exchange);
  expect(attempts.questioned()[0]?.candidates).toEqual(fronts.slice(1));
});

test('past the limit the oldest in question is given up, counted, and told with the time at which it began', () => {
  const { attempts, counters, givenUp } = attemptsOf(waiting(1));
  for (let n = 0; n <= USE_LIMIT; n++) {
    const { exchange } = refused(1 + n / USE_LIMIT);
    attempts.closing({ ...exchange, id: n });
  }
  expect(attempts.questioned().length).toBe(USE_LIMIT);
  expect(counters.overLimit).toBe(1);
  expect(givenUp).toEqual([refused(1).exchange.start.at]);
});

/** A rewritten target names its request by its tail only: that alone is no proof. */
const rewritten = (n: number, plan: Parameters<typeof use>[0] = {}) =>
  use({
    request: { target: `/files/page?id=${n}` },
    response: { start: moment(0.5), head: moment(0.5), status: 200 },
    exchange: { id: 100 + n, start: moment(0.1 + n / 100) },
    ...plan,
  }).exchange;
const asksFor = (n: number): Front =>
  front({ request: { target: `/once/page?id=${n}` }, client: waiting(n).exchange.client });

function answer(one: Front, status = 200): void {
  one.answered = moment(1);
  one.status = status;
}

test('an attempt that only one request could have made, answered alike, is settled with it', () => {
  const one = asksFor(1);
  const { attempts } = attemptsOf(one);
  attempts.asked(rewritten(1));
  expect(attempts.questioned().length).toBe(1);
  answer(one);
  attempts.settlePlain(one);
  expect(attempts.questioned()).toEqual([]);
  expect(one.uses).toMatchObject([{ plain: true, fixed: false, named: false }]);
  expect(isQuestioned(one)).toBe(false);
});

test('it stays in question where the answers differ, where another could have made it, and where it is one of two', () => {
  const [differs, one, other, twice] = [asksFor(1), asksFor(2), asksFor(2), asksFor(3)] as const;
  const { attempts } = attemptsOf(differs, one, other, twice);
  for (const each of [rewritten(1), rewritten(2), rewritten(3), { ...rewritten(3), id: 200 }]) attempts.asked(each);
  answer(differs, 404);
  for (const each of [one, other, twice]) answer(each);
  for (const each of [differs, one, other, twice]) attempts.settlePlain(each);
  expect(attempts.questioned().length).toBe(4);
});

test('a failure that anybody may have met leaves its request in question', () => {
  const one = asksFor(1);
  const { attempts } = attemptsOf(one);
  attempts.closing(refused(0.05).exchange);
  attempts.asked(rewritten(1));
  answer(one);
  attempts.settlePlain(one);
  expect(one.uses).toMatchObject([{ plain: true }]);
  expect(isQuestioned(one)).toBe(true);
});
