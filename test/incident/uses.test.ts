import { describe, expect, test } from 'vitest';
import { HANGING_AFTER, isHanging, isHiddenFailure } from '../../src/incident/uses.ts';
import { type AttemptPlan, exchange, moment, tls } from '../kit/incidents.ts';

const unanswered = { synAck: undefined, established: undefined } as const;

describe('a failed attempt that does not show what it was for', () => {
  test.each<[string, AttemptPlan]>([
    ['a SYN that was refused', { server: 'refuses' }],
    ['a connection reset before anything was sent', { request: undefined, server: 'rst' }],
    ['a connection closed before anything was sent', { request: undefined, server: 'fin' }],
    ['a SYN that its sender gave up', { request: undefined, connection: unanswered, gatewayAfterMs: 1 }],
    ['a TLS handshake that the gateway left', { tls: tls(), gatewayAfterMs: 1 }],
    ['a TLS handshake that the peer reset', { tls: tls(), server: 'rst' }],
  ])('is %s', (_, plan) => {
    expect(isHiddenFailure(exchange(plan))).toBe(true);
  });

  test.each<[string, AttemptPlan]>([
    ['one whose request was seen', { server: 'rst' }],
    [
      'a connection that somebody opened and closed to see whether it can be',
      { request: undefined, gatewayAfterMs: 1 },
    ],
    ['one that goes on', { request: undefined }],
    ['one inside TLS that was answered', { tls: tls({ answer: moment(1) }), server: 'fin' }],
    ['one whose beginning was not seen', { request: undefined, server: 'rst', connection: { midstream: true } }],
    ['one that had carried requests', { request: undefined, server: 'rst', exchange: { nth: 2 } }],
  ])('is not %s', (_, plan) => {
    expect(isHiddenFailure(exchange(plan))).toBe(false);
  });
});

describe('a SYN that waits', () => {
  const { at } = moment(0.1);

  test('hangs once every living peer would have answered', () => {
    const waiting = exchange({ request: undefined, connection: unanswered });
    expect(isHanging(waiting, at + HANGING_AFTER - 1)).toBe(false);
    expect(isHanging(waiting, at + HANGING_AFTER)).toBe(true);
  });

  test('does not hang where it was answered or turned down', () => {
    expect(isHanging(exchange({ request: undefined }), at + 9 * HANGING_AFTER)).toBe(false);
    expect(isHanging(exchange({ server: 'refuses' }), at + 9 * HANGING_AFTER)).toBe(false);
  });
});
