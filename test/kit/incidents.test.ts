import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../src/model/outcome.ts';
import { attempt, exchange, fault, incident, moment } from './incidents.ts';

describe('the builders of incidents', () => {
  test('a moment after another has a later frame', () => {
    expect(moment(0.301).frame).toBeGreaterThan(moment(0.3).frame);
  });

  test('a peer that resets is a failed exchange with a RST in its stream', () => {
    const built = exchange({ server: 'rst' });
    expect(outcomeOf(built)).toMatchObject({ is: 'failed' });
    expect(built.connection.reverse.rst).toEqual(moment(0.6));
  });

  test('a refused connection has neither a request nor octets', () => {
    const built = exchange({ server: 'refuses' });
    expect(built.request).toBeUndefined();
    expect(built.clientOctets).toBe(0);
    expect(outcomeOf(built)).toMatchObject({ is: 'failed' });
  });

  test('a reused connection had octets before, and was idle', () => {
    const built = exchange({ reused: true, unread: true });
    expect(built.nth).toBe(3);
    expect(built.connection.forward.acknowledged).toBe(built.connection.forward.octets - built.clientOctets);
    expect(built.idle).toBe(5e9);
  });

  test('a fault is on the connection of its exchange, so that the outcome sees it', () => {
    const built = exchange({ faults: [fault('record-type')], gatewayAfterMs: 1 });
    expect(outcomeOf(built)).toMatchObject({ is: 'rejected' });
  });

  test('an incident ends in a 502, a masked one in a 200', () => {
    expect(incident({ attempts: [attempt()] }).exchange.response?.status).toBe(502);
    expect(incident({ kind: 'masked' }).exchange.response?.status).toBe(200);
  });
});
