/** Verdicts as a bad night brings them: several causes, several peers, a retry, a chain, a hostile client. */
import { endpoint } from '../../../src/model/endpoint.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import {
  attempt,
  attemptless,
  connection,
  exchange,
  finding,
  maskedVerdict,
  moment,
  request,
  response,
  succeeded,
  tried,
  verdict,
} from './verdicts.ts';

const APP = endpoint('10.0.0.7', 8080);
const NODE = endpoint('2001:db8::8', 3000);

/** A request at `milli` and its 502 `took` milliseconds later. */
function asked(milli: number, took: number, target: string, frame: number) {
  const answered = moment(milli + took, frame + 20);
  return exchange({
    request: request({
      method: 'GET',
      target,
      start: moment(milli - 0.2, frame),
      head: moment(milli, frame),
      end: moment(milli, frame),
      octets: 412,
    }),
    response: response({ start: answered, head: answered, end: answered }),
    end: { how: 'complete', moment: answered },
  });
}

function refused(n: number, milli: number): Verdict {
  const frame = 100 * n;
  const refusal = { how: 'rst' as const, moment: moment(milli + 0.3, frame + 11) };
  const exchanged = tried({
    protocol: undefined,
    connection: connection({ passive: APP, established: undefined, synAck: undefined, refusal }),
    server: APP,
    request: undefined,
    start: moment(milli + 0.1, frame + 10),
    clientOctets: 0,
    serverClose: { ...refusal.moment, rst: true },
    end: { how: 'refused', moment: refusal.moment },
  });
  const found = finding({
    cause: 'connect-refused',
    confidence: 'certain',
    sentence: '10.0.0.7:8080 refused the connection: nothing listens there.',
    evidence: [
      { moment: moment(milli + 0.1, frame + 10), source: 'packet', text: 'SYN to 10.0.0.7:8080' },
      { moment: refusal.moment, source: 'packet', text: 'RST from 10.0.0.7:8080, 0.2 ms after the SYN' },
    ],
    unseen: [],
    advice: ['check that the service listens: ss -ltn on 10.0.0.7, port 8080', 'compare the port with proxy_pass'],
  });
  return verdict({
    incident: { id: `i-${n}`, exchange: asked(milli, 0.5, '/api/cart', frame) },
    attempts: [{ attempt: attempt({ peer: APP, exchange: exchanged }), finding: found }],
  });
}

function stale(n: number, milli: number): Verdict {
  const frame = 100 * n;
  const closed = moment(milli + 0.6, frame + 12);
  const exchanged = tried({
    protocol: 'http/1',
    connection: connection({ passive: NODE }),
    server: NODE,
    reused: true,
    idle: 5.01e9,
    start: moment(milli + 0.2, frame + 10),
    serverClose: { ...closed, rst: true },
    end: { how: 'server-rst', moment: closed },
  });
  const found = finding({
    cause: 'stale-keepalive',
    subcause: 'reset',
    sentence: '[2001:db8::8]:3000 had closed the idle connection that nginx took for this request.',
    evidence: [
      {
        moment: moment(milli + 0.2, frame + 10),
        source: 'packet',
        text: 'connection to [2001:db8::8]:3000 used again (request 7 on it), idle for 5.01 s',
      },
      {
        moment: closed,
        source: 'packet',
        text: 'RST from the peer 0.4 ms after the end of the request; no response octets',
      },
    ],
    alternatives: [{ cause: 'reset-before-response', why: 'the peer may have died at that very moment' }],
    unseen: [],
    advice: ['make the keep-alive timeout of the peer longer than keepalive_timeout of the upstream (60 s)'],
  });
  return verdict({
    incident: {
      id: `i-${n}`,
      exchange: asked(milli, 0.8, `/search?q=${'very-long-'.repeat(20)}&token=hunter2`, frame),
    },
    attempts: [{ attempt: attempt({ peer: NODE, exchange: exchanged, link: 'timing', margin: 4 }), finding: found }],
  });
}

function hostile(n: number): Verdict {
  const found = finding({
    cause: 'unknown',
    subcause: 'unlinked',
    confidence: 'possible',
    sentence: 'Which attempt belongs to this request cannot be told.',
    evidence: [],
    unseen: ['anything that names the request on the upstream side'],
    advice: ['add a request id: proxy_set_header X-Request-ID $request_id'],
  });
  const target = '/\x1b]0;pwned\x07\x1b[2J?next=\xe2\x80\xae//evil&session=abc';
  return verdict({
    incident: { id: `i-${n}`, exchange: asked(200_000, 3, target, 9000), losses: 40 },
    attempts: [],
    finding: found,
  });
}

/** 37 incidents and a few hidden failures. */
export function badNight(): Verdict[] {
  const verdicts: Verdict[] = [];
  for (let n = 1; n <= 9; n++) verdicts.push(refused(n, 7000 + 220 * n));
  for (let n = 10; n <= 13; n++) verdicts.push(stale(n, 20_000 * n));
  for (let n = 14; n <= 35; n++) verdicts.push(verdict({ incident: { id: `i-${n}` } }));
  verdicts.push(attemptless(), hostile(37));
  verdicts.push(maskedVerdict(), maskedVerdict({ incident: { id: 'm-4' } }));
  const twice = [...refused(38, 9000).attempts, succeeded(2)];
  verdicts.push(maskedVerdict({ attempts: twice, incident: { id: 'm-5' } }));
  return verdicts;
}
