import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning } from '../story.ts';
import { isConnecting, mayBeTimer, SHORTEST_TIMER, silenceOf, type Wire } from '../wire-facts.ts';
import { duration, maybeLimit, packet } from '../words.ts';

export const proxyReadTimeout: CauseFile = {
  cause: 'proxy-read-timeout',
  section: 'Neighbours: not a 502',
  title: "The gateway's read timeout struck",
  meaning:
    'The peer took the request and did not answer within proxy_read_timeout (60 s by default). Alone that is a 504.',
  recognised: {
    packets: 'the request is acknowledged, then silence; then the gateway closes first',
    kernel: 'epoll_wait() ends by its timer, then close()',
    log: 'upstream timed out (110: Connection timed out) while reading response header from upstream',
  },
  roots: ['a slow request', 'all workers of the peer busy: the request waits in its queue', 'a lock, a slow database'],
  remedies: [
    'Find out what the peer was doing: slow log, number of busy workers (pm.max_children), database.',
    'Only then raise proxy_read_timeout (fastcgi_read_timeout) for that location.',
  ],
  elsewhere: { haproxy: '504 sH', envoy: '504 UT' },
  log: /^upstream timed out \(110: [^)]*\) while reading response header from upstream/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const silence = silenceOf(wire);
  if (!mayBeTimer(wire) || wire.close || isConnecting(wire)) return undefined;
  if (silence === undefined || silence < SHORTEST_TIMER || wire.outcome.is === 'answered') return undefined;
  const limit = maybeLimit(silence);
  return {
    confidence: 'likely',
    sentence: `${wire.peer} did not answer in ${duration(silence)}; the gateway gave up.`,
    evidence: [
      ...beginning(wire),
      ...(wire.gatewayClose
        ? [packet(wire.gatewayClose, `the gateway closes after ${duration(silence)} of silence`)]
        : []),
    ],
    advice: limit === undefined ? [] : [`${limit} s looks like proxy_read_timeout (or fastcgi_read_timeout).`],
  };
}
