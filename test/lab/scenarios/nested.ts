/** nginx in front of nginx: both log their 502s, and the inner one has clients of its own. */
import * as framing from '../peers/framing.ts';
import { OK } from '../peers/http.ts';
import { closed, fin, onRequest, reset, say, tcp } from '../peers/peer.ts';
import { authority, INNER_PORT } from '../places.ts';
import type { Places, Scenario } from '../scenario.ts';

const inner = authority('127.0.0.1', INNER_PORT);
const FRESH = `proxy_pass http://${inner}; proxy_set_header Host $host;`;
const ALIVE =
  'proxy_pass http://edge_pool; proxy_set_header Host $host; proxy_http_version 1.1; proxy_set_header Connection "";';
const pass = (at: Places) => `proxy_pass http://${at.peer('a')};`;

export const NESTED: readonly Scenario[] = [
  {
    name: 'edge-ok',
    about: 'The outer nginx over kept-alive connections to the inner one, which is served.',
    healthy: true,
    upstream: 'tcp',
    path: '/edge/ok/',
    gateway: 'both',
    peers: { a: tcp(onRequest(framing.http, say(OK, fin))) },
    http: () => `upstream edge_pool { server ${inner}; keepalive 8; }`,
    location: () => ALIVE,
    inner: pass,
    load: { weight: 1.5 },
  },
  {
    name: 'edge-refused',
    about: 'The inner nginx is refused; the outer one passes its 502 on, over kept-alive connections.',
    upstream: 'tcp',
    path: '/edge/refused/',
    gateway: 'both',
    peers: { a: closed() },
    location: () => ALIVE,
    inner: pass,
  },
  {
    name: 'edge-reset',
    about: "The inner nginx's peer resets; a new connection between the two for every request.",
    upstream: 'tcp',
    path: '/edge/reset/',
    gateway: 'both',
    peers: { a: tcp(onRequest(framing.http, reset)) },
    location: () => FRESH,
    inner: pass,
  },
  {
    name: 'edge-retry',
    about: 'The inner nginx is refused by one peer and served by another: hidden there.',
    upstream: 'tcp',
    path: '/edge/retry/',
    gateway: 'both',
    peers: { a: closed(), b: tcp(onRequest(framing.http, say(OK, fin))) },
    http: (at) => `upstream edge_retry { server ${at.peer('a')} max_fails=0; server ${at.peer('b')} max_fails=0; }`,
    location: () => FRESH,
    inner: () => 'proxy_pass http://edge_retry;',
    load: { weight: 0.7 },
  },
];
