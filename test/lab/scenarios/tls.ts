/** TLS to the peer that does not come about, or ends right after the handshake. */
import * as framing from '../peers/framing.ts';
import { OK } from '../peers/http.ts';
import { after, fin, onAccept, onRequest, reset, say, tcp, tls } from '../peers/peer.ts';
import { authority, MTLS_12_PORT, MTLS_13_PORT } from '../places.ts';
import type { Places, Scenario } from '../scenario.ts';

const pass = (at: Places) => `proxy_pass https://${at.peer('a')};`;
const ok = onRequest(framing.http, say(OK, fin));
/** A fatal alert as a bare record (RFC 8446 6.2). */
const alert = (description: number) => say(Buffer.from([0x15, 3, 3, 0, 2, 2, description]), fin);

function alertScenario(description: number, meaning: string): Scenario {
  return {
    name: `tls-alert-${description}`,
    about: `The peer answers the ClientHello with alert ${description} (${meaning}).`,
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.anything, alert(description))) },
    location: pass,
    load: { weight: 0.6 },
  };
}

export const TLS: readonly Scenario[] = [
  {
    name: 'tls-plain',
    about: 'The peer answers the ClientHello in plain HTTP.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.anything, say('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', fin))) },
    location: pass,
  },
  {
    name: 'tls-banner',
    about: 'The peer speaks first, in plain text.',
    upstream: 'tcp',
    peers: { a: tcp(onAccept(say('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', after(1, fin)))) },
    location: pass,
    load: { weight: 0.6 },
    acceptable: {
      'tls-plaintext-upstream': ['tls-plaintext-before-handshake'],
      'tls-plaintext-before-handshake': ['tls-plaintext-upstream'],
    },
  },
  alertScenario(40, 'handshake failure'),
  alertScenario(70, 'protocol version'),
  alertScenario(112, 'unrecognized name'),
  {
    name: 'tls-fin',
    about: 'The peer closes after the ClientHello.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.anything, fin)) },
    location: pass,
  },
  {
    name: 'tls-rst',
    about: 'The peer resets after the ClientHello.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.anything, reset)) },
    location: pass,
  },
  {
    name: 'tls-unverified',
    about: "The peer's certificate was signed by an authority that nginx does not know.",
    upstream: 'tcp',
    peers: { a: tls(ok) },
    location: (at) =>
      `proxy_pass https://${at.peer('a')}; proxy_ssl_verify on; proxy_ssl_trusted_certificate ${at.dir}/tls/other-ca.pem; proxy_ssl_name peer.example;`,
  },
  {
    name: 'tls-wrong-name',
    about: "The peer's certificate is for another name; over TLS 1.2.",
    upstream: 'tcp',
    peers: { a: tls(ok, { maxVersion: 'TLSv1.2' }) },
    location: (at) =>
      `proxy_pass https://${at.peer('a')}; proxy_ssl_verify on; proxy_ssl_trusted_certificate ${at.dir}/tls/ca.pem; proxy_ssl_name other.example;`,
  },
  {
    name: 'tls-client-cert-12',
    about: 'The peer wants a client certificate, over TLS 1.2: alert within the handshake.',
    upstream: 'tcp',
    location: () => `proxy_pass https://${authority('127.0.0.1', MTLS_12_PORT)}; proxy_ssl_session_reuse off;`,
    load: { weight: 0.4 },
  },
  {
    name: 'tls-client-cert-13',
    about: 'The peer wants a client certificate, over TLS 1.3: an encrypted alert after the handshake.',
    upstream: 'tcp',
    location: () =>
      `proxy_pass https://${authority('127.0.0.1', MTLS_13_PORT)}; proxy_ssl_protocols TLSv1.3; proxy_ssl_session_reuse off;`,
    load: { weight: 0.4 },
    // Encrypted: an alert and a close look alike.
    acceptable: { 'tls-alert-after-handshake': ['close-before-response'] },
  },
  {
    name: 'tls-fin-after-request',
    about: 'TLS is fine; the peer reads the encrypted request and closes.',
    upstream: 'tcp',
    peers: { a: tls(onRequest(framing.http, fin)) },
    location: pass,
    load: { weight: 0.6 },
    acceptable: { 'close-before-response': ['tls-alert-after-handshake'] },
  },
];
