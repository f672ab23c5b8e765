import { expect, test } from 'vitest';
import { endpoint } from '../../src/model/endpoint.ts';
import { attemptEnd, connectTime, evidenceRef, incidentDocument, linkConfidence } from '../../src/sinks/document.ts';
import { SHOW_SECRETS } from '../../src/sinks/secrets.ts';
import { CONTEXT } from './kit/sink-text.ts';
import {
  attempt,
  connection,
  exchange,
  finding,
  maskedVerdict,
  moment,
  request,
  response,
  tried,
  verdict,
} from './kit/verdicts.ts';

const secretive = verdict({
  incident: { exchange: exchange({ request: request({ target: '/a?token=S3CR3T', host: 'x' }) }) },
  finding: finding({
    sentence: 'asked for /a?token=S3CR3T',
    evidence: [{ moment: moment(1, 1), source: 'packet', text: 'upstream sent "Set-Cookie: S3CR3T"' }],
    alternatives: [{ cause: 'stale-keepalive', why: 'stderr said password=S3CR3T' }],
    unseen: ['HTTP_COOKIE=S3CR3T'],
    advice: ['look for /a?token=S3CR3T'],
  }),
});

test('no field of a document shows a secret', () => {
  expect(JSON.stringify(incidentDocument(secretive, CONTEXT))).not.toContain('S3CR3T');
});

test('every field shows it where the user asked for secrets', () => {
  const text = JSON.stringify(incidentDocument(secretive, { ...CONTEXT, mask: SHOW_SECRETS }));
  expect(text.match(/S3CR3T/g)).toHaveLength(6);
});

test('a masked failure has the status that the client got, and an attempt without a cause', () => {
  const document = incidentDocument(maskedVerdict(), CONTEXT);
  expect(document).toMatchObject({ type: 'masked', status: 200 });
  expect(document.attempts[1]).toMatchObject({
    cause: null,
    subcause: null,
    exchangeStatus: 200,
    confidence: 'likely',
    endedAt: '2026-11-20T12:31:09.534000000Z',
  });
});

test('a client that got nothing has no status', () => {
  const silent = exchange({ response: undefined, end: { how: 'client-fin', moment: moment(9000, 8800) } });
  const document = incidentDocument(maskedVerdict({ incident: { kind: 'masked', exchange: silent } }), CONTEXT);
  expect(document).toMatchObject({ status: null, time: '2026-11-20T12:31:09.000000000Z' });
});

test('an incident whose request the capture does not hold says so with nulls', () => {
  const document = incidentDocument(verdict({ incident: { exchange: exchange({ request: undefined }) } }), CONTEXT);
  expect(document.request).toMatchObject({ method: null, target: null, host: null, protocol: null });
});

test('the time to connect is that of the handshake, and none on a reused connection', () => {
  expect(connectTime(tried())).toBeCloseTo(90_000, 0);
  expect(connectTime(tried({ reused: true }))).toBeUndefined();
  expect(connectTime(tried({ connection: connection({ established: undefined }) }))).toBeUndefined();
  expect(connectTime(undefined)).toBeUndefined();
});

test('no time to connect is told where the clock was set back during the handshake', () => {
  const back = connection({ syn: moment(9531, 8800), established: moment(9530, 8802) });
  expect(connectTime(tried({ connection: back }))).toBeUndefined();
});

test('an attempt that goes on has no end; one that failed has that of its failure', () => {
  const open = tried({ end: undefined, serverClose: undefined });
  expect(attemptEnd(attempt({ exchange: open }))).toBeUndefined();
  const answered = tried({ end: undefined, serverClose: undefined, response: response({ status: 200 }) });
  expect(attemptEnd(attempt({ exchange: answered }))).toBeUndefined();
  expect(attemptEnd(attempt({ exchange: tried({ end: undefined }) }))).toMatchObject(moment(9531, 8812));
});

test('the link of an attempt is certain unless it is only timing', () => {
  const timing = { link: 'timing' as const, margin: 1, interchangeable: false };
  expect(linkConfidence(attempt())).toBe('certain');
  expect(linkConfidence(attempt(timing))).toBe('possible');
  expect(linkConfidence(attempt({ ...timing, margin: 9 }))).toBe('likely');
  expect(linkConfidence(attempt({ ...timing, interchangeable: true }))).toBe('likely');
});

test('evidence is cited as Wireshark numbers it; without a number it is not cited', () => {
  expect(evidenceRef('packet', moment(0, 7))).toBe('frame 7');
  expect(evidenceRef('kernel', moment(0, 8))).toBe('event 8');
  expect(evidenceRef('log', moment(0, 9))).toBe('line 9');
  expect(evidenceRef('packet', moment(0, 0))).toBeNull();
});

test('the transport of an attempt is read off its peer', () => {
  const peer = endpoint('unix:/run/fpm.sock', 0);
  const document = incidentDocument(
    verdict({ attempts: [{ attempt: attempt({ peer, exchange: undefined }), finding: finding() }] }),
    CONTEXT,
  );
  expect(document.attempts).toMatchObject([{ peer: 'unix:/run/fpm.sock', transport: 'unix', startedAt: null }]);
});
