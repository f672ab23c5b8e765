import type { CauseFile, Judgement } from '../cause-file.ts';
import { icmpMeaning } from '../code-names.ts';
import type { Wire } from '../wire-facts.ts';
import { packet, relative } from '../words.ts';

export const connectNetUnreachable: CauseFile = {
  cause: 'connect-net-unreachable',
  section: 'Connecting',
  title: "There is no route to the peer's network",
  meaning: "The gateway's host, or a router on the way, knows no route to the network of the peer.",
  recognised: {
    packets: 'usually nothing at all; or SYN, then ICMP network unreachable',
    kernel: 'connect() fails at once with 101',
    log: 'connect() to PEER failed (101: Network is unreachable) while connecting to upstream',
  },
  roots: ['an AAAA record and no IPv6 route', 'a missing or withdrawn route'],
  remedies: [
    'On the gateway: ip route get ADDRESS. Add the route, or take that address out of the group.',
    'If it is an IPv6 address on a host without IPv6: "resolver ... ipv6=off", or name the IPv4 address.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^connect\(\)(?: to \S+)? failed \(101: Network is unreachable\)/,
  connectErrors: { tcp: [101] },
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { refusal, syn } = wire.exchange.connection;
  if (refusal?.how !== 'unreachable') return undefined;
  const { errno, name } = icmpMeaning(refusal.version, refusal.code);
  if (errno !== 101) return undefined;
  const icmp = refusal.version === 4 ? 'ICMP' : 'ICMPv6';
  const when = syn ? ` ${relative(refusal.moment, syn, 'the SYN')}` : '';
  return {
    confidence: 'certain',
    sentence: `${refusal.reporter} has no route to ${wire.peer} (${icmp} ${name}).`,
    evidence: [
      ...(syn ? [packet(syn, `SYN to ${wire.peer}`)] : []),
      packet(refusal.moment, `${icmp} ${name} from ${refusal.reporter}${when}`),
    ],
  };
}
