import { expect, test } from 'vitest';
import { endpoint } from '../../src/model/endpoint.ts';
import type { AttemptEnded } from '../../src/model/kernel-event.ts';
import { judge } from '../../src/verdict/judge.ts';
import { attempt, incident, response } from '../kit/incidents.ts';
import { attemptEnded, peerClosed, witness } from '../kit/kernel-events.ts';

const SOCKET = { local: '', remote: 'unix:/run/php.sock' };

function verdict(ending: AttemptEnded, closer = undefined as ReturnType<typeof peerClosed> | undefined) {
  const peer = endpoint(ending.ends?.remote ?? '', 0);
  const tried = { ...attempt({ peer, link: 'kernel', witness: witness({ ending, closer }) }), exchange: undefined };
  return judge(incident({ attempts: [tried] })).finding;
}

test.each([
  [13, 'connect-denied'],
  [1, 'connect-denied'],
  [22, 'connect-error-other'],
  [99, 'local-ports-exhausted'],
  [101, 'connect-net-unreachable'],
  [113, 'connect-host-unreachable'],
] as const)('connect() over TCP that failed with %i is %s', (errno, cause) => {
  const finding = verdict(attemptEnded(0.5, { errno, neverOpen: true }));
  expect(finding).toMatchObject({ cause, confidence: 'certain', evidence: [{ source: 'kernel' }] });
  expect(finding.sentence).toContain(`(errno ${errno})`);
});

test.each([
  [2, 'unix-socket-missing'],
  [11, 'unix-backlog-full'],
  [13, 'unix-socket-denied'],
  [111, 'unix-socket-refused'],
] as const)('connect() to a unix socket that failed with %i is %s', (errno, cause) => {
  expect(verdict(attemptEnded(0.5, { errno, neverOpen: true, ends: SOCKET }))).toMatchObject({ cause });
});

test.each([
  ['reset before any octet', { errno: 104 }, 'reset-before-response'],
  ['closed before any octet', { errno: 0, byPeer: true }, 'close-before-response'],
  ['reset after some', { errno: 104, received: 30 }, 'reset-in-header'],
  ['closed after some', { errno: 0, byPeer: true, received: 30 }, 'close-in-header'],
  ['gone while the request was written', { errno: 32 }, 'reset-during-request'],
  ['answered', { errno: 0, received: 300 }, 'upstream-502'],
] as const)('a unix socket, %s', (_how, over, cause) => {
  expect(verdict(attemptEnded(0.5, { ends: SOCKET, ...over }))).toMatchObject({ cause });
});

test('a 502 with a field that no gateway makes was passed on', () => {
  const ending = attemptEnded(0.5, { ends: SOCKET, errno: 0, byPeer: true, received: 300 });
  const tried = { ...attempt({ link: 'kernel', witness: witness({ ending }) }), exchange: undefined };
  const base = incident({ attempts: [tried] });
  const marked = response({ status: 502, fields: [{ name: 'X-App', value: 'a' }] });
  expect(judge({ ...base, exchange: { ...base.exchange, response: marked } }).finding.cause).toBe('upstream-502');
});

test('a death at the other end of a unix socket makes it certain', () => {
  const ending = attemptEnded(0.5, { ends: SOCKET });
  expect(verdict(ending, peerClosed(0.5, { death: { signal: 9, code: 0 } }))).toMatchObject({
    subcause: 'worker-killed',
    confidence: 'certain',
  });
});

test('a TCP attempt that was open, without packets in the capture, is not judged by its end alone', () => {
  expect(verdict(attemptEnded(0.5)).cause).toBe('unknown');
});
