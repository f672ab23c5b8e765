import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { packet } from '../words.ts';

export const clientAborted: CauseFile = {
  cause: 'client-aborted',
  section: 'Neighbours: not a 502',
  title: 'The client left first',
  meaning:
    "The gateway's client closed before there was an answer, so the gateway gave the attempt up (499 in its access log). The peer did nothing wrong.",
  recognised: {
    packets: "FIN or RST of the gateway's client before the gateway closes the connection to the peer; no answer",
    kernel: "EPOLLRDHUP on the client's socket, then close() of the peer's",
    log: 'client prematurely closed connection, so upstream connection is closed too, at level info',
  },
  roots: ['an impatient client, or a shorter timeout in front of the gateway'],
  remedies: [
    'Look why the answer took so long; compare the timeouts along the chain: the front one should be the longest.',
  ],
  elsewhere: { haproxy: 'CD', envoy: 'DC' },
  log: /client prematurely closed connection/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const left = wire.incident.exchange.clientClose;
  const { gatewayClose } = wire;
  if (!left || !gatewayClose || wire.status !== 0 || left.frame > gatewayClose.frame) return undefined;
  return {
    confidence: 'likely',
    sentence: `The client left before ${wire.peer} had answered, and the gateway gave the attempt up.`,
    evidence: [
      ...beginning(wire),
      packet(left, `${left.rst ? 'RST' : 'FIN'} from the gateway's client`),
      packet(gatewayClose, 'the gateway closes the connection to the peer'),
    ],
  };
}
