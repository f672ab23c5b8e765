/** What the packets of one attempt show, by name: the rows of the matrix. */
import type { Attempt, Incident } from '../../src/model/incident.ts';
import {
  type AttemptPlan,
  alert,
  attempt,
  fault,
  goaway,
  type IncidentPlan,
  incident,
  moment,
  PEER,
  type response,
  streamReset,
  tls,
} from '../kit/incidents.ts';

export interface Situation {
  readonly attempt?: AttemptPlan;
  /** An attempt that is more, or less, than an exchange. */
  readonly made?: Attempt;
  readonly incident?: IncidentPlan;
}

function unreachable(code: number, version: 4 | 6 = 4): AttemptPlan {
  return { refusal: { how: 'unreachable', version, code, reporter: '10.0.0.254', moment: moment(0.2) } };
}

function unanswered(syns: number): AttemptPlan {
  return {
    request: undefined,
    connection: { synAck: undefined, established: undefined, syns, lastSyn: moment(3000) },
  };
}

const fcgi = { protocol: 'fastcgi' } as const;
const h2 = { protocol: 'http/2', serverOctets: 40 } as const;
const hello = tls();
const answeredHello = tls({ serverHello: moment(1) });
const requested = tls({ serverHello: moment(1), applicationData: moment(2) });
const upload = { octets: 200_000, end: undefined } as const;
const askedAt = (ms: number) => ({ octets: 900, acknowledged: 900, firstOctet: moment(0.25), lastOctet: moment(ms) });
/** Octets of a TLS connection whose request was sent at 2 ms. */
const spoke = { serverOctets: 3000, exchange: { clientOctets: 900 }, clientStream: askedAt(2) } as const;
const rejected = { gatewayAfterMs: 1 } as const;
const own502 = { response: { status: 502, fields: [{ name: 'X-Runtime', value: '0.01' }] } } as const;
const bigField = { name: 'Set-Cookie', value: 'x'.repeat(6000) };

function refusedByMemcached(detail: string, sample: string): AttemptPlan {
  return { protocol: 'memcached', serverOctets: 30, faults: [fault('memcached-reply', detail, sample)], ...rejected };
}

export const SITUATIONS = {
  'RST to the SYN': { attempt: { server: 'refuses' } },
  'RST to the SYN with another TTL than its host': {
    attempt: { server: 'refuses', serverStream: { ttl: 255, rstTtl: 255 } },
    incident: { attempts: [attempt({ n: 1, server: 'fin', peer: { ...PEER, port: 9001, text: '10.0.0.7:9001' } })] },
  },
  'ICMP port unreachable': { attempt: unreachable(3) },
  'ICMPv6 port unreachable': { attempt: unreachable(4, 6) },
  'ICMPv6 administratively prohibited': { attempt: unreachable(1, 6) },
  'ICMP host unreachable': { attempt: unreachable(1) },
  'ICMP administratively prohibited': { attempt: unreachable(13) },
  'ICMP network unreachable': { attempt: unreachable(0) },
  'ICMP protocol unreachable': { attempt: unreachable(2) },
  'ARP without an answer': {
    made: {
      ...attempt({ link: 'timing' }),
      exchange: undefined,
      silent: { asker: '10.0.0.1', target: '10.0.0.7', first: moment(0.1), last: moment(2000), queries: 3 },
    },
  },
  'SYNs without an answer, then 502': { attempt: unanswered(4) },
  'one SYN without an answer, then 502': { attempt: unanswered(1) },
  'SYNs without an answer, then 504': {
    attempt: unanswered(4),
    incident: { kind: 'masked', status: 504, answeredMs: 60_000 },
  },

  'ClientHello, then HTTP': {
    attempt: { tls: hello, serverOctets: 300, faults: [fault('other-protocol', 'http', 'HTTP/1.1 400')], ...rejected },
  },
  'ClientHello, then alert 70': { attempt: { tls: tls({ alerts: [alert(70, 0.5)] }), server: 'fin', serverOctets: 7 } },
  'ClientHello, then FIN': { attempt: { tls: hello, server: 'fin' } },
  'ClientHello, then RST': { attempt: { tls: hello, server: 'rst' } },
  'TLS handshake, then the gateway leaves': { attempt: { tls: answeredHello, serverOctets: 3000, gatewayAfterMs: 3 } },
  "the gateway's goodbye after the handshake, then FIN": {
    attempt: {
      tls: tls({ serverHello: moment(1), alerts: [alert(-1, 2, 'forward')] }),
      serverOctets: 3000,
      server: 'fin',
      afterRequestMs: 3,
    },
  },
  'alert 40 from the gateway': {
    attempt: { tls: tls({ alerts: [alert(40, 0.6, 'forward')] }), serverOctets: 100, gatewayAfterMs: 0.5 },
  },
  'alert 48 from the gateway': {
    attempt: {
      tls: tls({ serverHello: moment(1), alerts: [alert(48, 2, 'forward')] }),
      serverOctets: 3000,
      gatewayAfterMs: 3,
    },
  },
  'encrypted alert crossing the request': {
    attempt: { tls: { ...requested, alerts: [alert(-1, 1.9)] }, serverOctets: 1200, server: 'fin', afterRequestMs: 2 },
  },
  'alert 116 after the request': {
    attempt: { tls: { ...requested, alerts: [alert(116, 3)] }, serverOctets: 1200, server: 'fin', afterRequestMs: 3 },
  },
  'encrypted alert long after the request': {
    attempt: {
      tls: { ...requested, alerts: [alert(-1, 900)] },
      serverOctets: 3000,
      server: 'fin',
      afterRequestMs: 905,
    },
  },
  'the peer speaks before the ClientHello': {
    attempt: { tls: tls({ clientHello: moment(0.9) }), serverOctets: 30, gatewayAfterMs: 1 },
  },
  'the peer speaks, the gateway says nothing': {
    attempt: { request: undefined, protocol: undefined, serverOctets: 30, gatewayAfterMs: 1 },
  },
  'the peer answers 408, the gateway says nothing': {
    attempt: { request: undefined, response: { status: 408 }, gatewayAfterMs: 1 },
  },
  'TLS, request sent, RST': {
    attempt: { tls: requested, ...spoke, server: 'rst', afterRequestMs: 50 },
  },
  'TLS, request sent, FIN': {
    attempt: { tls: requested, ...spoke, server: 'fin', afterRequestMs: 50 },
  },
  'TLS, answered before, another request, FIN': {
    attempt: {
      tls: { ...requested, answer: moment(3) },
      ...spoke,
      clientStream: askedAt(40),
      serverStream: { lastOctet: moment(5) },
      server: 'fin',
      afterRequestMs: 40,
    },
  },
  'TLS, answered, FIN': {
    attempt: {
      tls: { ...requested, answer: moment(3) },
      ...spoke,
      serverStream: { lastOctet: moment(9) },
      server: 'fin',
      afterRequestMs: 50,
    },
  },

  'FastCGI request, RST at once': { attempt: { ...fcgi, server: 'rst', afterRequestMs: 0.3 } },
  'FastCGI request, RST after 2.31 s': { attempt: { ...fcgi, server: 'rst', afterRequestMs: 2310 } },
  'HTTP request, RST at once': { attempt: { server: 'rst', afterRequestMs: 0.3 } },
  'HTTP request, RST after 2.31 s': { attempt: { server: 'rst', afterRequestMs: 2310 } },
  'HTTP request, FIN at once': { attempt: { server: 'fin', afterRequestMs: 0.3 } },
  'HTTP request, RST after 40 ms': { attempt: { server: 'rst', afterRequestMs: 40 } },
  'HTTP request, FIN after 40 ms': { attempt: { server: 'fin', afterRequestMs: 40 } },
  'HTTP request, FIN after 30 s': { attempt: { server: 'fin', afterRequestMs: 30_010 } },
  'FIN, then RST, after 30 s': {
    attempt: { server: 'fin', afterRequestMs: 30_010, serverStream: { rst: moment(30_011) } },
  },
  'uwsgi request, FIN after 1 s': { attempt: { protocol: 'uwsgi', server: 'fin', afterRequestMs: 1000 } },
  'RST right after the handshake': { attempt: { request: undefined, protocol: undefined, server: 'rst' } },
  'FIN right after the handshake': { attempt: { request: undefined, protocol: undefined, server: 'fin' } },
  'HTTP/2 SETTINGS, request, FIN': { attempt: { ...h2, server: 'fin', afterRequestMs: 3 } },
  'HTTP/2 SETTINGS, request, RST': { attempt: { ...h2, server: 'rst', afterRequestMs: 3 } },
  'HTTP/2 request, silence, FIN': { attempt: { protocol: 'http/2', server: 'fin', afterRequestMs: 300 } },
  'request never acknowledged, RST': { attempt: { server: 'rst', unread: true, afterRequestMs: 0.1 } },
  'request never acknowledged, FIN': { attempt: { server: 'fin', unread: true, afterRequestMs: 0.1 } },
  'FIN before the request, then RST': {
    attempt: { server: 'rst', unread: true, afterRequestMs: 0.1, serverStream: { fin: moment(0.2) } },
  },
  'half a request, RST': { attempt: { request: upload, server: 'rst', afterRequestMs: 20 } },
  'half a request, FIN': { attempt: { request: upload, server: 'fin', afterRequestMs: 20 } },
  '60 octets of a header, RST': { attempt: { server: 'rst', serverOctets: 60, afterRequestMs: 3 } },
  '60 octets of a header, FIN': { attempt: { server: 'fin', serverOctets: 60, afterRequestMs: 3 } },
  '5000 octets of a header, FIN': { attempt: { server: 'fin', serverOctets: 5000, afterRequestMs: 3 } },
  'FastCGI stderr only, RST': { attempt: { ...fcgi, server: 'rst', serverOctets: 80, afterRequestMs: 3 } },
  'a 413 while the request flows, RST': {
    attempt: { request: upload, response: { status: 413 }, server: 'rst', afterRequestMs: 2 },
  },
  'a 413 before the end of the request, RST': {
    attempt: { request: { end: moment(3) }, response: { status: 413 }, server: 'rst', afterRequestMs: 2 },
  },
  'no acknowledgement, 6 retransmissions': {
    attempt: { unread: true, clientStream: { retransmissions: 6 } },
    incident: { answeredMs: 900_000 },
  },

  '4096 octets of a header, RST from the gateway': {
    attempt: { serverOctets: 4096, gatewayAfterMs: 1, gatewayRst: true },
  },
  '5000 octets of a header, FIN, RST from the gateway': {
    attempt: {
      serverOctets: 5000,
      server: 'fin',
      afterRequestMs: 3,
      exchange: { clientClose: { ...moment(4), rst: true } },
    },
  },
  'a whole header of 6 kB, then 502': {
    attempt: { response: { octets: 6500, bodyOctets: 400, fields: [bigField] }, ...rejected },
  },
  'a header without end, beyond our limit': {
    attempt: { serverOctets: 70_000, faults: [fault('head-too-big')], ...rejected },
  },
  'a control octet in a field name': {
    attempt: { serverOctets: 90, faults: [fault('header-line', 'name', 'X-\x01: y')], ...rejected },
  },
  'a control octet in a field name, FIN': {
    attempt: {
      serverOctets: 90,
      faults: [fault('header-line', 'name', 'X-\x01: y')],
      server: 'fin',
      afterRequestMs: 2,
    },
  },
  'no status line, then 502': { attempt: { serverOctets: 90, faults: [fault('http09', '', 'hello')], ...rejected } },
  'Content-Length twice': { attempt: { response: {}, faults: [fault('header-conflict', 'duplicate')], ...rejected } },
  'Content-Length and Transfer-Encoding': {
    attempt: { response: {}, faults: [fault('header-conflict', 'cl-te')], ...rejected },
  },
  'a bad Content-Length': { attempt: { response: {}, faults: [fault('header-conflict', 'bad-cl')], ...rejected } },
  'an unknown Transfer-Encoding': {
    attempt: { response: {}, faults: [fault('header-conflict', 'bad-te')], ...rejected },
  },
  'Content-Length twice, header cut by FIN': {
    attempt: { serverOctets: 90, faults: [fault('header-conflict', 'duplicate')], server: 'fin', afterRequestMs: 2 },
  },
  'Status: abc': { attempt: { ...fcgi, serverOctets: 90, faults: [fault('status', '', 'abc')], ...rejected } },
  '103 in HTTP/1.0': { attempt: { serverOctets: 90, faults: [fault('status', 'early-hints')], ...rejected } },
  'FastCGI request, HTTP answer': {
    attempt: {
      ...fcgi,
      serverOctets: 90,
      faults: [fault('other-protocol', 'http', 'HTTP/1.1 400 Bad')],
      server: 'fin',
    },
  },
  'FastCGI request, TLS alert': {
    attempt: { ...fcgi, serverOctets: 7, faults: [fault('record-version', '', '\x15\x03\x03\x00\x02')], server: 'fin' },
  },
  'FastCGI request, version 7': {
    attempt: { ...fcgi, serverOctets: 8, faults: [fault('record-version', '', '\x07')], ...rejected },
  },
  'HTTP/2 request, HTTP/1 answer': {
    attempt: { ...h2, faults: [fault('other-protocol', 'http', 'HTTP/1.1 400')], ...rejected },
  },
  'HTTP/2 request, TLS alert': { attempt: { ...h2, faults: [fault('http2-frame', '', '\x15\x03\x03')], ...rejected } },
  'HTTP request, FastCGI answer, then 502': {
    attempt: { serverOctets: 16, faults: [fault('other-protocol', 'fastcgi', '\x01\x03')], ...rejected },
  },
  'FCGI_END_REQUEST before a header': {
    attempt: { ...fcgi, serverOctets: 16, faults: [fault('record-unexpected', 'end-request')], server: 'fin' },
  },
  'empty FCGI_STDOUT before a header': {
    attempt: { ...fcgi, serverOctets: 8, faults: [fault('record-unexpected', 'empty-stdout')], server: 'fin' },
  },
  'FastCGI record of type 99': { attempt: { ...fcgi, serverOctets: 8, faults: [fault('record-type')], ...rejected } },
  'FastCGI record of another request': {
    attempt: { ...fcgi, serverOctets: 8, faults: [fault('record-request-id')], ...rejected },
  },
  'memcached answers SERVER_ERROR': { attempt: refusedByMemcached('server-error', 'SERVER_ERROR out of memory') },
  'memcached answers for another key': { attempt: refusedByMemcached('key', 'VALUE /b 0 2') },
  'FastCGI 200 with stderr, then 502': {
    attempt: { ...fcgi, response: {}, exchange: { stderr: 'PHP Fatal error' }, ...rejected },
  },
  'GOAWAY, no stream taken': { attempt: { ...h2, exchange: { goaway: goaway(0) }, server: 'fin' } },
  'GOAWAY, some streams taken': { attempt: { ...h2, exchange: { goaway: goaway(11, 3) }, server: 'fin' } },
  'RST_STREAM 7': { attempt: { ...h2, exchange: { streamReset: streamReset(7) } } },
  'HTTP/2 response begun, the gateway leaves at once': {
    attempt: { ...h2, response: { head: undefined, status: 0, end: undefined, octets: 9 }, ...rejected },
  },
  'HTTP/2 200, the gateway leaves at once, then 502': { attempt: { ...h2, response: { status: 200 }, ...rejected } },
  'a forbidden HTTP/2 frame': { attempt: { ...h2, faults: [fault('http2-frame')], ...rejected } },

  'the peer answers 502, the same to the client': {
    attempt: own502,
    incident: { response: own502.response },
  },
  'the peer answers 502, another page to the client': {
    attempt: { response: { status: 502, bodyOctets: 20, octets: 120 } },
  },
  'the peer answers 502, which cannot be compared': {
    attempt: { response: { status: 502, how: undefined, end: undefined } as ReturnType<typeof response> },
  },
  'the peer answers 200, then 502': { attempt: { response: {} } },
  'the gateway leaves in silence, then 502': { attempt: { gatewayAfterMs: 3000 } },
  'nothing ends, then 502': { attempt: {} },

  'the gateway leaves in silence, then 504': {
    attempt: { gatewayAfterMs: 60_000 },
    incident: { kind: 'masked', status: 504, answeredMs: 60_001 },
  },
  'half a request, zero window, then 504': {
    attempt: { request: upload, serverStream: { zeroWindow: true }, gatewayAfterMs: 60_000 },
    incident: { kind: 'masked', status: 504, answeredMs: 60_001 },
  },
  'ClientHello, silence, then 504': {
    attempt: { tls: hello, gatewayAfterMs: 60_000 },
    incident: { kind: 'masked', status: 504, answeredMs: 60_001 },
  },
  'the client leaves, then the gateway': {
    attempt: { gatewayAfterMs: 3000 },
    incident: { kind: 'masked', status: 0, exchange: { clientClose: { ...moment(2999), rst: false } } },
  },
  'no status line, octets passed on': {
    attempt: { serverOctets: 90, faults: [fault('http09', '', '\x00\x01')], server: 'fin' },
    incident: { kind: 'masked', status: 0 },
  },
  'a 200 cut in its body': {
    attempt: { response: { how: 'cut' }, server: 'fin', afterRequestMs: 3 },
    incident: { kind: 'masked', status: 200 },
  },
} satisfies Record<string, Situation>;

/** The five ways to know less than everything, as changes to the plain incident. */
export const COLUMNS = {
  plain: { attempt: {}, incident: {} },
  reused: { attempt: { reused: true }, incident: {} },
  loss: { attempt: {}, incident: { losses: 1 } },
  margin: { attempt: { link: 'timing', margin: 3 }, incident: {} },
  rivals: { attempt: {}, incident: { rivals: 1 } },
} as const satisfies Record<string, { attempt: AttemptPlan; incident: Partial<Incident> }>;

export type Column = keyof typeof COLUMNS;

/** The incident of one cell: the situation's attempt is the last one. */
export function incidentOf(situation: Situation, column: Column): Incident {
  const { attempt: change, incident: around } = COLUMNS[column];
  const before = situation.incident?.attempts ?? [];
  const n = before.length + 1;
  const last = situation.made
    ? { ...situation.made, ...('link' in change ? change : {}), n }
    : attempt({ ...situation.attempt, ...change, n });
  return incident({ ...situation.incident, attempts: [...before, last], incident: around });
}
