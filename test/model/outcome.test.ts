import { describe, expect, test } from 'vitest';
import { type Outcome, outcomeOf } from '../../src/model/outcome.ts';
import {
  type AttemptPlan,
  alert,
  close,
  exchange,
  fault,
  goaway,
  moment,
  stream,
  streamReset,
  tls,
} from '../kit/incidents.ts';

const outcome = (plan: AttemptPlan = {}): Outcome => outcomeOf(exchange(plan));
const answered = { head: moment(1), status: 200 };

describe('answered', () => {
  test('is a complete head, whoever closes afterwards', () => {
    expect(outcome({ response: answered })).toEqual({ is: 'answered', moment: moment(1), status: 200 });
    expect(outcome({ response: answered, server: 'rst', afterRequestMs: 9 }).is).toBe('answered');
    expect(outcome({ response: { status: 502 }, gatewayAfterMs: 9 })).toMatchObject({ is: 'answered', status: 502 });
  });

  test('is not a head that the gateway refused by leaving before the end of it', () => {
    const plan = { response: { ...answered, end: moment(30) }, faults: [fault('header-conflict')], gatewayAfterMs: 1 };
    expect(outcome(plan)).toMatchObject({ is: 'rejected', fault: { name: 'header-conflict' } });
    expect(outcome({ ...plan, gatewayAfterMs: 40 }).is).toBe('answered');
  });
});

describe('failed', () => {
  test('is a SYN that was turned down', () => {
    expect(outcome({ server: 'refuses' })).toEqual({ is: 'failed', moment: moment(0.15) });
  });

  test.each<[string, AttemptPlan]>([
    ['a FIN of the server', { server: 'fin' }],
    ['a RST of the server', { server: 'rst' }],
    ['half a head, then FIN', { response: { head: undefined, status: 0 }, server: 'fin' }],
    ['GOAWAY', { exchange: { goaway: goaway(0) } }],
    ['RST_STREAM', { exchange: { streamReset: streamReset(7) } }],
    ['a TLS alert', { tls: tls({ alerts: [alert(40, 1)] }) }],
  ])('is %s', (_, plan) => {
    expect(outcome(plan).is).toBe('failed');
  });

  test('is at the first of several signs', () => {
    expect(outcome({ server: 'fin', afterRequestMs: 5, exchange: { goaway: goaway(0) } })).toEqual({
      is: 'failed',
      moment: moment(1),
    });
  });

  test('is not a goodbye of TLS: no error was told', () => {
    expect(outcome({ tls: tls({ alerts: [alert(0, 1)] }) }).is).toBe('open');
  });

  test("is not the gateway's own alert: nobody told it anything", () => {
    expect(outcome({ tls: tls({ alerts: [alert(48, 1, 'forward')] }), gatewayAfterMs: 2 }).is).toBe('abandoned');
  });
});

describe('who leaves first is told by frames, not by times', () => {
  const at = moment(1);
  const both = (clientFrame: number, serverFrame: number): Outcome =>
    outcome({
      exchange: {
        clientClose: { ...close(1, false), frame: clientFrame },
        serverClose: { ...close(1, false), frame: serverFrame },
      },
    });

  test('the server in the earlier frame of the same time failed', () => {
    expect(both(11, 10)).toEqual({ is: 'failed', moment: { ...at, frame: 10, rst: false } });
  });

  test('the client in the earlier frame of the same time abandoned', () => {
    expect(both(10, 11).is).toBe('abandoned');
  });
});

describe('rejected', () => {
  test.each([
    'header-line',
    'header-conflict',
    'status',
    'head-too-big',
    'record-version',
    'record-type',
    'record-request-id',
    'record-unexpected',
    'memcached-reply',
    'http2-frame',
    'other-protocol',
  ] as const)('is leaving because of %s', (name) => {
    expect(outcome({ serverOctets: 90, faults: [fault(name)], gatewayAfterMs: 1 })).toMatchObject({
      is: 'rejected',
      fault: { name },
    });
  });

  test.each(['chunk', 'http09'] as const)('is not leaving because of %s, which gateways tolerate', (name) => {
    expect(outcome({ serverOctets: 90, faults: [fault(name)], gatewayAfterMs: 1 }).is).toBe('abandoned');
  });

  test('is leaving within a head, whatever was wrong with it', () => {
    const plan = { response: { head: undefined, status: 0 }, gatewayAfterMs: 2 };
    expect(outcome(plan)).toMatchObject({ is: 'rejected', fault: undefined });
  });

  test('is leaving without a word a server that spoke first', () => {
    const unasked = { request: undefined, response: answered, gatewayAfterMs: 5 };
    expect(outcome(unasked)).toMatchObject({ is: 'rejected', fault: undefined });
    expect(outcome({ ...unasked, connection: { forward: stream({ octets: 100 }) } }).is).toBe('answered');
    expect(outcome({ ...unasked, connection: { midstream: true } }).is).toBe('answered');
    expect(outcome({ ...unasked, exchange: { obscured: true } }).is).toBe('answered');
  });

  test('is a fault on a connection that lives on: its gateway may multiplex', () => {
    expect(outcome({ serverOctets: 90, faults: [fault('http2-frame')] })).toMatchObject({ is: 'rejected' });
  });

  test("is not a fault of the gateway's own", () => {
    const own = { ...fault('header-line'), direction: 'forward' as const };
    expect(outcome({ faults: [own], gatewayAfterMs: 1 }).is).toBe('abandoned');
  });
});

test('nobody left and nothing was said: it goes on', () => {
  expect(outcome()).toEqual({ is: 'open' });
});

describe('unseen', () => {
  const obscured = { obscured: true, serverOctets: 80 };
  const silent = { server: 'fin' } as const;

  test('is an end whose octets the capture lacks', () => {
    expect(outcome({ ...silent, exchange: obscured }).is).toBe('unseen');
    expect(outcome({ ...silent, exchange: { end: { how: 'unseen', moment: moment(3) } } }).is).toBe('unseen');
  });

  test('is no server that is known to have said nothing, and nothing that was read all the same', () => {
    expect(outcome({ ...silent, exchange: { ...obscured, serverOctets: 0 } }).is).toBe('failed');
    expect(outcome({ server: 'refuses', exchange: obscured }).is).toBe('failed');
    expect(outcome({ response: answered, exchange: obscured }).is).toBe('answered');
    expect(outcome({ ...silent, exchange: { ...obscured, goaway: goaway(0) } }).is).toBe('failed');
  });

  test('is open while nobody has ended it', () => {
    expect(outcome({ exchange: { ...obscured, end: undefined } }).is).toBe('open');
  });
});
