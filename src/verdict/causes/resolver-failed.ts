import type { ResolverAnswer } from '../../model/connection.ts';
import type { Incident } from '../../model/incident.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { packet, quoted, relative } from '../words.ts';

/** RCODEs as nginx names them (RFC 1035 4.1.1). */
const RCODES: readonly (readonly [subcause: string, words: string] | undefined)[] = [
  undefined,
  ['format', 'format error (RCODE 1)'],
  ['servfail', 'server failure (RCODE 2)'],
  ['nxdomain', 'no such name (RCODE 3)'],
  ['notimp', 'not implemented (RCODE 4)'],
  ['refused', 'refused (RCODE 5)'],
];

export const resolverFailed: CauseFile = {
  cause: 'resolver-failed',
  section: 'No attempt made',
  title: "The peer's name could not be resolved",
  meaning:
    "The gateway asked its resolver for the peer's name and got an error, or no answer before resolver_timeout. No peer was asked.",
  recognised: {
    packets:
      'a DNS query of the gateway with an error as its answer, an ICMP port unreachable, or silence; then the 502',
    kernel: 'sendto() to port 53, then ECONNREFUSED, an answer, or the timer',
    log: 'NAME could not be resolved (N: TEXT)',
  },
  subcauses: {
    format: 'RCODE 1, format error',
    servfail: 'RCODE 2, server failure',
    nxdomain: 'RCODE 3, no such name; or an answer without addresses',
    notimp: 'RCODE 4, not implemented',
    refused: 'RCODE 5, refused',
    timeout: 'no answer, or the resolver cannot be reached',
  },
  roots: [
    'the address in the resolver directive is dead or wrong',
    'a short name: nginx knows no search domain',
    'only AAAA records, or none at all',
  ],
  remedies: [
    'Ask that very resolver by hand: dig @RESOLVER NAME A; dig @RESOLVER NAME AAAA.',
    'Correct the address in the resolver directive; write names in full; "ipv6=off" where AAAA lookups fail.',
  ],
  elsewhere: { haproxy: 'RC (probably)', envoy: '503 DF' },
  log: /^(?<host>\S+) could not be resolved \((?<code>\d+): (?<text>[^)]+)\)/,
  judgeAbsence,
};

function judgeAbsence({ resolver }: Incident): Judgement | undefined {
  if (!resolver || (resolver.outcome === 0 && resolver.addresses > 0)) return undefined;
  const [subcause, words] = said(resolver);
  const server = resolver.server.text;
  return {
    subcause,
    confidence: 'possible',
    sentence: `The resolver ${server}, asked for ${quoted(resolver.name)}: ${words}. No peer was asked.`,
    evidence: [
      packet(resolver.asked, `query for ${quoted(resolver.name)} to ${server}`),
      ...(resolver.answered
        ? [packet(resolver.answered, `${words}, ${relative(resolver.answered, resolver.asked, 'the query')}`)]
        : []),
    ],
  };
}

function said({ outcome }: ResolverAnswer): readonly [subcause: string, words: string] {
  if (outcome === 'silent') return ['timeout', 'no answer'];
  if (outcome === 'unreachable') return ['timeout', 'port unreachable (ICMP)'];
  if (outcome === 0) return ['nxdomain', 'an answer without addresses'];
  return RCODES[outcome] ?? ['', `RCODE ${outcome}`];
}
