import { describe, expect, test } from 'vitest';
import {
  headOctetsOf,
  isConnecting,
  isForeignRst,
  isHeadOpen,
  isPreamble,
  isRead,
  isUnanswered,
  isUnread,
  isUntouched,
  maybeFault,
  maybeSpeech,
  silenceOf,
  type Wire,
  wireOf,
} from '../../src/verdict/wire-facts.ts';
import { type AttemptPlan, alert, attempt, fault, incident, moment, response, tls } from '../kit/incidents.ts';
import { resetSent, witness } from '../kit/kernel-events.ts';

function wire(plan: AttemptPlan = {}): Wire {
  const tried = attempt(plan);
  return wireOf(incident({ attempts: [tried] }), tried, tried.exchange ?? expect.fail());
}

describe('who closed first is decided by frames', () => {
  test('the peer', () => {
    const { close, gatewayClose } = wire({ server: 'fin', afterRequestMs: 1, gatewayAfterMs: 2 });
    expect(close?.rst).toBe(false);
    expect(gatewayClose).toBeUndefined();
  });

  test('the gateway', () => {
    const { close, gatewayClose } = wire({ server: 'rst', afterRequestMs: 2, gatewayAfterMs: 1 });
    expect(close).toBeUndefined();
    expect(gatewayClose).toBeDefined();
  });

  test('a FIN before the request that it crosses is the close, not the RST that follows', () => {
    const { close } = wire({ server: 'rst', reused: true, serverStream: { fin: moment(0.2) } });
    expect(close).toEqual({ ...moment(0.2), rst: false });
  });

  test('FIN, then RST, is a FIN', () => {
    expect(wire({ server: 'fin', serverStream: { rst: moment(0.7) } }).close?.rst).toBe(false);
  });
});

describe('the request', () => {
  test('is whole if its end was seen before the close', () => {
    expect(wire({ server: 'rst' }).requestWhole).toBe(true);
    expect(wire({ server: 'rst', request: { end: undefined } }).requestWhole).toBe(false);
  });

  test('of a protocol that nobody recognised is taken for whole', () => {
    expect(wire({ protocol: undefined, request: undefined }).requestWhole).toBe(true);
  });

  test('was not read if nothing of it was acknowledged', () => {
    expect(isUnread(wire({ reused: true, unread: true }))).toBe(true);
    expect(isUnread(wire({ reused: true }))).toBe(false);
  });
});

describe('the response', () => {
  test('is missing if no octet of it came', () => {
    expect(isUnanswered(wire({ server: 'rst' }))).toBe(true);
    expect(isUnanswered(wire({ server: 'rst', serverOctets: 1 }))).toBe(false);
    expect(isHeadOpen(wire({ server: 'rst', serverOctets: 1 }))).toBe(true);
  });

  test('has begun on HTTP/2 if SETTINGS came, though none of it was seen', () => {
    const settings = wire({ protocol: 'http/2', serverOctets: 40, server: 'fin' });
    expect(isUnanswered(settings)).toBe(false);
    expect(isHeadOpen(settings) && isPreamble(settings)).toBe(true);
    expect(isPreamble(wire({ serverOctets: 40 }))).toBe(false);
  });

  test('is missing inside TLS until octets of the application come, or after the last request', () => {
    const asked = tls({ serverHello: moment(1), applicationData: moment(2) });
    const answered = { ...asked, answer: moment(3) };
    const plan = { exchange: { clientOctets: 900 }, server: 'fin', afterRequestMs: 50 } as const;
    const octetsAt = (client: number, server: number) => ({
      clientStream: { lastOctet: moment(client) },
      serverStream: { lastOctet: moment(server) },
    });
    expect(isUnanswered(wire({ ...plan, tls: tls() }))).toBe(false);
    expect(isUnanswered(wire({ ...plan, tls: asked, ...octetsAt(2, 1) }))).toBe(true);
    expect(isUnanswered(wire({ ...plan, tls: answered, ...octetsAt(2, 3) }))).toBe(false);
    expect(isUnanswered(wire({ ...plan, tls: answered, ...octetsAt(9, 3) }))).toBe(true);
    expect(isUnanswered(wire({ ...plan, tls: answered, ...octetsAt(90, 3) }))).toBe(false);
  });

  test("inside TLS ends with the peer's goodbye, also if the gateway closes before its FIN", () => {
    const asked = tls({ serverHello: moment(1), applicationData: moment(2), alerts: [alert(-1, 5)] });
    const { close, gatewayClose } = wire({ tls: asked, server: 'fin', afterRequestMs: 9, gatewayAfterMs: 7 });
    expect(close).toEqual({ ...moment(5), rst: false, alert: true });
    expect(gatewayClose).toBeUndefined();
  });

  test('that the gateway answered with a 502 of its own was dropped', () => {
    expect(wire({ response: {} }).dropped).toBe(true);
    expect(wire({ response: { status: 502 } }).dropped).toBe(false);
  });

  test('has a head as large as its fields, if the framing of its body hides it', () => {
    const chunked = { name: 'Transfer-Encoding', value: 'chunked' };
    expect(headOctetsOf(response({ fields: [chunked], octets: 9000, bodyOctets: 10 }))).toBe(28);
    expect(headOctetsOf(response({ octets: 600, bodyOctets: 400 }))).toBe(200);
  });
});

test('a SYN without an answer is connecting, a refused one is not', () => {
  const waiting = { request: undefined, connection: { synAck: undefined, established: undefined } };
  expect(isConnecting(wire(waiting))).toBe(true);
  expect(isConnecting(wire())).toBe(false);
  expect(isConnecting(wire({ server: 'rst', request: undefined }))).toBe(false);
});

test('a connection that lived before its request was used before, also inside TLS', () => {
  expect(wire({ reused: true }).reused).toBe(true);
  expect(wire({ connection: { midstream: true } }).reused).toBe(true);
  const inside = {
    tls: tls({ applicationData: moment(1), answer: moment(2) }),
    clientStream: { lastOctet: moment(9) },
  };
  expect(wire(inside).reused).toBe(true);
});

test('a RST with another TTL than the peer is foreign; an unseen TTL says nothing', () => {
  expect(isForeignRst(wire({ server: 'rst', serverStream: { ttl: 63, rstTtl: 64 } }))).toBe(true);
  expect(isForeignRst(wire({ server: 'rst', serverStream: { ttl: 0, rstTtl: 64 } }))).toBe(false);
});

describe('a silence ends when the gateway acts', () => {
  test('by its close', () => {
    expect(silenceOf(wire({ gatewayAfterMs: 3000 }))).toBe(3000e6);
  });

  test('by its next attempt, or its answer', () => {
    const tried = attempt();
    const next = attempt({ n: 2, connection: { first: moment(700.3) } });
    const around = incident({ attempts: [tried, next], answeredMs: 1000.3 });
    expect(silenceOf(wireOf(around, tried, tried.exchange ?? expect.fail()))).toBe(700e6);
    expect(silenceOf(wireOf(around, next, next.exchange ?? expect.fail()))).toBe(300e6);
  });
});

describe('faults', () => {
  test("of the gateway's own side are not the peer's", () => {
    const theirs = fault('header-line', 'name');
    expect(maybeFault(wire({ faults: [{ ...theirs, direction: 'forward' }] }), 'header-line')).toBeUndefined();
    expect(maybeFault(wire({ faults: [theirs] }), 'header-line')?.detail).toBe('name');
  });

  test.each([
    ['http', '', 'http'],
    ['', 'HTTP/1.1 400', 'http'],
    ['tls', '', 'tls'],
    ['', '\x15\x03\x03', 'tls'],
    ['', '\x16\x03\x01', 'tls'],
    ['fastcgi', '', 'fastcgi'],
    ['', '\x01\x06', 'fastcgi'],
    ['', 'SSH-2.0', undefined],
    ['http/2', '\x00\x00\x12\x04', undefined],
  ])('detail %j, sample %j speak %s', (detail, sample, speech) => {
    expect(maybeSpeech(fault('other-protocol', detail, sample))).toBe(speech);
  });
});

test("nobody had read the request: a living process's reset says so, as far as its octets go", () => {
  const sent = wire().exchange.clientOctets;
  const untouched = (over: Parameters<typeof resetSent>[1]): boolean =>
    isUntouched(wire({ witness: witness({ closer: resetSent(10, over) }) }));
  expect(untouched({ unread: sent })).toBe(true);
  expect(untouched({ unread: sent - 1 })).toBe(false);
  expect(untouched({ unread: sent, death: { signal: 9, code: 0 } })).toBe(false);
  expect(untouched({ unread: sent, process: undefined })).toBe(false);
  expect(untouched({})).toBe(false);
});

test('all of it had been read, where the kernel says that nothing was left', () => {
  const read = (over: Parameters<typeof resetSent>[1]): boolean =>
    isRead(wire({ witness: witness({ closer: resetSent(10, over) }) }));
  expect(read({ unread: 0 })).toBe(true);
  expect(read({ unread: 1 })).toBe(false);
  expect(read({ unread: 0, accepted: false })).toBe(false);
  expect(read({})).toBe(false);
});
