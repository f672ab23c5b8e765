import type { CauseFile, Judgement } from '../cause-file.ts';
import { HTTP2_ERRORS, http2ErrorName, http2Subcause } from '../code-names.ts';
import { beginning, told } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { packet } from '../words.ts';

const ADVICE: Readonly<Record<number, string>> = {
  2: 'INTERNAL_ERROR: the application failed; its log says why.',
  7: 'REFUSED_STREAM: the peer is overloaded or at its limit of streams; the request was not processed and may be tried again.',
  8: 'CANCEL: the application, or a deadline of it, gave the request up.',
  11: 'ENHANCE_YOUR_CALM: the peer thinks the gateway asks (or pings) too much.',
  13: 'HTTP_1_1_REQUIRED: use proxy_pass over HTTP/1.1.',
};

export const h2StreamReset: CauseFile = {
  cause: 'h2-stream-reset',
  section: 'Response refused by the gateway',
  title: 'The HTTP/2 peer reset the stream',
  meaning:
    'The peer ended the stream of this request with RST_STREAM before a response. The subcause is the error code (RFC 9113 7).',
  recognised: {
    packets: 'RST_STREAM of the peer for our stream, no response',
    kernel: 'recv() returns the frame',
    log: 'upstream rejected request with error N',
  },
  subcauses: HTTP2_ERRORS,
  roots: ['overload (REFUSED_STREAM)', 'the application failed (INTERNAL_ERROR)', 'a deadline of the peer (CANCEL)'],
  remedies: ['Look the code up (RFC 9113 7), then the log of the peer at that second.'],
  elsewhere: { haproxy: '502 SH', envoy: '503 UR' },
  log: /^upstream rejected request with error (?<n>\d+)/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { streamReset, response } = wire.exchange;
  if (!streamReset || streamReset.direction !== wire.serverDirection || response?.head) return undefined;
  const name = http2ErrorName(streamReset.code);
  const advice = ADVICE[streamReset.code];
  return {
    subcause: http2Subcause(streamReset.code),
    confidence: 'certain',
    sentence: `${wire.peer} reset the stream of the request with code ${streamReset.code} (${name}).`,
    evidence: [
      ...beginning(wire),
      packet(streamReset.moment, `RST_STREAM from the peer, code ${streamReset.code} (${name})`),
      ...told(wire),
    ],
    ...(advice !== undefined && { advice: [advice] }),
  };
}
