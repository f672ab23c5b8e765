import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, closeText, foreignRst, processUnseen } from '../story.ts';
import { isUnanswered, type Wire } from '../wire-facts.ts';
import { octets, packet } from '../words.ts';

export const resetDuringRequest: CauseFile = {
  cause: 'reset-during-request',
  section: 'No complete response header',
  title: 'The peer reset while the request was being sent',
  meaning: 'The RST came while octets of the request were still flowing; the peer had not answered.',
  recognised: {
    packets: 'a part of the request, then RST, no response octets',
    kernel: 'writev() or sendfile() gives -104 or -32',
    log: 'writev() failed (104: Connection reset by peer) while sending request to upstream',
  },
  roots: ['a limit for request bodies', 'the peer crashed while reading', 'a keep-alive race with a large body'],
  remedies: [
    "Compare the size of the body with the peer's limits (post_max_size, LimitRequestBody, maxPostSize, bodyParser limit).",
    "Read the peer's log at that second.",
  ],
  elsewhere: { haproxy: '502 SD', envoy: '503 UC' },
  log: /^(writev|sendfile|send|SSL_write)\(\) failed .*\((104|32): .* while sending request to upstream/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { close, exchange } = wire;
  // A request that was complete before the RST had been written whole: the gateway learns of the RST by reading.
  if (!close?.rst || wire.encrypted || wire.requestWhole || exchange.clientOctets === 0 || !isUnanswered(wire))
    return undefined;
  return {
    confidence: 'likely',
    sentence: `${wire.peer} reset the connection while the request was being sent (${octets(exchange.clientOctets)} so far), without a response.`,
    evidence: [...beginning(wire), packet(close, closeText(wire, close))],
    alternatives: [
      {
        cause: 'reset-before-response',
        why: "the rest may already have been in the kernel's send buffer: then the gateway learns of it by reading",
      },
    ],
    unseen: [...foreignRst(wire), ...processUnseen(wire)],
  };
}
