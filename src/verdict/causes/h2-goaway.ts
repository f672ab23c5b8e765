import type { CauseFile, Judgement } from '../cause-file.ts';
import { HTTP2_ERRORS, http2ErrorName, http2Subcause } from '../code-names.ts';
import { beginning, told } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { packet } from '../words.ts';

export const h2Goaway: CauseFile = {
  cause: 'h2-goaway',
  section: 'Response refused by the gateway',
  title: 'The HTTP/2 peer sent GOAWAY before it took the request',
  meaning:
    'The peer said that it takes no more streams on this connection, and ours was above the last one it took. It has not processed the request. The subcause is the error code (RFC 9113 7); NO_ERROR is a graceful recycle, and still a 502.',
  recognised: {
    packets: 'GOAWAY of the peer with a last stream below ours, no response',
    kernel: 'recv() returns the frame, then the gateway closes',
    log: 'upstream sent goaway with error N',
  },
  subcauses: HTTP2_ERRORS,
  roots: ['a maximum age of connections', 'a drain during a deploy', 'a protocol error that the peer found'],
  remedies: [
    'grpc_next_upstream error timeout invalid_header non_idempotent; is safe here: the peer has not processed the request.',
    "Give the peer's server a grace time between GOAWAY and closing.",
  ],
  elsewhere: { haproxy: '502 SH', envoy: '503 UC' },
  log: /^upstream sent goaway with error (?<n>\d+)/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { goaway, response } = wire.exchange;
  if (!goaway || goaway.direction !== wire.serverDirection || response?.head) return undefined;
  const name = http2ErrorName(goaway.code);
  return {
    subcause: http2Subcause(goaway.code),
    confidence: goaway.lastStream === 0 ? 'certain' : 'likely',
    sentence: `${wire.peer} sent GOAWAY (${name}) instead of a response: it took no more requests on this connection.`,
    evidence: [
      ...beginning(wire),
      packet(goaway.moment, `GOAWAY from the peer, code ${goaway.code} (${name}), last stream ${goaway.lastStream}`),
      ...told(wire),
    ],
    ...(goaway.lastStream > 0 && {
      alternatives: [
        {
          cause: 'close-before-response',
          why: 'if our stream was within the last one, the peer closed without answering it',
        } as const,
      ],
    }),
  };
}
