/** What users report as a 502 and what is none, and failures that the client does not see as such. */
import * as framing from '../peers/framing.ts';
import { answer, OK, TRUNCATED_BODY } from '../peers/http.ts';
import { after, closed, fin, onRequest, reset, say, silence, tcp } from '../peers/peer.ts';
import { authority, FAR_ADDRESS, FAR_PORT } from '../places.ts';
import type { Places, Scenario } from '../scenario.ts';

const pass = (at: Places) => `proxy_pass http://${at.peer('a')};`;
const silent = tcp(onRequest(framing.http, silence));

export const NEIGHBOURS: readonly Scenario[] = [
  {
    name: 'read-timeout',
    about: '504: the peer is silent until proxy_read_timeout.',
    upstream: 'tcp',
    peers: { a: silent },
    location: (at) => `${pass(at)} proxy_read_timeout 150ms;`,
    load: { slow: 12 },
  },
  {
    name: 'connect-timeout',
    about: "504: SYNs are dropped and nginx's own timer ends it.",
    upstream: 'tcp',
    location: () => `proxy_pass http://${authority(FAR_ADDRESS, FAR_PORT.drop)}; proxy_connect_timeout 400ms;`,
    load: { slow: 6 },
  },
  {
    name: 'client-abort',
    about: '499: the client leaves before the peer answers.',
    upstream: 'tcp',
    peers: { a: silent },
    location: pass,
    load: { abortMs: 40, slow: 15 },
  },
  {
    name: 'truncated',
    about: '200 with a body that is cut short by FIN.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(TRUNCATED_BODY, fin))) },
    location: pass,
    load: { weight: 0.4, alone: true },
  },
  {
    name: 'truncated-rst',
    about: '200 with a body that is cut short by RST.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(TRUNCATED_BODY, after(3, reset)))) },
    location: pass,
    load: { weight: 0.4, alone: true },
  },
  {
    name: 'config-500',
    about: '500: no scheme in the URL that proxy_pass puts together.',
    upstream: 'none',
    location: () => 'set $nowhere ""; proxy_pass $nowhere;',
    load: { weight: 0.3 },
  },
  {
    name: 'own-503',
    about: "503: the peer's own.",
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(answer(503, 'busy', ['Connection: close']), fin))) },
    location: pass,
    load: { weight: 0.4 },
  },
  {
    name: 'auth-down',
    about: '500: the auth_request subrequest is refused, before a healthy peer is asked.',
    upstream: 'tcp',
    peers: { auth: closed(), a: tcp(onRequest(framing.http, say(OK, fin))) },
    location: (at) => `auth_request /auth-down-check; ${pass(at)}`,
    server: (at) =>
      `location = /auth-down-check { internal; proxy_pass http://${at.peer('auth')}; proxy_pass_request_body off; proxy_set_header Content-Length ""; }`,
    load: { weight: 0.4, methods: ['GET'] },
  },
  {
    name: 'mirror-down',
    about: '200: the mirror subrequest is refused, the client is served by a healthy peer.',
    upstream: 'tcp',
    peers: { mirror: closed(), a: tcp(onRequest(framing.http, say(OK, fin))) },
    location: (at) => `mirror /mirror-down-copy; ${pass(at)}`,
    server: (at) => `location = /mirror-down-copy { internal; proxy_pass http://${at.peer('mirror')}$request_uri; }`,
    load: { weight: 0.4, methods: ['GET'] },
  },
  {
    name: 'masked-by-page',
    about: '200: error_page 502 =200 hides a refusal.',
    upstream: 'tcp',
    peers: { a: closed() },
    location: (at) => `${pass(at)} error_page 502 =200 /own-502-page.html;`,
    load: { weight: 0.4 },
  },
  {
    name: 'gateway-files',
    about: '500, not 502: the gateway itself has no file descriptor left for a connection to its healthy peer.',
    upstream: 'tcp',
    optional: true,
    peers: { a: tcp(onRequest(framing.http, say(OK, fin))) },
    location: pass,
  },
];
