/** Connections that are never established. */

import * as framing from '../peers/framing.ts';
import { OK } from '../peers/http.ts';
import { closed, fin, onAccept, onRequest, say, silence, tcp } from '../peers/peer.ts';
import {
  authority,
  DEAD_ADDRESS,
  FAR_ADDRESS,
  FAR_ADDRESS_6,
  FAR_PORT,
  LOCAL_BLACKHOLE_ADDRESS,
  LOCAL_PROHIBIT_ADDRESS,
  LOCAL_UNREACHABLE_ADDRESS,
  NO_ROUTE_ADDRESS,
  PROHIBITED_ADDRESS,
  UNREACHABLE_ADDRESS,
} from '../places.ts';
import { FASTCGI_PARAMS, UWSGI_PARAMS } from '../programs/params.ts';
import type { Scenario } from '../scenario.ts';

/** A SYN that a firewall answers with RST looks like a closed port. */
const OR_FIREWALL = { 'connect-refused': ['connect-rejected-firewall'] } as const;

const pass = (host: string, port: number) => () => `proxy_pass http://${authority(host, port)};`;

export const CONNECT: readonly Scenario[] = [
  {
    name: 'refused',
    about: 'Nothing listens on the port: RST answers the SYN.',
    upstream: 'tcp',
    peers: { closed: closed() },
    location: (at) => `proxy_pass http://${at.peer('closed')};`,
    load: { weight: 1.5 },
  },
  {
    name: 'refused-fastcgi',
    about: 'The same closed port behind fastcgi_pass.',
    upstream: 'tcp',
    location: (at) => `${FASTCGI_PARAMS} fastcgi_pass ${at.peer('refused/closed')};`,
  },
  {
    name: 'refused-uwsgi',
    about: 'The same closed port behind uwsgi_pass.',
    upstream: 'tcp',
    location: (at) => `${UWSGI_PARAMS} uwsgi_pass ${at.peer('refused/closed')};`,
  },
  {
    name: 'refused-grpc',
    about: 'The same closed port behind grpc_pass.',
    upstream: 'tcp',
    location: (at) => `grpc_pass grpc://${at.peer('refused/closed')};`,
    load: { methods: ['POST'] },
  },
  {
    name: 'refused-ipv6',
    about: 'A closed port of ::1.',
    upstream: 'tcp',
    peers: { closed: closed('local6') },
    location: (at) => `proxy_pass http://${at.peer('closed')};`,
  },
  {
    name: 'cart-api',
    about: 'A location of depth two that is refused under one host name (and healthy under the other).',
    upstream: 'tcp',
    path: '/shop/cart/',
    hosts: ['api.example'],
    peers: { closed: closed() },
    location: (at) => `proxy_pass http://${at.peer('closed')};`,
  },
  {
    name: 'reject-reset',
    about: "A firewall on the peer's host answers the SYN with RST.",
    upstream: 'tcp',
    location: pass(FAR_ADDRESS, FAR_PORT.rejectReset),
    acceptable: OR_FIREWALL,
  },
  {
    name: 'reject-icmp',
    about: 'A firewall answers the SYN with ICMP port unreachable.',
    upstream: 'tcp',
    location: pass(FAR_ADDRESS, FAR_PORT.rejectIcmp),
    wire: { 'connect-refused': 'connect-rejected-firewall' },
  },
  {
    name: 'reject-icmp-ipv6',
    about: 'A firewall answers the SYN with ICMPv6 port unreachable.',
    upstream: 'tcp',
    location: pass(FAR_ADDRESS_6, FAR_PORT.rejectIcmp),
    wire: { 'connect-refused': 'connect-rejected-firewall' },
    load: { weight: 0.5 },
  },
  {
    name: 'reject-admin',
    about: 'A firewall answers the SYN with ICMP administratively prohibited.',
    upstream: 'tcp',
    location: pass(FAR_ADDRESS, FAR_PORT.rejectAdmin),
    acceptable: { 'connect-host-unreachable': ['connect-rejected-firewall'] },
  },
  {
    name: 'unreachable-icmp',
    about: 'A router answers the SYN with ICMP host unreachable.',
    upstream: 'tcp',
    location: pass(UNREACHABLE_ADDRESS, 80),
  },
  {
    name: 'prohibited-icmp',
    about: 'A router answers the SYN with ICMP administratively prohibited.',
    upstream: 'tcp',
    location: pass(PROHIBITED_ADDRESS, 80),
    acceptable: { 'connect-host-unreachable': ['connect-rejected-firewall'] },
  },
  {
    name: 'host-dead',
    about: 'A host on the same link that does not answer ARP: given up by the kernel after a few probes.',
    upstream: 'tcp',
    location: pass(DEAD_ADDRESS, 80),
    load: { slow: 6 },
  },
  {
    name: 'connect-timeout-kernel',
    about: "SYNs are dropped and the kernel gives up before nginx's own timer.",
    upstream: 'tcp',
    location: pass(FAR_ADDRESS, FAR_PORT.drop),
    load: { slow: 6 },
  },
  {
    name: 'transport-timeout',
    about: 'The path goes dead after the SYN-ACK: the request is sent again and again until the kernel gives up.',
    upstream: 'tcp',
    peers: { a: { ...tcp(onAccept(silence), 'far'), port: FAR_PORT.muteAfterSyn } },
    location: pass(FAR_ADDRESS, FAR_PORT.muteAfterSyn),
    load: { slow: 5 },
  },
  {
    name: 'local-ports',
    about: 'More connections to one peer than there are local ports: connect() fails at once with EADDRNOTAVAIL.',
    upstream: 'tcp',
    peers: { a: tcp(onAccept(silence)) },
    location: (at) => `proxy_pass http://${at.peer('a')};`,
    load: { slow: 6, abortMs: 700 },
    ownPorts: true,
    optional: true,
  },
  {
    name: 'net-unreachable',
    about: 'No route to the peer: connect() fails at once and nothing is sent.',
    upstream: 'tcp',
    location: pass(NO_ROUTE_ADDRESS, 80),
    load: { weight: 0.5 },
  },
  {
    name: 'connect-denied',
    about: 'A prohibit route: connect() fails at once with EACCES.',
    upstream: 'tcp',
    location: pass(LOCAL_PROHIBIT_ADDRESS, 80),
    load: { weight: 0.5 },
  },
  {
    name: 'blackhole',
    about: 'A blackhole route: connect() fails at once with EINVAL.',
    upstream: 'tcp',
    location: pass(LOCAL_BLACKHOLE_ADDRESS, 80),
    load: { weight: 0.5 },
  },
  {
    name: 'unreachable-local',
    about: 'An unreachable route: connect() fails at once with EHOSTUNREACH.',
    upstream: 'tcp',
    location: pass(LOCAL_UNREACHABLE_ADDRESS, 80),
    load: { weight: 0.5 },
  },
  {
    name: 'far-refused',
    about: 'A closed port on another host that also serves: refused one time in three, by a group of one name.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.http, say(OK, fin)), 'far'), b: { transport: 'tcp', at: 'far' } },
    http: (at) =>
      `upstream far_refused { server ${at.peer('a')} weight=2 max_fails=0; server ${at.peer('b')} max_fails=0; }`,
    location: () => 'proxy_pass http://far_refused; proxy_next_upstream off;',
  },
];
