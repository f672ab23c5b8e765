import type { NeighbourSilent } from '../../model/connection.ts';
import type { Attempt } from '../../model/incident.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { icmpMeaning, isProhibition } from '../code-names.ts';
import type { Wire } from '../wire-facts.ts';
import { duration, packet, relative } from '../words.ts';

export const connectHostUnreachable: CauseFile = {
  cause: 'connect-host-unreachable',
  section: 'Connecting',
  title: "The peer's host cannot be reached",
  meaning:
    "Nobody answers for the peer's address on the local network, or a router (or filter) says that the host cannot be reached.",
  recognised: {
    packets:
      'ARP or neighbour solicitations without an answer for about 3 s, no SYN; or SYN, then ICMP host unreachable or administratively prohibited',
    kernel: 'errno 113; packets dropped with reason NEIGH_FAILED',
    log: 'connect() failed (113: No route to host) while connecting to upstream',
  },
  roots: [
    'the host is down or was renumbered',
    'wrong network or VLAN',
    'a firewall that rejects as administratively prohibited',
  ],
  remedies: [
    'On the gateway: ip neigh show ADDRESS; ping ADDRESS. Bring the host back, or correct its address.',
    'If an ICMP message came: look at the routes and rules of the machine that sent it.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^connect\(\)(?: to \S+)? failed \(113: No route to host\)/,
  connectErrors: { tcp: [113] },
  judge,
  judgeSilent,
};

function judge(wire: Wire): Judgement | undefined {
  const { refusal, syn } = wire.exchange.connection;
  if (refusal?.how !== 'unreachable') return undefined;
  const { errno, name } = icmpMeaning(refusal.version, refusal.code);
  if (errno !== 113) return undefined;
  const icmp = refusal.version === 4 ? 'ICMP' : 'ICMPv6';
  const filtered = isProhibition(refusal.version, refusal.code);
  return {
    confidence: 'certain',
    sentence: `${refusal.reporter} says that ${wire.peer} cannot be reached (${icmp} ${name})${filtered ? ': a filter forbids it' : ''}.`,
    evidence: [
      ...(syn ? [packet(syn, `SYN to ${wire.peer}`)] : []),
      packet(
        refusal.moment,
        `${icmp} ${name} from ${refusal.reporter}${syn ? ` ${relative(refusal.moment, syn, 'the SYN')}` : ''}`,
      ),
    ],
    ...(filtered && { advice: [`A filter at ${refusal.reporter} forbids it: allow the gateway there.`] }),
  };
}

function judgeSilent(attempt: Attempt, silent: NeighbourSilent): Judgement {
  return {
    confidence: 'likely',
    sentence: `Nobody on the local network answers for ${silent.target}: the host of ${attempt.peer.text} is down, or the address is wrong.`,
    evidence: [
      packet(silent.first, `${silent.asker} asks for the link-layer address of ${silent.target}`),
      packet(
        silent.last,
        `asked ${silent.queries} ${silent.queries === 1 ? 'time' : 'times'} in ${duration(silent.last.at - silent.first.at)}, no answer`,
      ),
    ],
    unseen: ['the connection itself: no SYN leaves while the link-layer address is unknown'],
  };
}
