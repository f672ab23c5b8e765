import { describe, expect, test } from 'vitest';
import { ExchangeRecord } from '../../src/exchange/record.ts';
import { answeredBy, answering, asking, isLate, nthOf, type Track } from '../../src/exchange/track.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { Dialogue, RequestHead } from '../../src/model/message.ts';
import { connection, moment, stream } from '../kit/incidents.ts';

function dialogue(protocol: Dialogue['protocol'], on: Connection): Dialogue {
  const ends = { client: on.active, server: on.passive, proxied: undefined };
  return { connection: on, protocol, clientDirection: 'forward', ...ends };
}

function exchange(id: number, requestId: number): ExchangeRecord {
  const start = moment(id);
  const made = new ExchangeRecord({
    id,
    connection: connection(),
    dialogue: undefined,
    idle: undefined,
    start,
    serverBase: 0,
    clientBase: 0,
  });
  made.requestId = requestId;
  return made;
}

function track(open: ExchangeRecord[], more: Partial<Track> = {}): Track {
  const latest = open.at(-1) ?? exchange(99, 0);
  return { connection: connection(), dialogue: undefined, open, latest, requests: 1, responseEnd: undefined, ...more };
}

describe('what is said belongs to', () => {
  const [first, second, third] = [exchange(1, 7), exchange(2, 8), exchange(3, 8)];

  test('the exchange of the request that is named, of several the oldest for a response and the latest for a request', () => {
    const all = track([first, second, third]);
    expect([answering(all, 8), asking(all, 8)]).toEqual([second, third]);
    expect(answering(all, 7)).toBe(first);
  });

  test('the oldest one under way, or the latest that was, where nobody is named', () => {
    expect(answering(track([first, second]), 9)).toBe(first);
    expect(asking(track([first, second]), 9)).toBeUndefined();
    expect(answering(track([], { latest: third }), 9)).toBe(third);
  });
});

describe('where only one answer of a connection is told', () => {
  const told: Connection = { ...connection(), untold: 4 };
  const asked = exchange(1, 7);
  asked.asked({ requestId: 7 } as RequestHead, 1);

  test('it belongs to no request but the one that it names', () => {
    expect(answeredBy(track([asked], { connection: told }), 9)).toBeUndefined();
    expect(answeredBy(track([asked], { connection: told }), 7)).toBe(asked);
    expect(answeredBy(track([asked]), 9)).toBe(asked);
    expect(answeredBy(track([exchange(2, 0)], { connection: told }), 9)).toBeDefined();
  });

  test('which request it was is counted with those before it, or told by its stream', () => {
    const nth = (requestId: number, on = told) => nthOf(track([asked], { connection: on }), { requestId });
    expect([nth(0), nth(1), nth(9)]).toEqual([5, 1, 5]);
    expect(nth(9, connection())).toBe(1);
  });
});

describe('an answer before its request', () => {
  const said = connection({ reverse: stream({ octets: 80 }) });
  const late = (more: Partial<Track> = {}): boolean =>
    isLate(track([exchange(1, 0)], { requests: 0, connection: said, dialogue: dialogue('fastcgi', said), ...more }));

  test('is octets of a server that nobody had asked', () => {
    expect(late()).toBe(true);
    expect(late({ connection: connection() })).toBe(false);
    expect(late({ requests: 1 })).toBe(false);
  });

  test('is no HTTP/2 server, which speaks first', () => {
    expect(late({ dialogue: dialogue('http/2', said) })).toBe(false);
  });
});
