import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import { HEAD_BUFFER, maybeFault, SHORTEST_TIMER, type Wire } from '../wire-facts.ts';
import { packet, quoted, relative } from '../words.ts';

export const h2ProtocolError: CauseFile = {
  cause: 'h2-protocol-error',
  section: 'Response refused by the gateway',
  title: 'The peer broke the rules of HTTP/2',
  meaning:
    'The peer sent a frame or a header block that HTTP/2 does not allow there, and the gateway refused the response.',
  recognised: {
    packets: 'a frame that RFC 9113 forbids at this point; then the gateway closes',
    kernel: 'recv() returns the frame, then the gateway closes',
    log: 'upstream sent unexpected http2 frame: N, no :status header, too large http2 header, and their kin',
  },
  roots: ['a bug of the server', 'a middlebox that meddles with HTTP/2'],
  remedies: ["Update the peer's HTTP/2 library; record the exchange and compare it with RFC 9113."],
  elsewhere: { haproxy: '502 PH', envoy: '502 UPE' },
  log: /^upstream (?:sent (?:unexpected http2 frame|(?:data )?frame for|too (?:short|large) http2|(?:too large|zero) window|(?:zero|invalid|truncated|too large) http2|http2 |(?:headers|settings|ping|goaway|rst stream|window update) frame|too many (?:settings|ping)|(?:no|duplicate|invalid|unexpected) :status|unexpected push promise|invalid encoded header|response body larger|trailer without)|violated |prematurely closed stream)/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  if (wire.exchange.protocol !== 'http/2') return undefined;
  const fault = maybeFault(wire, 'http2-frame', 'status');
  if (!fault) return judgeRefusal(wire);
  return {
    confidence: 'certain',
    sentence: `${wire.peer} broke the rules of HTTP/2: ${fault.malformed?.text ?? 'a frame that is not allowed there'}.`,
    evidence: [...beginning(wire), packet(fault.moment, `offending octets: ${quoted(fault.sample)}`), ...told(wire)],
  };
}

/** No fault that we see, but the gateway left at once: it found one (no :status, a stream that nobody opened). */
function judgeRefusal(wire: Wire): Judgement | undefined {
  const { gatewayClose, exchange } = wire;
  const { response } = exchange;
  if (!gatewayClose || !response || wire.status !== 502 || !wire.last) return undefined;
  if (response.head && !wire.dropped) return undefined;
  if (wire.responseOctets >= HEAD_BUFFER || gatewayClose.at - response.start.at >= SHORTEST_TIMER) return undefined;
  return {
    confidence: response.head ? 'possible' : 'likely',
    sentence: `The gateway left ${wire.peer} as soon as its HTTP/2 response had begun: it found it broken.`,
    evidence: [
      ...beginning(wire),
      packet(response.start, 'first frame of the response'),
      packet(gatewayClose, `the gateway closes ${relative(gatewayClose, response.start, 'that frame')}`),
      ...told(wire),
    ],
    alternatives: [{ cause: 'header-invalid', why: 'the gateway may be stricter about some field than we are' }],
    unseen: ['what the gateway found broken: its error log says it'],
  };
}
