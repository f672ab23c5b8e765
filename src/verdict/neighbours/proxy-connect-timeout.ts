import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning } from '../story.ts';
import { isConnecting, mayBeTimer, SHORTEST_TIMER, silenceOf, type Wire } from '../wire-facts.ts';
import { duration, maybeLimit, packet } from '../words.ts';

export const proxyConnectTimeout: CauseFile = {
  cause: 'proxy-connect-timeout',
  section: 'Neighbours: not a 502',
  title: "The gateway's connect timeout struck",
  meaning:
    'The connection (or its TLS handshake) was not ready within proxy_connect_timeout. Alone that is a 504; in a 502 it can only be an earlier attempt.',
  recognised: {
    packets: 'SYNs (or a ClientHello) without an answer, then the gateway turns to another peer or answers 504',
    kernel: 'epoll_wait() ends by its timer, then close()',
    log: 'upstream timed out (110: Connection timed out) while connecting to upstream',
  },
  roots: ['a firewall that drops', 'a dead host behind a router', 'a full accept queue'],
  remedies: [
    'From the gateway: nc -vz ADDRESS PORT.',
    "On the peer's host: nstat -az TcpExtListenOverflows: a full accept queue drops SYNs.",
  ],
  elsewhere: { haproxy: '503 sC', envoy: '503 UF' },
  log: /^upstream timed out \(110: [^)]*\) while (?:connecting|SSL handshaking) to upstream/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const silence = silenceOf(wire);
  if (!mayBeTimer(wire) || silence === undefined) return undefined;
  const { connection, tls } = wire.exchange;
  const handshaking = wire.encrypted && tls?.serverHello === undefined && wire.gatewayClose !== undefined;
  if (!isConnecting(wire) && !(handshaking && silence >= SHORTEST_TIMER)) return undefined;
  const begin = (handshaking ? tls?.clientHello : undefined) ?? connection.syn ?? wire.exchange.start;
  const limit = maybeLimit(silence);
  return {
    confidence: 'likely',
    sentence: `${wire.peer} did not answer ${handshaking ? 'the TLS handshake' : 'the SYN'} in ${duration(silence)}; the gateway gave up.`,
    evidence: [
      ...beginning(wire),
      packet(
        begin,
        handshaking ? 'ClientHello, no answer' : `SYN to ${wire.peer}, no answer (${connection.syns} in all)`,
      ),
    ],
    alternatives: handshaking
      ? []
      : [{ cause: 'connect-timeout-kernel', why: "the gateway's kernel may have given up before its timer" }],
    advice: limit === undefined ? [] : [`${limit} s looks like proxy_connect_timeout.`],
  };
}
