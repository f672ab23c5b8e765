import { describe, expect, test } from 'vitest';
import { beginning, closeText, closeWhen, foreignRst, processUnseen, told } from '../../src/verdict/story.ts';
import { type Wire, wireOf } from '../../src/verdict/wire-facts.ts';
import { type AttemptPlan, attempt, close, incident, moment } from '../kit/incidents.ts';

function wire(plan: AttemptPlan = {}): Wire {
  const tried = attempt(plan);
  return wireOf(incident({ attempts: [tried] }), tried, tried.exchange ?? expect.fail());
}

describe('the beginning of an attempt', () => {
  test('is its connection and its request', () => {
    expect(beginning(wire()).map(({ text }) => text)).toEqual([
      'new connection to 10.0.0.7:9000, open after 0.1 ms',
      'request complete (912 octets)',
    ]);
  });

  test('on a reused connection says for how long it was idle', () => {
    expect(beginning(wire({ reused: true }))[0]?.text).toBe(
      'connection to 10.0.0.7:9000 used again (request 3 on it), idle for 5 s',
    );
    expect(beginning(wire({ reused: true, exchange: { idle: undefined } }))[0]?.text).toMatch(/request 3 on it\)$/);
  });

  test('says no time where the clock was set back meanwhile', () => {
    expect(beginning(wire({ connection: { established: moment(0.05) } }))[0]?.text).toBe(
      'new connection to 10.0.0.7:9000',
    );
    expect(beginning(wire({ reused: true, idleMs: -1 }))[0]?.text).toMatch(/request 3 on it\)$/);
  });

  test('that was never open is nothing', () => {
    expect(beginning(wire({ server: 'refuses' }))).toEqual([]);
  });
});

describe('when a close came', () => {
  test.each<[string, AttemptPlan]>([
    ['0.3 ms after the end of the request', { server: 'rst' }],
    ['0.35 ms after the start of the request', { server: 'rst', request: { end: undefined }, afterRequestMs: 0.35 }],
    ["0.3 ms after the gateway's last octets", { server: 'rst', request: undefined, exchange: { clientOctets: 9 } }],
    ['0.4 ms after the handshake', { server: 'rst', request: undefined }],
    ['before anything was sent', { server: 'rst', request: undefined, connection: { established: undefined } }],
  ])('%s', (when, plan) => {
    const seen = wire(plan);
    expect(closeWhen(seen, seen.close ?? expect.fail())).toBe(when);
  });

  test('and what had come before it', () => {
    expect(closeText(wire(), close(0.6, true))).toBe(
      'RST from the peer 0.3 ms after the end of the request; no response octets',
    );
    expect(closeText(wire({ serverOctets: 60 }), close(0.6, false))).toMatch(/^FIN .*; 60 octets of a response$/);
  });
});

test('what the client got is cited, if it got anything', () => {
  expect(told(wire()).map(({ text }) => text)).toEqual(['502 to the client']);
  const tried = attempt();
  const silent = incident({ attempts: [tried], exchange: { response: undefined } });
  expect(told(wireOf(silent, tried, tried.exchange ?? expect.fail()))).toEqual([]);
});

test('what was not seen: the process without kernel events, the sender of a foreign RST', () => {
  expect(processUnseen(wire())).toHaveLength(1);
  expect(processUnseen(wire({ link: 'kernel' }))).toEqual([]);
  expect(foreignRst(wire({ server: 'rst', serverStream: { ttl: 63, rstTtl: 255 } }))[0]).toContain('255');
  expect(foreignRst(wire({ server: 'rst' }))).toEqual([]);
});
