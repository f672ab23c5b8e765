import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning } from '../story.ts';
import { isConnecting, isUnanswered, mayBeTimer, SHORTEST_TIMER, silenceOf, type Wire } from '../wire-facts.ts';
import { duration, octets, packet } from '../words.ts';

export const proxySendTimeout: CauseFile = {
  cause: 'proxy-send-timeout',
  section: 'Neighbours: not a 502',
  title: "The gateway's send timeout struck",
  meaning:
    'The peer stopped taking the request (its window is closed, or it acknowledges nothing) for proxy_send_timeout. Alone that is a 504.',
  recognised: {
    packets: 'a zero window, or no acknowledgements, in the middle of the request; then the gateway closes',
    kernel: 'epoll_wait() ends by its timer, then close()',
    log: 'upstream timed out (110: Connection timed out) while sending request to upstream',
  },
  roots: ['an application that does not read the body', 'a dead path'],
  remedies: ['Find what the peer was busy with; let it read the body, or answer before it (413).'],
  elsewhere: { haproxy: '504 sH', envoy: '504 UT' },
  log: /^upstream timed out \(110: [^)]*\) while sending request to upstream/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { client, server, exchange } = wire;
  const silence = silenceOf(wire);
  if (!mayBeTimer(wire) || wire.close || wire.encrypted || isConnecting(wire) || !isUnanswered(wire)) return undefined;
  if (silence === undefined || silence < SHORTEST_TIMER || exchange.clientOctets === 0) return undefined;
  const stuck = server.zeroWindow || client.acknowledged < client.octets;
  if (wire.requestWhole && !stuck) return undefined;
  return {
    confidence: 'likely',
    sentence: `${wire.peer} took ${octets(exchange.clientOctets)} of the request and then no more for ${duration(silence)}; the gateway gave up.`,
    evidence: [
      ...beginning(wire),
      ...(client.lastOctet
        ? [
            packet(
              client.lastOctet,
              `last octets of the request${server.zeroWindow ? "; the peer's window is zero" : ''}`,
            ),
          ]
        : []),
    ],
    alternatives: [{ cause: 'transport-timeout', why: "the gateway's kernel may have given up before its timer" }],
  };
}
