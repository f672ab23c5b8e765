import type { CauseFile, Judgement } from '../cause-file.ts';
import { icmpMeaning } from '../code-names.ts';
import type { Wire } from '../wire-facts.ts';
import { packet, relative } from '../words.ts';

/** Errnos that have a cause of their own. */
const OWN_CAUSE: ReadonlySet<number> = new Set([111, 113, 101, 13]);

export const connectErrorOther: CauseFile = {
  cause: 'connect-error-other',
  section: 'Connecting',
  title: 'connect() failed for a rare reason',
  meaning:
    'The connection could not be made, with an errno that has no cause of its own here. The subcause is the errno.',
  recognised: {
    packets: 'usually nothing; or SYN, then an unusual ICMP code',
    kernel:
      'connect() or SO_ERROR gives another errno (22: blackhole route, 97: no such address family, 105: no buffer space)',
    log: 'connect() to PEER failed (ERRNO: TEXT) while connecting to upstream',
  },
  roots: [
    'a blackhole route (22)',
    'an address family that is switched off (97)',
    'memory for sockets exhausted (105)',
  ],
  remedies: ['Look the errno up (errno -l) and at ip route get ADDRESS.'],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^connect\(\)(?: to \S+)? failed \((?!(?:111|110|104|113|101|99|11|2|13|1):)(?<e>\d+): /,
  connectErrors: { tcp: [22, 97, 105] },
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { refusal, syn } = wire.exchange.connection;
  if (refusal?.how !== 'unreachable') return undefined;
  const { errno, name } = icmpMeaning(refusal.version, refusal.code);
  if (OWN_CAUSE.has(errno)) return undefined;
  const when = syn ? ` ${relative(refusal.moment, syn, 'the SYN')}` : '';
  return {
    subcause: String(errno),
    confidence: 'likely',
    sentence: `${refusal.reporter} turned the connection to ${wire.peer} down: ${name} (code ${refusal.code}).`,
    evidence: [packet(refusal.moment, `destination unreachable, ${name}, from ${refusal.reporter}${when}`)],
  };
}
