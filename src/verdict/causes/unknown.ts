import type { UnknownReason } from '../../model/cause.ts';
import type { Incident } from '../../model/incident.ts';
import type { Alternative } from '../../model/verdict.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { SURE_MARGIN } from '../limits.ts';
import { beginning, LOG_UNSEEN, processUnseen, told } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { duration, packet } from '../words.ts';

const REASONS: Readonly<Record<UnknownReason, string>> = {
  'no-evidence': 'what was seen does not decide',
  encrypted: 'what would decide is inside TLS',
  'capture-gap': 'packets that would decide are missing from the capture',
  unlinked: 'it cannot be told which attempt was made for the request',
  'no-upstream-traffic': 'a 502 and no attempt anywhere',
};

export const unknown: CauseFile = {
  cause: 'unknown',
  section: 'Not known',
  title: 'The evidence does not tell',
  meaning:
    'No cause can be named honestly. The subcause says what kind of not knowing it is, the alternatives what it may be.',
  recognised: {
    packets: 'by what is left when every other cause is excluded',
    kernel: 'with kernel events most of these become another cause',
    log: 'with the error log most of these become another cause',
  },
  subcauses: REASONS,
  roots: [
    'only packets were recorded',
    'a unix socket, whose traffic is no packets',
    'encrypted upstream traffic',
    'a capture with gaps',
  ],
  remedies: [
    'Read the error log of the gateway at that second: its line names the cause.',
    'Capture again on the host of the gateway, without a filter, so that DNS, ARP and ICMP are in it: sudo tcpdump -i any -w case.pcap.',
  ],
  judge,
  judgeAbsence,
};

const NO_TRAFFIC: readonly Alternative[] = [
  {
    cause: 'unix-socket-refused',
    why: 'a peer behind a unix socket leaves no packets (missing, denied, refused or full)',
  },
  { cause: 'no-live-upstreams', why: 'after earlier failures no peer is asked' },
  { cause: 'cached-502', why: 'a stored 502 is replayed without asking' },
  { cause: 'config-response', why: 'the configuration itself may answer 502' },
  { cause: 'resolver-failed', why: 'the name of the peer may not have been resolved' },
  { cause: 'connect-net-unreachable', why: 'a connect() that fails at once (route, policy, ports) sends no packet' },
];

/** What the kernel would have told of. */
function isExcluded({ cause }: Alternative, { witnessed, unixWitnessed }: Incident): boolean {
  return (witnessed && cause === 'connect-net-unreachable') || (unixWitnessed && cause === 'unix-socket-refused');
}

const UNIX_UNSEEN = 'why connect() to a unix socket failed, if it did: only "why502-capture --syscalls" tells';
const CALLS_UNSEEN = 'unix sockets, and calls that fail inside the host: no kernel events of this capture tell of them';

function judgeAbsence(incident: Incident): Judgement {
  const reason: UnknownReason =
    incident.losses > 0 || incident.exchange.incomplete
      ? 'capture-gap'
      : incident.rivals > 0
        ? 'unlinked'
        : 'no-upstream-traffic';
  const { response } = incident.exchange;
  const last = incident.attempts.at(-1);
  const answered = `${incident.gateway.text} answered ${response?.status ?? 'nothing'}`;
  const sentence = {
    'capture-gap': `${answered} and no attempt was seen, but packets are missing from the capture.`,
    unlinked: `${answered}; a failed attempt lies near, but cannot be tied to this request.`,
    'no-upstream-traffic': last
      ? `${answered} after an attempt at ${last.peer.text}, of which this capture holds no packet.`
      : incident.witnessed
        ? `${answered}, and the kernel saw no attempt of the gateway before it.`
        : `${answered} without any upstream traffic in this capture.`,
  }[reason];
  return {
    subcause: reason,
    confidence: 'possible',
    sentence,
    evidence: response?.head
      ? [packet(response.head, `${response.status} to the client, no upstream traffic before it`)]
      : [],
    alternatives: NO_TRAFFIC.filter((alternative) => !isExcluded(alternative, incident)),
    unseen: [...(incident.unixWitnessed ? [] : [incident.witnessed ? UNIX_UNSEEN : CALLS_UNSEEN]), LOG_UNSEEN],
  };
}

function judge(wire: Wire): Judgement {
  const reason = reasonOf(wire);
  return {
    subcause: reason,
    confidence: 'possible',
    sentence: `${sentenceOf(wire)}; ${REASONS[reason]}.`,
    evidence: [...beginning(wire), ...ending(wire), ...told(wire)],
    alternatives: alternativesOf(wire),
    unseen: [LOG_UNSEEN, ...processUnseen(wire)],
  };
}

function reasonOf(wire: Wire): UnknownReason {
  const { attempt, exchange, incident } = wire;
  if (wire.outcome.is === 'unseen') return 'capture-gap';
  if (wire.encrypted) return 'encrypted';
  if (exchange.incomplete || incident.losses > 0 || incident.exchange.incomplete) return 'capture-gap';
  if (attempt.link === 'timing' && attempt.margin <= SURE_MARGIN && !attempt.interchangeable) return 'unlinked';
  return 'no-evidence';
}

function sentenceOf(wire: Wire): string {
  const { outcome, gatewayClose, waited } = wire;
  if (outcome.is === 'answered') return `${wire.peer} answered ${outcome.status}, yet the gateway sent a 502`;
  if (outcome.is === 'unseen') return `What ${wire.peer} sent was not captured whole`;
  if (gatewayClose)
    return `The gateway left ${wire.peer}${waited === undefined ? '' : ` after ${duration(waited)}`} while nothing was wrong yet`;
  if (wire.close) return `${wire.peer} ended the connection`;
  return `The attempt at ${wire.peer} shows no failure`;
}

function ending(wire: Wire): Judgement['evidence'] {
  const { close, gatewayClose } = wire;
  if (gatewayClose) return [packet(gatewayClose, `${gatewayClose.rst ? 'RST' : 'FIN'} from the gateway first`)];
  return close ? [packet(close, `${close.rst ? 'RST' : 'FIN'} from the peer`)] : [];
}

function alternativesOf(wire: Wire): readonly Alternative[] {
  if (wire.encrypted) {
    return [
      { cause: 'upstream-502', why: "the peer's own 502 may be inside" },
      { cause: 'header-too-big', why: 'a header that the gateway refused may be inside' },
      { cause: 'tls-alert-after-handshake', why: 'the last record may be an alert' },
    ];
  }
  if (wire.outcome.is === 'answered') {
    return [
      { cause: 'header-too-big', why: "the gateway's buffer may be smaller than the header" },
      { cause: 'header-invalid', why: 'the gateway may be stricter about some field than we are' },
      { cause: 'early-response-lost', why: 'the gateway may have failed while writing, before it read the answer' },
    ];
  }
  if (!wire.gatewayClose || wire.outcome.is === 'unseen') return [];
  return [
    { cause: 'proxy-read-timeout', why: 'a timer of the gateway; some gateways make a 502 of it' },
    { cause: 'no-live-upstreams', why: 'after a timeout no other peer may have been left to try' },
  ];
}
