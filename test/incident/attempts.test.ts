import { expect, test } from 'vitest';
import { Attempts, CANDIDATE_LIMIT, USE_LIMIT } from '../../src/incident/attempts.ts';
import type { IncidentCounters } from '../../src/incident/counters.ts';
import type { Front } from '../../src/incident/front.ts';
import { Gateways } from '../../src/incident/gateways.ts';
import { OpenFronts } from '../../src/incident/open-fronts.ts';
import { endpoint } from '../../src/model/endpoint.ts';
import { front, refused, use } from './facets.ts';

function attemptsOf(...fronts: readonly Front[]): { attempts: Attempts; counters: IncidentCounters } {
  const counters: IncidentCounters = { requests: 0, incidents: 0, masked: 0, unclaimed: 0, overLimit: 0 };
  const open = new OpenFronts();
  for (const each of fronts) open.add(each);
  return { attempts: new Attempts(new Gateways([]), open, counters), counters };
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

test('past the limit the oldest in question is given up, and counted', () => {
  const { attempts, counters } = attemptsOf(waiting(1));
  for (let n = 0; n <= USE_LIMIT; n++) {
    const { exchange } = refused(1);
    attempts.closing({ ...exchange, id: n });
  }
  expect(attempts.questioned().length).toBe(USE_LIMIT);
  expect(counters.overLimit).toBe(1);
});
