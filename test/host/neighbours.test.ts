import { describe, expect, test } from 'vitest';
import { newCounters } from '../../src/host/counters.ts';
import { HOST_LIMITS } from '../../src/host/limits.ts';
import { Neighbours } from '../../src/host/neighbours.ts';
import type { NeighbourSilent } from '../../src/model/connection.ts';
import { SECOND } from '../../src/model/time.ts';
import { words } from '../kit/segments.ts';

function neighbours(limit = HOST_LIMITS.neighbours) {
  const told: NeighbourSilent[] = [];
  const counters = newCounters();
  const station = new Neighbours(
    { neighbourSilent: (fact) => told.push(fact) },
    { ...HOST_LIMITS, neighbours: limit },
    counters,
  );
  let frame = 0;
  const say = (what: 'asks' | 'answers') => (at: number, asker: string, target: string) =>
    station.neighbour({ at, frame: ++frame, interfaceId: 0, what, asker: words(asker), target: words(target) });
  return { told, counters, asks: say('asks'), answers: say('answers'), tick: (now: number) => station.tick(now) };
}

describe('a neighbour', () => {
  test('asked for three times without an answer is silent, as far as can be seen', () => {
    const { told, asks } = neighbours();
    for (const at of [0, SECOND]) asks(at, '10.0.0.1', '10.0.0.7');
    expect(told).toEqual([]);
    asks(2 * SECOND, '10.0.0.1', '10.0.0.7');
    expect(told).toEqual([
      {
        asker: '10.0.0.1',
        target: '10.0.0.7',
        first: { at: 0, frame: 1 },
        last: { at: 2 * SECOND, frame: 3 },
        queries: 3,
      },
    ]);
  });

  test('that answers before the third question is not, over IPv6 neither', () => {
    const { told, asks, answers } = neighbours();
    for (const at of [0, SECOND]) asks(at, '2001:db8::1', '2001:db8::7');
    answers(SECOND + 1, '2001:db8::1', '2001:db8::7');
    asks(2 * SECOND, '2001:db8::1', '2001:db8::7');
    expect(told).toEqual([]);
  });

  test('that announces itself has answered everybody', () => {
    const { told, asks, answers } = neighbours();
    const all = (at: number): void => {
      asks(at, '10.0.0.1', '10.0.0.7');
      asks(at, '10.0.0.2', '10.0.0.7');
      asks(at, '10.0.0.2', '10.0.0.8');
    };
    for (const at of [0, SECOND]) all(at);
    answers(SECOND + 1, '10.0.0.7', '10.0.0.7');
    all(2 * SECOND);
    expect(told.map(({ target }) => target)).toEqual(['10.0.0.8']);
  });

  test('asked for again long after starts anew', () => {
    const { told, asks, tick } = neighbours();
    for (const at of [0, SECOND]) asks(at, '10.0.0.1', '10.0.0.7');
    tick(20 * SECOND);
    asks(20 * SECOND, '10.0.0.1', '10.0.0.7');
    expect(told).toEqual([]);
  });

  test('asked for less often was not waited for', () => {
    const { told, asks, tick } = neighbours();
    asks(0, '10.0.0.1', '10.0.0.7');
    asks(SECOND, '10.0.0.1', '10.0.0.7');
    tick(60 * SECOND);
    expect(told).toEqual([]);
  });

  test('asked for on and on is told of every three seconds', () => {
    const { told, asks } = neighbours();
    for (let second = 0; second < 10; second++) asks(second * SECOND, '10.0.0.1', '10.0.0.7');
    expect(told.map(({ first, queries }) => [first.at / SECOND, queries])).toEqual([
      [0, 3],
      [3, 3],
      [6, 3],
    ]);
  });

  test('who asks for its own address, or has none, wants no answer', () => {
    const { told, asks, tick } = neighbours();
    for (const at of [0, SECOND, 2 * SECOND]) {
      asks(at, '0.0.0.0', '10.0.0.7');
      asks(at, '::', 'fe80::1');
      asks(at, '10.0.0.7', '10.0.0.7');
    }
    tick(60 * SECOND);
    expect(told).toEqual([]);
  });

  test('too many at once: the one asked for longest ago goes', () => {
    const { told, counters, asks, tick } = neighbours(2);
    for (const at of [0, SECOND, 2 * SECOND]) {
      for (const target of at === 0 ? ['10.0.0.7', '10.0.0.8', '10.0.0.9'] : ['10.0.0.8', '10.0.0.9']) {
        asks(at, '10.0.0.1', target);
      }
    }
    tick(60 * SECOND);
    expect(told.map(({ target }) => target)).toEqual(['10.0.0.8', '10.0.0.9']);
    expect(counters.evicted).toBe(1);
  });
});
