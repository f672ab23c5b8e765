import type { Alternative } from '../../model/verdict.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { octets, packet } from '../words.ts';

export const tlsPlaintextBeforeHandshake: CauseFile = {
  cause: 'tls-plaintext-before-handshake',
  section: 'TLS to the upstream',
  title: 'The peer spoke in clear before the TLS handshake',
  meaning: 'Octets came from the peer before the gateway had begun its handshake. nginx 1.29.5 and later refuse that.',
  recognised: {
    packets: 'octets of the peer before any octet of the gateway',
    kernel: 'octets are ready to read when the connection opens',
    log: 'upstream prematurely sent response while SSL handshaking to upstream',
  },
  roots: ['a protocol whose server speaks first (SSH, SMTP, a banner)', 'the wrong port', 'octets injected on the way'],
  remedies: ['Look what listens there: nc ADDRESS PORT. Correct the port, or the scheme in proxy_pass.'],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^upstream prematurely sent response/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { exchange, server } = wire;
  const { firstOctet } = server;
  const hello = exchange.tls?.clientHello;
  if (!firstOctet || exchange.connection.midstream || exchange.request || exchange.nth > 1) return undefined;
  const spokeFirst = hello ? firstOctet.frame < hello.frame : exchange.clientOctets === 0;
  if (!spokeFirst) return undefined;
  const whole = exchange.response?.head ? exchange.response : undefined;
  const more = hello
    ? ', in clear, before the TLS handshake'
    : whole
      ? `, a whole answer (${whole.status}), and the gateway left without a word`
      : '';
  return {
    confidence: hello || whole ? 'likely' : 'possible',
    sentence: `${wire.peer} spoke before the gateway had sent anything${more}.`,
    evidence: [
      ...beginning(wire),
      packet(firstOctet, `the peer speaks first (${octets(exchange.serverOctets)} in all)`),
    ],
    alternatives: alternativesOf(wire),
  };
}

function alternativesOf({ exchange, close }: Wire): readonly Alternative[] {
  if (exchange.tls?.clientHello)
    return [{ cause: 'tls-plaintext-upstream', why: 'older gateways fail in the handshake itself' }];
  // Without TLS a gateway asks, and passes a whole answer on.
  if (exchange.response?.head) return [];
  const cause = close?.rst ? 'reset-in-header' : 'close-in-header';
  return [{ cause, why: 'without TLS these octets are the beginning of a response' }];
}
