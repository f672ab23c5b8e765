/** Groups of peers: retries that hide a failure, retries that do not help, groups without a live peer. */
import * as framing from '../peers/framing.ts';
import { OK, OWN_502 } from '../peers/http.ts';
import { closed, fin, onRequest, type Peer, reset, rotate, type Serve, say, silence, tcp } from '../peers/peer.ts';
import type { Places, Scenario } from '../scenario.ts';

const serves = (serve: Serve): Peer => tcp(serve);
const ok = serves(onRequest(framing.http, say(OK, fin)));
const resets = serves(onRequest(framing.http, reset));
const closes = serves(onRequest(framing.http, fin));

interface Group {
  readonly name: string;
  readonly about: string;
  readonly peers: Readonly<Record<string, Peer>>;
  /** Written behind each `server`; `max_fails=0` where absent, so that no peer is ever left out. */
  readonly server?: (role: string) => string;
  readonly more?: string;
  readonly directives?: string;
  readonly load?: Scenario['load'];
  readonly scenario?: Partial<Scenario>;
}

/** A location over a group named after it. */
function group({
  name,
  about,
  peers,
  server = () => 'max_fails=0',
  more = '',
  directives = '',
  load,
  scenario,
}: Group): Scenario {
  const block = name.replaceAll('-', '_');
  const servers = (at: Places) => Object.keys(peers).map((role) => `server ${at.peer(role)} ${server(role)};`);
  return {
    name,
    about,
    upstream: 'tcp',
    peers,
    http: (at) => `upstream ${block} { ${more} ${servers(at).join(' ')} }`,
    location: () => `proxy_pass http://${block}; ${directives}`,
    ...(load === undefined ? {} : { load }),
    ...scenario,
  };
}

const failTimeout = (time: string) => () => `fail_timeout=${time}`;

export const GROUPS: readonly Scenario[] = [
  group({
    name: 'retry-refused',
    about: 'Refused by one peer, served by the other: hidden.',
    peers: { a: closed(), b: ok },
  }),
  group({
    name: 'retry-reset',
    about: 'Reset by one peer, served by the other: hidden for GET, a 502 for POST, which is not sent twice.',
    peers: { a: resets, b: ok },
  }),
  group({
    name: 'retry-three',
    about: 'Two peers refuse and reset, the third serves.',
    peers: { a: closed(), b: resets, c: ok },
    load: { methods: ['GET'] },
  }),
  group({ name: 'retry-both-refused', about: 'Both peers refuse.', peers: { a: closed(), b: closed() } }),
  group({
    name: 'retry-bad',
    about: 'Three peers that refuse, reset and close: GET fails three times, POST ends with the first that took it.',
    peers: { a: closed(), b: resets, c: closes },
    load: { weight: 1.5 },
  }),
  group({
    name: 'retry-post',
    about: 'POST with non_idempotent: reset by one peer, refused by the other.',
    peers: { a: resets, b: closed() },
    directives: 'proxy_next_upstream error timeout non_idempotent;',
    load: { methods: ['POST'], weight: 0.6 },
  }),
  group({
    name: 'retry-tls',
    about: 'TLS fails with one peer, the other serves it in plain: the handshake fails with both.',
    peers: { a: closed(), b: serves(onRequest(framing.anything, fin)) },
    load: { weight: 0.6 },
    scenario: { location: () => 'proxy_pass https://retry_tls;' },
  }),
  group({
    name: 'retry-timeout',
    about: 'The first peer is silent until the read timeout, the backup refuses: 502 after a 504.',
    peers: { a: serves(onRequest(framing.http, silence)), b: closed() },
    server: (role) => (role === 'b' ? 'backup max_fails=0' : 'max_fails=0'),
    directives: 'proxy_read_timeout 300ms;',
    load: { methods: ['GET'], slow: 10 },
  }),
  group({
    name: 'next-502',
    about: 'proxy_next_upstream http_502: both peers answer 502, the last one is passed on.',
    peers: {
      a: serves(onRequest(framing.http, say(OWN_502, fin))),
      b: serves(onRequest(framing.http, say(OWN_502, fin))),
    },
    directives: 'proxy_next_upstream error timeout http_502;',
    load: { methods: ['GET'], weight: 0.6 },
  }),
  group({
    name: 'next-502-masked',
    about: 'proxy_next_upstream http_502: one peer answers 502, the other serves.',
    peers: { a: serves(onRequest(framing.http, say(OWN_502, fin))), b: ok },
    directives: 'proxy_next_upstream error timeout http_502;',
    load: { methods: ['GET'], weight: 0.6 },
  }),
  group({
    name: 'nolive-refused',
    about: 'Two closed ports with max_fails=1: after one request nothing is tried for ten seconds.',
    peers: { a: closed(), b: closed() },
    server: failTimeout('10s'),
    load: { weight: 1.5 },
  }),
  group({
    name: 'nolive-mixed',
    about: 'A peer that resets and a closed port, with fail_timeout 2s.',
    peers: { a: resets, b: closed() },
    server: failTimeout('2s'),
  }),
  group({
    name: 'nolive-zone',
    about: 'Three failing peers in a zone that the workers share.',
    peers: { a: closed(), b: closes, c: closed() },
    server: failTimeout('10s'),
    more: 'zone nolive_zone 64k;',
  }),
  group({
    name: 'nolive-tls',
    about: 'Two peers that close in the TLS handshake.',
    peers: { a: serves(onRequest(framing.anything, fin)), b: serves(onRequest(framing.anything, reset)) },
    server: failTimeout('10s'),
    load: { weight: 0.6 },
    scenario: { location: () => 'proxy_pass https://nolive_tls;' },
  }),
  group({
    name: 'nolive-sometimes',
    about: 'Two flaky peers with fail_timeout 1s: served, hidden, or without a live peer by turns.',
    peers: {
      a: serves(rotate(...turns(7))),
      b: serves(rotate(...turns(9))),
    },
    server: failTimeout('1s'),
    load: { weight: 1.5 },
  }),
  group({
    name: 'hot',
    about: 'Three peers, one of which resets one request in ten and one of which is closed: mostly served.',
    peers: { a: serves(rotate(...turns(10))), b: ok, c: closed() },
    server: (role) => (role === 'c' ? 'max_fails=0 weight=1' : 'max_fails=0 weight=4'),
    load: { weight: 2 },
    scenario: { healthy: true },
  }),
  group({
    name: 'max-conns',
    about: 'Two peers with max_conns=1 that are silent: the third request finds no live upstream.',
    peers: { a: serves(onRequest(framing.http, silence)), b: serves(onRequest(framing.http, silence)) },
    server: () => 'max_fails=0 max_conns=1',
    more: 'zone max_conns 64k;',
    load: { methods: ['GET'], slow: 6, abortMs: 300 },
    scenario: { rootless: true },
  }),
  group({
    name: 'all-down',
    about: 'Both peers are marked down: no live upstream, and no failure before it that a packet could show.',
    peers: { a: closed(), b: closed() },
    server: () => 'down',
    load: { weight: 0.5 },
    scenario: { rootless: true },
  }),
];

/** n - 1 connections are served, the nth is reset. */
function turns(n: number): [Serve, ...Serve[]] {
  const served = onRequest(framing.http, say(OK, fin));
  return [served, ...Array.from({ length: n - 2 }, () => served), onRequest(framing.http, reset)];
}
