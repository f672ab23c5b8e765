import { describe, expect, test } from 'vitest';
import { ExchangeRecord, type ExchangeStart, TlsRecord } from '../../src/exchange/record.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { Dialogue, RequestHead } from '../../src/model/message.ts';
import { alert, connection, fault, moment, stream } from '../kit/incidents.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function record(start: Partial<ExchangeStart> = {}): ExchangeRecord {
  return new ExchangeRecord({
    id: 1,
    connection: connection(),
    dialogue: undefined,
    idle: undefined,
    start: moment(0.1),
    serverBase: 0,
    clientBase: 0,
    ...start,
  });
}

function head(on: Connection): RequestHead {
  return {
    kind: 'request-head',
    dialogue: dialogue(on),
    moment: moment(2),
    requestId: 3,
    start: moment(1),
    method: 'GET',
    target: '/a',
    version: 'HTTP/1.1',
    host: 'shop.example',
    fields: [],
    mayBearId: true,
    downstream: undefined,
    headOctets: 40,
  };
}

function dialogue(on: Connection, clientDirection: Dialogue['clientDirection'] = 'forward'): Dialogue {
  const [client, server] = clientDirection === 'forward' ? [on.active, on.passive] : [on.passive, on.active];
  return { connection: on, protocol: 'http/1', clientDirection, client, server, proxied: undefined };
}

describe('octets', () => {
  test("are those of the connection's streams since the exchange began, while it goes on", () => {
    const forward: Mutable<ReturnType<typeof stream>> = stream({ octets: 150 });
    const made = record({ connection: connection({ forward, reverse: stream({ octets: 700 }) }), clientBase: 100 });
    expect([made.clientOctets, made.serverOctets]).toEqual([50, 700]);
    forward.octets = 180;
    expect(made.clientOctets).toBe(80);
  });

  test('after the next exchange began are not its own', () => {
    const reverse: Mutable<ReturnType<typeof stream>> = stream({ octets: 700 });
    const made = record({ connection: connection({ reverse }), serverBase: 600 });
    made.freeze();
    reverse.octets = 900;
    made.freeze();
    expect(made.serverOctets).toBe(100);
  });

  test('of client and server are swapped once the passive side proves to be the client', () => {
    const on = connection({ forward: stream({ octets: 7 }), reverse: stream({ octets: 9 }), midstream: true });
    const made = record({ connection: on });
    made.recognised(dialogue(on, 'reverse'));
    expect([made.clientOctets, made.serverOctets]).toEqual([9, 7]);
    expect([made.client, made.server]).toEqual([on.passive, on.active]);
  });
});

describe('a request', () => {
  test('makes it the nth exchange of its connection, and the second one reuses it', () => {
    const on = connection();
    const made = record({ connection: on });
    expect(made.nth).toBe(0);
    made.asked(head(on), 1);
    expect(made).toMatchObject({ nth: 1, requestId: 3, reused: false, start: moment(0.1) });
    made.asked(head(on), 2);
    expect(made.reused).toBe(true);
  });

  test('found in the middle of a connection begins its exchange, on a connection that was used before', () => {
    const on = connection({ midstream: true });
    const made = record({ connection: on });
    made.asked(head(on), 1);
    expect(made).toMatchObject({ start: moment(1), reused: true });
  });
});

test('of several closes of a side the first counts', () => {
  const made = record();
  made.closedBy('server', false, moment(3));
  made.closedBy('server', true, moment(4));
  made.closedBy('client', true, moment(5));
  expect(made.serverClose).toEqual({ ...moment(3), rst: false });
  expect(made.clientClose).toEqual({ ...moment(5), rst: true });
});

test('however much a peer says, only so much is kept', () => {
  const made = record();
  const tls = new TlsRecord();
  for (let n = 0; n < 1000; n++) {
    made.fault(fault('header-line', String(n)));
    made.addStderr('x'.repeat(100));
    tls.alert(alert(n % 256, n));
  }
  expect(made.faults.map(({ detail }) => detail)).toEqual(['0', '1', '2', '3']);
  expect(made.stderr).toHaveLength(4096);
  expect(tls.alerts).toHaveLength(4);
});

test('it is incomplete where its own octets, or those of its connection, are missing', () => {
  expect(record().incomplete).toBe(false);
  expect(record({ connection: connection({ incomplete: true }) }).incomplete).toBe(true);
  const made = record();
  made.lost = true;
  expect(made.incomplete).toBe(true);
});
