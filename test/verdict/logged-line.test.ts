import { expect, test } from 'vitest';
import type { Incident } from '../../src/model/incident.ts';
import { judge } from '../../src/verdict/judge.ts';
import { type AttemptPlan, attempt, exchange, incident, noLive } from '../kit/incidents.ts';
import { attemptEnded, logged, resetSent, witness } from '../kit/kernel-events.ts';

const OF = ', client: 203.0.113.9, server: _, request: "GET / HTTP/1.1"';
const REFUSED = `connect() failed (111: Connection refused) while connecting to upstream${OF}`;
const NONE_LEFT = `no live upstreams while connecting to upstream${OF}`;
const TOO_BIG = `upstream sent too big header while reading response header from upstream${OF}`;
const CLOSED = `upstream prematurely closed connection while reading response header from upstream${OF}`;

const NOBODY = resetSent(0.5, { process: undefined, reason: 'NO_SOCKET' });

/** A refused attempt, as sure as the kernel makes it. */
function refused(line: string | undefined, plan: AttemptPlan = {}) {
  const told = witness({ closer: NOBODY, logged: line === undefined ? undefined : logged(0.6, line) });
  const made = attempt({ link: 'kernel', witness: told, exchange: exchange({ server: 'refuses' }), ...plan });
  return judge(incident({ attempts: [made] })).finding;
}

/** A 502 without any attempt. */
function alone(line: string | undefined, facts: Partial<Incident> = {}) {
  const before = line === undefined ? undefined : logged(1, line, { socket: 6 });
  return judge(incident({ incident: { witnessed: true, unixWitnessed: true, logged: before, ...facts } })).finding;
}

test('a line that says the same is evidence, and what is certain stays so', () => {
  const found = refused(REFUSED);
  expect(found).toMatchObject({ cause: 'connect-refused', confidence: 'certain' });
  expect(found.evidence.at(-1)).toMatchObject({
    source: 'kernel',
    text: 'nginx 3312 logged: connect() failed (111: Connection refused) while connecting to upstream',
  });
});

test('a line that names another cause is an alternative, and nothing is certain then', () => {
  const found = refused(TOO_BIG);
  expect(found).toMatchObject({ cause: 'connect-refused', confidence: 'likely' });
  expect(found.alternatives[0]).toMatchObject({
    cause: 'header-too-big',
    why: expect.stringContaining('too big header'),
  });
});

test('a line that no cause is known by is evidence only', () => {
  expect(refused('something of a module')).toMatchObject({ cause: 'connect-refused', confidence: 'certain' });
  expect(refused('FastCGI sent in stderr: "PHP message: no"')).toMatchObject({ confidence: 'certain' });
});

test('who closed, and when, is known better from packets: the log has one message for many such causes', () => {
  const made = attempt({
    link: 'kernel',
    witness: witness({ logged: logged(2, CLOSED) }),
    exchange: exchange({ server: 'rst' }),
  });
  const without = { ...made, witness: witness({}) };
  const [found, plain] = [made, without].map((one) => judge(incident({ attempts: [one] })).finding);
  expect(found).toMatchObject({ cause: plain?.cause, confidence: plain?.confidence });
  expect(found?.cause).toBe('reset-before-response');
});

test('where nothing was seen, the line names the cause', () => {
  expect(alone(undefined)).toMatchObject({ cause: 'unknown', confidence: 'possible' });
  const found = alone(`no resolver defined to resolve app.example${OF}`);
  expect(found).toMatchObject({ cause: 'resolver-missing', confidence: 'likely' });
  expect(found.sentence).toBe(
    "The gateway's own error log names the cause: no resolver defined to resolve app.example.",
  );
  expect(found.unseen.join()).not.toContain('error log');
  expect(found.advice[0]).toContain('resolver');
});

test('a guess that the line confirms is one no more', () => {
  const guessed = alone(undefined, { noLive: noLive({ sure: false }) });
  const told = alone(NONE_LEFT, { noLive: noLive({ sure: false }) });
  expect([guessed.cause, guessed.confidence]).toEqual(['no-live-upstreams', 'possible']);
  expect([told.cause, told.confidence]).toEqual(['no-live-upstreams', 'likely']);
  expect([told.alternatives, told.unseen]).toEqual([[], []]);
});

test('a gateway that says after an attempt that no peer is left gave up for that', () => {
  const made = attempt({
    link: 'kernel',
    witness: witness({ closer: NOBODY }),
    exchange: exchange({ server: 'refuses' }),
  });
  const before = logged(1, NONE_LEFT, { socket: 6 });
  const { finding, attempts } = judge(incident({ attempts: [made], incident: { witnessed: true, logged: before } }));
  expect([finding.cause, attempts[0]?.finding?.cause]).toEqual(['no-live-upstreams', 'connect-refused']);
  expect(finding.confidence).toBe('likely');
});

test('what packets make likely is no match for what the gateway says: it knows what was inside TLS', () => {
  const told = witness({
    logged: logged(2, `SSL_read() failed (SSL: error:0A00045C:SSL routines::tlsv13 alert:SSL alert number 116)${OF}`),
  });
  const closing = exchange({ server: 'fin' });
  const found = judge(incident({ attempts: [attempt({ link: 'kernel', witness: told, exchange: closing })] })).finding;
  expect(found).toMatchObject({ cause: 'tls-alert-after-handshake', confidence: 'likely' });
  expect(found.alternatives).toMatchObject([{ cause: 'close-before-response' }]);
});

test('an attempt of which only its end is known is told by the line', () => {
  const ending = attemptEnded(1, { ends: { local: 'unix:#7', remote: 'unix:/run/a.sock' }, errno: 0, received: 900 });
  const told = witness({ ending, logged: logged(1, TOO_BIG) });
  const made = { ...attempt({ link: 'kernel', witness: told }), exchange: undefined };
  const found = judge(incident({ attempts: [made] })).finding;
  expect(found).toMatchObject({ cause: 'header-too-big', confidence: 'likely' });
  expect(found.alternatives).toMatchObject([{ cause: 'upstream-502' }]);
});

test('whatever a line holds, it cannot steer a terminal, and is shown in part only', () => {
  const found = refused(`x\x1b[2J\n${'y'.repeat(1000)}`);
  expect(found.evidence.at(-1)?.text).toBe(`nginx 3312 logged: x\\x1b[2J\\x0a${'y'.repeat(194)}...`);
});
