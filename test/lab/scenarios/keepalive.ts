/** Kept-alive connections to peers, that the peer ends while nginx still trusts them. */
import * as framing from '../peers/framing.ts';
import { answer, OK_ALIVE } from '../peers/http.ts';
import { type Act, after, fin, idleOut, onRequest, reset, rotate, say, tcp } from '../peers/peer.ts';
import { authority, NODE_HASTY_PORT } from '../places.ts';
import { type Places, type Scenario, STALE } from '../scenario.ts';

const ALIVE = 'proxy_http_version 1.1; proxy_set_header Connection "";';
function stale(name: string, about: string, end: Act, more: Partial<Scenario> = {}): Scenario {
  const group = name.replaceAll('-', '_');
  return {
    name,
    about,
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(OK_ALIVE), end)) },
    http: (at) => `upstream ${group} { server ${at.peer('a')}; keepalive 16; }`,
    location: () => `proxy_pass http://${group}; ${ALIVE}`,
    wire: STALE,
    ...more,
  };
}

const serveFor = (ms: number): Act =>
  say(OK_ALIVE, (socket) => {
    const timer = setTimeout(() => socket.end(), ms);
    socket.once('data', () => clearTimeout(timer));
    socket.once('close', () => clearTimeout(timer));
  });

export const KEEPALIVE: readonly Scenario[] = [
  stale(
    'stale-reset',
    'The second request on a kept-alive connection is reset: POST fails, GET is tried again.',
    reset,
    { reads: true },
  ),
  stale('stale-fin', 'The second request on a kept-alive connection meets FIN.', fin, { reads: true }),
  stale('stale-later', 'The third request on a kept-alive connection is reset 3 ms after it came.', reset, {
    reads: true,
    peers: { a: tcp(onRequest(framing.http, say(OK_ALIVE), say(answer(200, 900)), after(3, reset))) },
    // Was it idle too long, or did the peer work for 3 ms? No packet tells.
    acceptable: { 'stale-keepalive': ['reset-before-response'] },
  }),
  stale(
    'stale-group',
    'A stale connection in a group of two whose other peer is a closed port: the outage after the race.',
    reset,
    {
      reads: true,
      peers: {
        a: tcp(onRequest(framing.http, say(OK_ALIVE), say(OK_ALIVE), say(OK_ALIVE), reset)),
        b: { transport: 'tcp' },
      },
      http: (at) =>
        `upstream stale_group { server ${at.peer('a')} fail_timeout=1s; server ${at.peer('b')} backup max_fails=0; keepalive 8; }`,
    },
  ),
  {
    name: 'amplifier',
    about: 'Two healthy peers, taken out by one request that met a stale connection to each: the outage amplifier.',
    upstream: 'tcp',
    optional: true,
    peers: {
      a: tcp(onRequest(framing.http, say(OK_ALIVE, idleOut(30)))),
      b: tcp(onRequest(framing.http, say(OK_ALIVE, idleOut(30)))),
    },
    http: (at: Places) => `upstream amplifier { server ${at.peer('a')}; server ${at.peer('b')}; keepalive 8; }`,
    location: () => `proxy_pass http://amplifier; ${ALIVE}`,
    load: { methods: ['GET'] },
    wire: STALE,
  },
  {
    name: 'idle-close',
    about: 'Peers that close idle connections after 2, 5 and 15 ms: now and then the FIN crosses a request.',
    upstream: 'tcp',
    healthy: true,
    peers: {
      a: tcp(onRequest(framing.http, serveFor(2))),
      b: tcp(onRequest(framing.http, serveFor(5))),
      c: tcp(onRequest(framing.http, serveFor(15))),
    },
    http: (at: Places) =>
      `upstream idle_close { ${['a', 'b', 'c'].map((role) => `server ${at.peer(role)} max_fails=0;`).join(' ')} keepalive 16; }`,
    location: () => `proxy_pass http://idle_close; ${ALIVE}`,
    wire: STALE,
  },
  {
    name: 'node-idle',
    about: "A real Node's keepAliveTimeout: busy, it ends connections that a request is on its way to.",
    upstream: 'tcp',
    http: () => `upstream node_idle { server ${authority('127.0.0.1', NODE_HASTY_PORT)}; keepalive 16; }`,
    location: () => `proxy_pass http://node_idle; ${ALIVE}`,
    wire: STALE,
  },
  {
    name: 'alive-flaky',
    about: 'A kept-alive pool whose peer resets the first request of one connection in five.',
    upstream: 'tcp',
    peers: {
      a: tcp(
        rotate(
          onRequest(framing.http, say(OK_ALIVE), say(OK_ALIVE), say(OK_ALIVE), say(OK_ALIVE, fin)),
          onRequest(framing.http, say(OK_ALIVE), say(OK_ALIVE, fin)),
          onRequest(framing.http, reset),
          onRequest(framing.http, say(OK_ALIVE, fin)),
          onRequest(framing.http, say(OK_ALIVE), say(OK_ALIVE, fin)),
        ),
      ),
    },
    http: (at) => `upstream alive_flaky { server ${at.peer('a')}; keepalive 4; }`,
    location: () => `proxy_pass http://alive_flaky; ${ALIVE}`,
    acceptable: { 'close-before-response': ['stale-keepalive'], 'reset-before-response': ['stale-keepalive'] },
  },
];
