import { describe, expect, test } from 'vitest';
import { attach, type Front } from '../../src/incident/front.ts';
import { PeerStates } from '../../src/incident/no-live.ts';
import { Habits } from '../../src/incident/timing/habits.ts';
import { endpoint } from '../../src/model/endpoint.ts';
import { type AttemptPlan, moment } from '../kit/incidents.ts';
import { type FrontPlan, front, use } from './facets.ts';

const A = endpoint('10.0.0.7', 80);
const B = endpoint('10.0.0.8', 80);
const C = endpoint('10.0.0.9', 80);
const habits = new Habits();

/** A request of one location with these attempts, each tied for sure. */
function tried(plans: readonly AttemptPlan[], plan: FrontPlan = {}): Front {
  const one = front({ answeredMs: 5, ...plan }, habits);
  for (const each of plans) attach(one, { ...use(each), fixed: true });
  return one;
}

const reset = (peer = A): AttemptPlan => ({ peer, server: 'rst' });
/** A request that is settled. */
function learn(states: PeerStates, settled: Front, id: string): void {
  const exchange = { ...settled.exchange, id: IDS.size };
  states.observe(settled);
  states.foresee([{ ...settled, exchange, settled: true }]);
  states.reach(Number.POSITIVE_INFINITY);
  IDS.set(exchange.id, id);
}

const IDS = new Map<number, string>();
const idOf = (exchange: number): string => IDS.get(exchange) ?? '';

const later = (ms: number, plan: FrontPlan = {}): Front =>
  tried([], { request: { head: moment(ms), end: moment(ms) }, answeredMs: ms + 1, ...plan });

describe('a 502 without an attempt', () => {
  test('had nobody to try where every peer of its location failed before, and the chain says whose', () => {
    const states = new PeerStates();
    learn(states, tried([reset(A), reset(B)]), 'i-1');
    expect(states.noLive(later(500), idOf)).toMatchObject({
      chain: [
        { id: 'i-1', peer: '10.0.0.7:80' },
        { id: 'i-1', peer: '10.0.0.8:80' },
      ],
      sure: true,
      afterStaleKeepalive: false,
    });
  });

  test('names the latest failure of each peer, oldest first', () => {
    const states = new PeerStates();
    learn(states, tried([reset(A), reset(B)]), 'i-1');
    const again: AttemptPlan = { peer: A, server: 'rst', request: { end: moment(100) } };
    learn(states, tried([again], { request: { head: moment(99), end: moment(99) }, answeredMs: 102 }), 'i-2');
    expect(states.noLive(later(500), idOf)?.chain.map(({ id, peer }) => `${id} ${peer}`)).toEqual([
      'i-1 10.0.0.8:80',
      'i-2 10.0.0.7:80',
    ]);
  });

  test('is only believed where the failures are tied by timing', () => {
    const states = new PeerStates();
    const guessed = tried([reset(A), reset(B)]);
    for (const each of guessed.uses) each.fixed = false;
    learn(states, guessed, 'i-1');
    expect(states.noLive(later(500), idOf)?.sure).toBe(false);
  });

  test('began with a kept-alive connection, where the first failure was on one', () => {
    const states = new PeerStates();
    learn(
      states,
      tried([
        { ...reset(A), reused: true },
        { ...reset(B), afterRequestMs: 2 },
      ]),
      'i-1',
    );
    expect(states.noLive(later(500), idOf)?.afterStaleKeepalive).toBe(true);
  });

  test('knows of failures that a request met whose own answer came later, and of none that came later still', () => {
    const states = new PeerStates();
    const early = { ...tried([reset(A), reset(B)]), settled: true };
    states.observe(early);
    states.foresee([early]);
    expect(states.noLive(later(500), idOf)).toBeUndefined();
    states.reach(moment(400).frame);
    expect(states.noLive(later(500), idOf)?.chain.map(({ peer }) => peer)).toEqual(['10.0.0.7:80', '10.0.0.8:80']);
  });

  test('has a group of all peers that its whole location was seen to use, one at a time', () => {
    const states = new PeerStates();
    learn(states, tried([reset(A)]), 'i-1');
    learn(states, tried([reset(B)]), 'i-2');
    const elsewhere = tried([], { answeredMs: 501, request: { head: moment(500), end: moment(500) } });
    expect(states.noLive(elsewhere, idOf)?.chain.map(({ id }) => id)).toEqual(['i-1', 'i-2']);
  });

  test('had somebody where one peer never failed', () => {
    const states = new PeerStates();
    learn(states, tried([reset(A), { peer: B, response: {} }], { status: 200 }), 'm-1');
    expect(states.noLive(later(500), idOf)).toBeUndefined();
  });

  test('had nobody still where a request of the location was once given an attempt at a stranger', () => {
    const states = new PeerStates();
    for (const id of ['i-1', 'i-2', 'i-3']) learn(states, tried([reset(A), reset(B)]), id);
    const stray = tried([{ peer: C, response: {} }], { status: 200 });
    for (const each of stray.uses) each.fixed = false;
    learn(states, stray, '');
    expect(states.noLive(later(500), idOf)?.chain.map(({ peer }) => peer)).toEqual(['10.0.0.7:80', '10.0.0.8:80']);
  });

  test('had somebody again a minute after the failures', () => {
    const states = new PeerStates();
    learn(states, tried([reset(A), reset(B)]), 'i-1');
    expect(states.noLive(later(59_000), idOf)).toBeDefined();
    expect(states.noLive(later(61_000), idOf)).toBeUndefined();
  });

  test('had somebody in a group of one, which is never disabled', () => {
    const states = new PeerStates();
    learn(states, tried([reset(A)]), 'i-1');
    expect(states.noLive(later(500), idOf)).toBeUndefined();
  });

  test('of another location says nothing', () => {
    const states = new PeerStates();
    learn(states, tried([reset(A), reset(B)]), 'i-1');
    expect(states.noLive(later(500, { request: { target: '/elsewhere', head: moment(500) } }), idOf)).toBeUndefined();
  });
});

describe('a 502 after attempts', () => {
  const known = (): PeerStates => {
    const states = new PeerStates();
    learn(states, tried([reset(A), reset(B)]), 'i-1');
    return states;
  };

  test('at its only peer, on a kept-alive connection and a new one, still had somebody to try', () => {
    const attempts = [
      { ...reset(A), reused: true },
      { ...reset(A), afterRequestMs: 2 },
    ];
    expect(new PeerStates().noLive(tried(attempts), idOf)).toBeUndefined();
  });

  test('had nobody left, where the peer that it did not try had failed before', () => {
    expect(known().noLive(tried([reset(A)]), idOf)?.chain).toMatchObject([{ id: 'i-1', peer: '10.0.0.8:80' }]);
  });

  test('had tried everybody, where no other peer is known', () => {
    expect(known().noLive(tried([reset(A), reset(B)]), idOf)).toBeUndefined();
  });

  test('was not passed on, where its POST had been sent', () => {
    expect(known().noLive(tried([reset(A)], { request: { method: 'POST' } }), idOf)).toBeUndefined();
  });

  test('was not passed on, where its last attempt was answered', () => {
    expect(known().noLive(tried([{ peer: A, response: { status: 502 } }]), idOf)).toBeUndefined();
  });

  test('had somebody left, where the peer that it did not try lives', () => {
    const states = known();
    learn(states, tried([{ peer: C, response: {} }], { status: 200 }), '');
    learn(states, tried([reset(A), { peer: C, response: {} }], { status: 200 }), 'm-1');
    expect(states.noLive(tried([reset(A), reset(B)]), idOf)).toBeUndefined();
  });

  test('may have had another peer left that was considered down, though nothing was seen of its failure', () => {
    const states = new PeerStates();
    learn(states, tried([reset(A), { peer: B, response: {} }], { status: 200 }), 'm-1');
    const last = tried([reset(A)]);
    expect(states.noLive(last, idOf)).toBeUndefined();
    expect(states.mayHaveOthers(last)).toBe(true);
    expect(states.mayHaveOthers(tried([reset(A), reset(B)]))).toBe(false);
    expect(states.mayHaveOthers(tried([reset(A)], { request: { method: 'POST' } }))).toBe(false);
  });

  test('may have had a peer left that so far only another location below the same directory was seen to try', () => {
    const states = new PeerStates();
    learn(states, tried([{ peer: B, response: {} }], { status: 200, request: { target: '/api/other' } }), '');
    expect(states.mayHaveOthers(tried([reset(A)], { request: { target: '/api/this' } }))).toBe(true);
    expect(states.mayHaveOthers(tried([reset(A)], { request: { target: '/elsewhere/this' } }))).toBe(false);
  });
});
