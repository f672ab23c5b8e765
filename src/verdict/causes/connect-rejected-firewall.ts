import type { CauseFile, Judgement } from '../cause-file.ts';
import { icmpMeaning } from '../code-names.ts';
import type { Wire } from '../wire-facts.ts';
import { packet, relative } from '../words.ts';

export const connectRejectedFirewall: CauseFile = {
  cause: 'connect-rejected-firewall',
  section: 'Connecting',
  title: 'A firewall rejected the connection',
  meaning:
    'The SYN was turned down by a packet filter, not by the TCP of the peer. The error log says "Connection refused", as if nobody listened.',
  recognised: {
    packets: 'SYN, then ICMP port unreachable (hosts answer a closed TCP port with RST), or a RST with a foreign TTL',
    kernel: 'SO_ERROR is 111; a packet dropped with reason NETFILTER_DROP',
    log: 'the same line as connect-refused: the log cannot tell',
  },
  roots: [
    'an iptables or nftables reject rule',
    'a security group or network policy',
    "a filter on the gateway's own host",
  ],
  remedies: [
    'List the rules on both hosts: nft list ruleset; iptables -S; then allow the gateway to reach that port.',
    'See who sent the ICMP message (its source address): the rule is there.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  logAs: 'connect-refused',
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { refusal, syn } = wire.exchange.connection;
  if (!refusal) return undefined;
  if (refusal.how === 'rst') return wire.attempt.witness?.foreignReset ? judgeUnsentRst(wire) : judgeForeignRst(wire);
  const { errno, name } = icmpMeaning(refusal.version, refusal.code);
  // ICMPv6 "administratively prohibited" is EACCES: of the causes with that errno only this one has packets.
  if (errno !== 111 && errno !== 13) return undefined;
  const icmp = refusal.version === 4 ? 'ICMP' : 'ICMPv6';
  return {
    confidence: errno === 111 ? 'certain' : 'likely',
    sentence: `A filter at ${refusal.reporter} rejected the connection to ${wire.peer} (${icmp} ${name}).`,
    evidence: [
      ...(syn ? [packet(syn, `SYN to ${wire.peer}`)] : []),
      packet(
        refusal.moment,
        `${icmp} ${name} from ${refusal.reporter}${syn ? ` ${relative(refusal.moment, syn, 'the SYN')}` : ''}`,
      ),
    ],
    ...(errno === 13 && {
      alternatives: [{ cause: 'connect-denied', why: 'connect() fails with the same errno, 13' } as const],
    }),
  };
}

/** The peer is on the captured host, whose kernel says of every reset that a socket, or the lack of one, makes it send. */
function judgeUnsentRst(wire: Wire): Judgement | undefined {
  const { refusal, syn } = wire.exchange.connection;
  if (!refusal) return undefined;
  return {
    confidence: 'certain',
    sentence: `${wire.peer} is on this host, and its TCP did not send the RST that refused the connection: the packet filter did.`,
    evidence: [
      ...(syn ? [packet(syn, `SYN to ${wire.peer}`)] : []),
      packet(refusal.moment, 'RST to the SYN; the kernel tells of no reset sent by TCP'),
    ],
  };
}

/** A RST to the SYN that came from another distance than the same host's other answers in this incident. */
function judgeForeignRst(wire: Wire): Judgement | undefined {
  const { refusal } = wire.exchange.connection;
  const { rstTtl } = wire.server;
  const usual = wire.incident.attempts
    .map((attempt) => attempt.exchange)
    .find((other) => other?.server.address === wire.exchange.server.address && other.connection.synAck !== undefined);
  const ttl = usual?.connection.reverse.ttl ?? 0;
  if (!refusal || rstTtl === 0 || ttl === 0 || ttl === rstTtl) return undefined;
  return {
    confidence: 'likely',
    sentence: `The RST that refused the connection to ${wire.peer} did not come from as far as that host's other answers: a filter sent it.`,
    evidence: [packet(refusal.moment, `RST with TTL ${rstTtl}; other segments of that host have ${ttl}`)],
    alternatives: [{ cause: 'connect-refused', why: 'nobody listens, and the path changed in between' }],
  };
}
