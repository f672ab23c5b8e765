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
  remedies: ['Look what listens there: nc PEER PORT. Correct the port, or the scheme in proxy_pass.'],
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
  return {
    confidence: hello ? 'likely' : 'possible',
    sentence: `${wire.peer} spoke before the gateway had sent anything${hello ? ', in clear, before the TLS handshake' : ''}.`,
    evidence: [
      ...beginning(wire),
      packet(firstOctet, `the peer speaks first (${octets(exchange.serverOctets)} in all)`),
    ],
    alternatives: hello
      ? [{ cause: 'tls-plaintext-upstream', why: 'older gateways fail in the handshake itself' }]
      : [
          {
            cause: wire.close?.rst ? 'reset-in-header' : 'close-in-header',
            why: 'without TLS these octets are the beginning of a response',
          },
        ],
  };
}
