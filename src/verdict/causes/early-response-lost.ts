import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, closeWhen, told } from '../story.ts';
import { HEAD_BUFFER, headOctetsOf, type Wire } from '../wire-facts.ts';
import { octets, packet } from '../words.ts';

export const earlyResponseLost: CauseFile = {
  cause: 'early-response-lost',
  section: 'No complete response header',
  title: 'The peer answered early, and its answer was lost',
  meaning:
    'The peer sent a valid response before it had read the whole request, and closed. Its kernel then reset the connection, the gateway failed while writing and never read the answer that was there.',
  recognised: {
    packets: 'a complete response head of the peer, RST while the request still flows, and a 502 to the client',
    kernel: "writev() gives -104 or -32 while octets wait in the socket's receive queue",
    log: 'the same line as reset-during-request: the log cannot tell, packets can',
  },
  roots: ['the peer answers 413, 401 or a redirect without reading the body, and closes'],
  remedies: [
    'Read the status that the peer really sent: that is the true answer (a 413 means: the body is too large for it).',
    'Let the peer read the body to its end before it closes, or close with a delay (lingering close).',
    'Check sizes and credentials at the gateway first (client_max_body_size, auth_request).',
  ],
  elsewhere: { haproxy: '502 SD', envoy: '503 UC' },
  logAs: 'reset-during-request',
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { response } = wire.exchange;
  if (!wire.dropped || !response?.head) return undefined;
  const { serverClose } = wire.exchange;
  const rst = serverClose?.rst === true || wire.server.rst !== undefined;
  const early = !wire.requestWhole || isAheadOfRequest(wire);
  if (!early && !(rst && isInFlight(wire))) return undefined;
  const small = headOctetsOf(response) < HEAD_BUFFER && wire.exchange.faults.length === 0;
  return {
    confidence: early && rst && small ? 'certain' : 'likely',
    sentence: `${wire.peer} answered ${response.status} before the request was complete and closed; the gateway never read that answer.`,
    evidence: [
      ...beginning(wire),
      packet(
        response.head,
        `${response.status} from the peer, after ${octets(wire.exchange.clientOctets)} of the request`,
      ),
      ...(serverClose
        ? [packet(serverClose, `${serverClose.rst ? 'RST' : 'FIN'} from the peer ${closeWhen(wire, serverClose)}`)]
        : []),
      ...told(wire),
    ],
    ...(!small && {
      alternatives: [{ cause: 'header-too-big', why: 'the head is larger than a buffer of 4k' } as const],
    }),
    advice: [`The peer's true answer was ${response.status}: act on that.`],
  };
}

/** The response's head came before the request's last octets. */
function isAheadOfRequest({ exchange: { request, response } }: Wire): boolean {
  return request?.end !== undefined && response?.head !== undefined && response.head.frame < request.end.frame;
}

/** Octets of the request were never acknowledged. */
function isInFlight({ client }: Wire): boolean {
  return client.acknowledged < client.octets;
}
