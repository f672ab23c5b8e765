/** HTTP peers that accept the connection and then fail. */
import * as framing from '../peers/framing.ts';
import {
  BIG_HEAD,
  BINARY,
  DUPLICATE_LENGTH,
  EARLY_413,
  EARLY_HINTS_10,
  INVALID_HEADER,
  LENGTH_AND_CHUNKS,
  MIDDLE_HEAD,
  OK,
  OWN_502,
  PARTIAL_HEAD,
} from '../peers/http.ts';
import { after, close, fin, onAccept, onRequest, reset, rotate, say, tcp } from '../peers/peer.ts';
import { authority, NODE_CRASH_PORT, NODE_PORT } from '../places.ts';
import { type Places, type Scenario, STALE } from '../scenario.ts';

const pass = (at: Places) => `proxy_pass http://${at.peer('a')};`;
const ok = onRequest(framing.http, say(OK, fin));
/** The peer's RST races with the gateway's first write: the log may have any of three words for it. */
const EARLY_RESET = {
  'stale-keepalive': 'reset-before-response',
  'reset-during-request': 'reset-before-response',
} as const;
const EARLY_CLOSE = {
  'reset-during-request': 'close-before-response',
  'reset-before-response': 'close-before-response',
} as const;
const LARGE = { min: 120_000, max: 260_000 };

export const HTTP: readonly Scenario[] = [
  {
    name: 'rst-on-accept',
    about: 'The peer resets the connection as soon as it accepts it.',
    upstream: 'tcp',
    peers: { a: tcp(onAccept(reset)) },
    location: pass,
    wire: EARLY_RESET,
    acceptable: { 'reset-before-response': ['reset-during-request'] },
  },
  {
    name: 'fin-on-accept',
    about: 'The peer closes its side as soon as it accepts, and reads what comes.',
    upstream: 'tcp',
    peers: { a: tcp(onAccept(fin)) },
    location: pass,
  },
  {
    name: 'close-on-accept',
    about: 'The peer closes the connection as soon as it accepts: FIN, and RST to the request that follows.',
    upstream: 'tcp',
    peers: { a: tcp(onAccept(close)) },
    location: pass,
    wire: EARLY_CLOSE,
    acceptable: { 'close-before-response': ['reset-before-response', 'reset-during-request'] },
  },
  {
    name: 'close-unread',
    about: 'The peer closes three milliseconds after it accepted, without reading: RST.',
    subcause: 'closed-unread',
    upstream: 'tcp',
    peers: { a: tcp(onAccept(after(3, close))) },
    location: pass,
  },
  {
    name: 'rst-after-request',
    about: 'The peer reads the request and resets.',
    subcause: 'linger-abort',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, reset)) },
    location: pass,
  },
  {
    name: 'fin-after-request',
    about: 'The peer reads the request and closes without an answer.',
    subcause: 'app-closed',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, fin)) },
    location: pass,
  },
  {
    name: 'rst-later',
    about: 'The peer works for 20 ms, then resets.',
    subcause: 'linger-abort',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, after(20, reset))) },
    location: pass,
  },
  {
    name: 'fin-later',
    about: 'The peer works for 12 ms, then closes.',
    subcause: 'app-closed',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, after(12, fin))) },
    location: pass,
  },
  {
    name: 'far-rst',
    about: 'A peer on another host that reads the request and resets.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, after(2, reset)), 'far') },
    location: pass,
  },
  {
    name: 'flaky',
    about: 'A peer that resets one request in ten and serves the others.',
    upstream: 'tcp',
    peers: { a: tcp(rotate(ok, ok, ok, ok, ok, ok, ok, ok, ok, onRequest(framing.http, reset))) },
    location: pass,
    load: { weight: 2 },
  },
  {
    name: 'rst-in-header',
    about: 'The peer resets in the middle of its header.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(PARTIAL_HEAD, after(2, reset)))) },
    location: pass,
  },
  {
    name: 'fin-in-header',
    about: 'The peer closes in the middle of its header.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(PARTIAL_HEAD, fin))) },
    location: pass,
  },
  {
    name: 'big-header',
    about: "A header larger than nginx's buffer.",
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(BIG_HEAD))) },
    location: pass,
  },
  {
    name: 'big-header-split',
    about: 'A whole header of 5 kB, sent in one piece and larger than a 4k buffer.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(MIDDLE_HEAD, fin))) },
    location: (at) => `proxy_pass http://${at.peer('a')}; proxy_buffer_size 4k;`,
  },
  {
    name: 'invalid-header',
    about: 'A control octet in the name of a header field.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(INVALID_HEADER, fin))) },
    location: pass,
  },
  {
    name: 'duplicate-length',
    about: 'Content-Length twice: a 502 since nginx 1.23, passed on before.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(DUPLICATE_LENGTH, fin))) },
    location: pass,
    load: { weight: 0.3 },
  },
  {
    name: 'length-and-chunks',
    about: 'Content-Length beside Transfer-Encoding: a 502 since nginx 1.23, passed on before.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(LENGTH_AND_CHUNKS, fin))) },
    location: pass,
    load: { weight: 0.3 },
  },
  {
    name: 'early-hints',
    about: '103 over HTTP/1.0: a 502 since nginx 1.29; taken for the answer before.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(EARLY_HINTS_10, fin))) },
    location: pass,
    load: { methods: ['GET'] },
    optional: true,
  },
  {
    name: 'not-http',
    about:
      'A binary answer: nginx takes it for HTTP/0.9 and passes it on as it is, logged with status 009, on a connection that it keeps: the client must leave.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(BINARY, fin))) },
    location: pass,
    load: { weight: 0.3, alone: true, abortMs: 60 },
  },
  {
    name: 'reset-during-request',
    about: 'The peer reads the head of a large upload and resets while the body is on its way.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.httpHead, reset)) },
    location: (at) => `${pass(at)} proxy_request_buffering off;`,
    load: { methods: ['POST'], body: LARGE, weight: 0.3 },
    acceptable: {
      'reset-during-request': ['reset-before-response'],
      'reset-before-response': ['reset-during-request'],
    },
  },
  {
    name: 'early-413',
    about:
      'The peer answers 413 to the head of a large upload and closes with the body unread: its answer may be lost.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.httpHead, say(EARLY_413, close))) },
    location: (at) => `${pass(at)} proxy_request_buffering off;`,
    load: { methods: ['POST'], body: LARGE, weight: 0.4 },
    wire: { 'reset-during-request': 'early-response-lost', 'reset-before-response': 'early-response-lost' },
  },
  {
    name: 'node-413',
    about: 'A real Node server that answers 413 without reading the body.',
    upstream: 'tcp',
    location: () => `proxy_pass http://${authority('127.0.0.1', NODE_PORT)};`,
    load: { methods: ['POST'], body: LARGE, words: ['early'], weight: 0.2 },
    wire: { 'reset-during-request': 'early-response-lost', 'reset-before-response': 'early-response-lost' },
  },
  {
    name: 'own-502',
    about: "The peer's own 502, passed on.",
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(OWN_502, fin))) },
    location: pass,
  },
  {
    name: 'own-502-intercepted',
    about: "The peer's own 502, replaced by nginx's page.",
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(OWN_502, fin))) },
    location: (at) =>
      `proxy_pass http://${at.peer('a')}; proxy_intercept_errors on; error_page 502 /own-502-page.html;`,
    server: () => 'location = /own-502-page.html { internal; }',
    wire: { 'upstream-502': 'upstream-502-intercepted' },
  },
  {
    name: 'node-own-502',
    about: 'A Node application that answers 502 itself, over a kept-alive connection.',
    upstream: 'tcp',
    location: () => 'proxy_pass http://node_pool; proxy_http_version 1.1; proxy_set_header Connection "";',
    wire: STALE,
    load: { words: ['broken'], weight: 0.5 },
  },
  {
    name: 'node-exit',
    about: 'A Node worker calls process.exit() in the middle of a request; requests beside it on that worker die too.',
    subcause: 'app-closed',
    upstream: 'tcp',
    location: () => `proxy_pass http://${authority('127.0.0.1', NODE_CRASH_PORT)};`,
    load: { words: ['exit'], slow: 8 },
  },
];
