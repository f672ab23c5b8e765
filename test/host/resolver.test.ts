import { describe, expect, test } from 'vitest';
import { newCounters } from '../../src/host/counters.ts';
import { HOST_LIMITS, RESOLVER_TIME } from '../../src/host/limits.ts';
import { Resolver } from '../../src/host/resolver.ts';
import type { ResolverAnswer } from '../../src/model/connection.ts';
import type { Unreachable } from '../../src/model/segment.ts';
import { SECOND } from '../../src/model/time.ts';
import { socket } from '../kit/segments.ts';
import { type DnsFields, datagram, dns } from './dns-messages.ts';

const GATEWAY = '10.0.0.1:40000';
const SERVER = '10.0.0.53:53';

function resolver(questions = HOST_LIMITS.questions) {
  const told: ResolverAnswer[] = [];
  const counters = newCounters();
  const station = new Resolver({ resolved: (answer) => told.push(answer) }, { ...HOST_LIMITS, questions }, counters);
  let frame = 0;
  return {
    told,
    counters,
    tick: (now: number) => station.tick(now),
    ask: (at: number, fields: DnsFields = {}, from = GATEWAY) =>
      station.datagram(datagram(from, SERVER, dns(fields), at, ++frame)),
    answer: (at: number, fields: DnsFields = {}, to = GATEWAY) =>
      station.datagram(datagram(SERVER, to, dns({ answer: true, ...fields }), at, ++frame)),
    octets: (octets: Uint8Array) => station.datagram(datagram(GATEWAY, SERVER, octets)),
    unreachable: (at: number, change: Partial<Unreachable> = {}) =>
      station.unreachable({
        at,
        frame: ++frame,
        interfaceId: 0,
        version: 4,
        reporter: socket(SERVER).address,
        code: 3,
        quotedProtocol: 17,
        source: socket(GATEWAY).address,
        sourcePort: 40000,
        destination: socket(SERVER).address,
        destinationPort: 53,
        ...change,
      }),
  };
}

describe('a question to a resolver', () => {
  test('is answered with addresses', () => {
    const { told, ask, answer } = resolver();
    ask(SECOND);
    answer(SECOND + 5, { records: [5, 1, 1] });
    expect(told).toMatchObject([
      {
        asker: { address: '10.0.0.1', port: 40000, text: GATEWAY },
        server: { address: '10.0.0.53', port: 53, text: SERVER },
        name: 'php.internal',
        asked: { at: SECOND, frame: 1 },
        outcome: 0,
        answered: { at: SECOND + 5, frame: 2 },
        addresses: 2,
      },
    ]);
  });

  test('for A and one for AAAA are told each by itself', () => {
    const { told, ask, answer } = resolver();
    ask(0, { id: 1, type: 1 });
    ask(0, { id: 2, type: 28 });
    answer(1, { id: 2, type: 28, rcode: 3 });
    answer(2, { id: 1, type: 1, rcode: 3 });
    expect(told.map(({ outcome, asked }) => [outcome, asked.frame])).toEqual([
      [3, 2],
      [3, 1],
    ]);
  });

  test('may be answered in other letters, not under another name, id or port', () => {
    const { told, counters, ask, answer } = resolver();
    ask(0);
    answer(1, { name: 'other.internal' });
    answer(1, { id: 2 });
    answer(1, {}, '10.0.0.1:40001');
    expect(told).toEqual([]);
    answer(2, { name: 'PHP.Internal' });
    answer(3);
    expect(told).toHaveLength(1);
    expect(counters.unasked).toBe(4);
  });

  test('nobody answers is silent when nginx asks again', () => {
    const { told, ask, tick } = resolver();
    ask(SECOND);
    tick(SECOND + RESOLVER_TIME - 1);
    expect(told).toEqual([]);
    tick(SECOND + RESOLVER_TIME);
    expect(told[0]).toMatchObject({ outcome: 'silent', answered: undefined, asked: { at: SECOND } });
  });

  test('asked again is another question once the time of the first is over', () => {
    const { told, ask, answer } = resolver();
    ask(0);
    ask(SECOND);
    ask(RESOLVER_TIME);
    answer(RESOLVER_TIME + 1);
    expect(told.map(({ outcome, asked }) => [outcome, asked.at])).toEqual([
      ['silent', 0],
      [0, RESOLVER_TIME],
    ]);
  });

  test('that ICMP turns back is unreachable, the oldest of its socket first', () => {
    const { told, counters, ask, unreachable } = resolver();
    ask(0, { id: 9 }, '10.0.0.1:50000');
    ask(1, { id: 1, type: 1 });
    ask(2, { id: 2, type: 28 });
    unreachable(3);
    unreachable(4);
    unreachable(5);
    unreachable(6, { quotedProtocol: 6 });
    expect(told.map(({ outcome, asked, answered }) => [outcome, asked.at, answered?.at])).toEqual([
      ['unreachable', 1, 3],
      ['unreachable', 2, 4],
    ]);
    expect(counters.unasked).toBe(1);
  });

  test('that cannot be read is counted', () => {
    const { counters, octets } = resolver();
    octets(Uint8Array.from([1, 2, 3]));
    expect(counters.malformed).toBe(1);
  });

  test('too many at once: the oldest goes', () => {
    const { told, counters, ask, answer } = resolver(2);
    for (const id of [1, 2, 3]) ask(id, { id });
    for (const id of [1, 2, 3]) answer(10, { id });
    expect(told.map(({ asked }) => asked.at)).toEqual([2, 3]);
    expect(counters).toMatchObject({ evicted: 1, unasked: 1 });
  });
});
