import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning } from '../story.ts';
import { maybeFault, maybeSpeech, type Wire } from '../wire-facts.ts';
import { packet, quoted } from '../words.ts';

export const tlsPlaintextUpstream: CauseFile = {
  cause: 'tls-plaintext-upstream',
  section: 'TLS to the upstream',
  title: 'The gateway speaks TLS, the peer plain text',
  meaning: 'The gateway opened with a TLS ClientHello and the peer answered in clear: the port does not speak TLS.',
  recognised: {
    packets: 'ClientHello, then octets that are no TLS record, mostly "HTTP/1.1 400"',
    kernel: 'read() returns octets that begin with "HTTP/"',
    log: 'SSL_do_handshake() failed (... wrong version number ...) while SSL handshaking to upstream',
  },
  roots: ['https:// in proxy_pass towards an http port', 'the wrong port'],
  remedies: [
    'Write proxy_pass http://..., or name the port that speaks TLS.',
    'To check: openssl s_client -connect PEER </dev/null.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /SSL_do_handshake\(\) failed .*(wrong version number|packet length too long|unknown protocol)/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { tls } = wire.exchange;
  const fault = maybeFault(wire, 'other-protocol');
  if (!tls?.clientHello || tls.serverHello || !fault) return undefined;
  return {
    confidence: 'certain',
    sentence: `The gateway spoke TLS, but ${wire.peer} answered in clear${maybeSpeech(fault) === 'http' ? ' (HTTP)' : ''}.`,
    evidence: [
      ...beginning(wire),
      packet(tls.clientHello, 'ClientHello'),
      packet(fault.moment, `the peer's first octets are no TLS: ${quoted(fault.sample)}`),
    ],
  };
}
