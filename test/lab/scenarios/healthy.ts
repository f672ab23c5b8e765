/** The healthy half: the same kinds of peers as those that fail. */
import * as fastcgi from '../peers/fastcgi.ts';
import * as framing from '../peers/framing.ts';
import * as h2 from '../peers/h2.ts';
import { answer, OK, OK_ALIVE } from '../peers/http.ts';
import { fin, onRequest, say, tcp, tls, unix } from '../peers/peer.ts';
import { authority, FPM_PORT, NODE_PORT, UWSGI_PORT } from '../places.ts';
import { FASTCGI_PARAMS, SCGI_PARAMS, UWSGI_PARAMS } from '../programs/params.ts';
import { phpPass, phpSocket } from '../programs/php.ts';
import { type Scenario, STALE } from '../scenario.ts';

const ok = onRequest(framing.http, say(OK, fin));

export const HEALTHY: readonly Scenario[] = [
  {
    name: 'static',
    about: 'Files from the gateway itself: no upstream at all.',
    healthy: true,
    upstream: 'none',
    path: '/static/',
    load: { methods: ['GET'], words: ['small.txt', 'page.html', 'photo.bin'], weight: 2 },
  },
  {
    name: 'http-ok',
    about: 'A scripted HTTP peer that answers and closes.',
    healthy: true,
    upstream: 'tcp',
    peers: { a: tcp(ok) },
    location: (at) => `proxy_pass http://${at.peer('a')};`,
  },
  {
    name: 'http-large',
    about: 'A scripted HTTP peer with answers of 40 kB.',
    healthy: true,
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(answer(200, 40_000, ['Connection: close']), fin))) },
    location: (at) => `proxy_pass http://${at.peer('a')};`,
    load: { weight: 0.5 },
  },
  {
    name: 'node-pool',
    about: 'A Node server behind a pool of kept-alive connections.',
    healthy: true,
    upstream: 'tcp',
    http: () => `upstream node_pool { server ${authority('127.0.0.1', NODE_PORT)}; keepalive 16; }`,
    location: () => 'proxy_pass http://node_pool; proxy_http_version 1.1; proxy_set_header Connection "";',
    wire: STALE,
    load: { words: ['item', 'list', 'large'], weight: 2 },
  },
  {
    name: 'node-fresh',
    about: 'The same Node server, a new connection for every request.',
    healthy: true,
    upstream: 'tcp',
    location: () => `proxy_pass http://${authority('127.0.0.1', NODE_PORT)}; proxy_set_header Host $host;`,
  },
  {
    name: 'cart-shop',
    about: 'A location of depth two that is healthy under one host name (and refused under the other).',
    healthy: true,
    upstream: 'tcp',
    path: '/shop/cart/',
    hosts: ['shop.example'],
    peers: { a: tcp(ok) },
    location: (at) => `proxy_pass http://${at.peer('a')};`,
  },
  {
    name: 'php-ok',
    about: 'php-fpm over TCP.',
    healthy: true,
    upstream: 'tcp',
    location: (at) => phpPass(at.dir, authority('127.0.0.1', FPM_PORT)),
    load: { words: ['ok', 'large', 'tiny'], weight: 2 },
  },
  {
    name: 'php-unix-ok',
    about: 'php-fpm over a unix socket: the packets show nothing between request and answer.',
    healthy: true,
    upstream: 'unix',
    location: (at) => phpPass(at.dir, `unix:${phpSocket(at.dir, 'plain')}`),
    load: { words: ['ok', 'large', 'tiny'] },
  },
  {
    name: 'unix-http-ok',
    about: 'An HTTP peer over a unix socket.',
    healthy: true,
    upstream: 'unix',
    peers: { a: unix(ok) },
    location: (at) => `proxy_pass http://${at.peer('a')};`,
    load: { weight: 0.5 },
  },
  {
    name: 'uwsgi-ok',
    about: 'A real uWSGI application.',
    healthy: true,
    upstream: 'tcp',
    location: () => `${UWSGI_PARAMS} uwsgi_pass ${authority('127.0.0.1', UWSGI_PORT)};`,
    load: { words: ['item', 'large'], weight: 1.5 },
  },
  {
    name: 'fastcgi-ok',
    about: 'A scripted FastCGI peer.',
    healthy: true,
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.fastcgi, say(fastcgi.OK, fin))) },
    location: (at) => `${FASTCGI_PARAMS} fastcgi_pass ${at.peer('a')};`,
  },
  {
    name: 'scgi-ok',
    about: 'A scripted SCGI peer.',
    healthy: true,
    upstream: 'tcp',
    peers: {
      a: tcp(
        onRequest(framing.scgi, say('Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok', fin)),
      ),
    },
    location: (at) => `${SCGI_PARAMS} scgi_pass ${at.peer('a')};`,
    load: { weight: 0.5 },
  },
  {
    name: 'grpc-ok',
    about: 'A gRPC peer that answers in HTTP/2 frames.',
    healthy: true,
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.h2, say(h2.GRPC_OK))) },
    location: (at) => `grpc_pass grpc://${at.peer('a')};`,
    load: { methods: ['POST'], weight: 0.5 },
  },
  {
    name: 'tls-ok',
    about: 'An HTTPS peer: packets see only ciphertext.',
    healthy: true,
    upstream: 'tcp',
    peers: { a: tls(onRequest(framing.http, say(OK, fin))) },
    location: (at) => `proxy_pass https://${at.peer('a')};`,
  },
  {
    name: 'far-ok',
    about: 'Peers on another host, over IPv4 and IPv6, kept alive.',
    healthy: true,
    upstream: 'tcp',
    peers: {
      a: tcp(onRequest(framing.http, say(OK_ALIVE)), 'far'),
      b: tcp(onRequest(framing.http, say(OK_ALIVE)), 'far6'),
    },
    http: (at) => `upstream far_ok { server ${at.peer('a')}; server ${at.peer('b')}; keepalive 8; }`,
    location: () => 'proxy_pass http://far_ok; proxy_http_version 1.1; proxy_set_header Connection "";',
    wire: STALE,
  },
];
