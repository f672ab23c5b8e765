/**
 * What the kernel knew of the peer's end while a connection to it was tried: who listened there, how full that queue was,
 * and whether the captured host itself threw a segment of it away. Facts beside a finding: they never change its cause.
 */
import type { Attempt } from '../model/incident.ts';
import type { Dropped, Listening, NotAccepting } from '../model/kernel-event.ts';
import type { Evidence, Finding } from '../model/verdict.ts';
import { dropText, starvedEvidence } from './process-evidence.ts';
import { starvedAdvice, starvedText } from './process-story.ts';
import { kernel } from './words.ts';

interface Told {
  /** Worth a sentence; empty where it is not. */
  readonly sentence: string;
  readonly evidence: Evidence;
  readonly subcause?: string;
  /** In place of all other advice. */
  readonly advice?: readonly string[];
}

export function withWitnessFacts(finding: Finding, { witness }: Attempt): Finding {
  const facts = [listenerFact(witness?.listener), starvedFact(witness?.notAccepting), dropFact(witness?.drop)];
  const told = facts.filter((fact) => fact !== undefined);
  if (told.length === 0) return finding;
  const subcause = told.find((fact) => fact.subcause !== undefined)?.subcause;
  return {
    ...finding,
    ...(subcause !== undefined && { subcause }),
    // What was told last explains what was told before it.
    advice: told.findLast(({ advice }) => advice)?.advice ?? finding.advice,
    sentence: [finding.sentence, ...told.map(({ sentence }) => sentence)].filter(Boolean).join(' '),
    evidence: [...finding.evidence, ...told.map(({ evidence }) => evidence)],
  };
}

const FULL_ADVICE = [
  'Its workers are all busy: more of them (FPM: pm.max_children), or faster requests (its slow log says which script).',
  'Only then a longer queue: listen.backlog together with net.core.somaxconn.',
];

function listenerFact(listener: Listening | undefined): Told | undefined {
  if (!listener) return undefined;
  const { process, unit, address, queue, backlog, somaxconn, moment } = listener;
  const who = process ? `${process.name} ${process.id}${unit ? ` (${unit})` : ''}` : 'somebody';
  const numbers = `queue ${queue} of ${backlog}`;
  // A unix socket's queue takes one more than it says.
  const full = backlog > 0 && queue >= backlog;
  const cut = backlog === somaxconn ? `; net.core.somaxconn allows no more than ${somaxconn}` : '';
  return {
    sentence: full ? `The listen queue of ${who} was full: ${numbers}${cut}.` : '',
    evidence: kernel(moment, `${who} listens on ${address}: ${numbers}${cut}`),
    ...(full && { advice: FULL_ADVICE }),
  };
}

function starvedFact(event: NotAccepting | undefined): Told | undefined {
  if (!event) return undefined;
  return {
    subcause: 'descriptors-exhausted',
    sentence: `${starvedText(event)}, and accepted no connection.`,
    evidence: starvedEvidence(event),
    advice: starvedAdvice(event),
  };
}

/** The kernel's words, for those who read this at night. */
const REASONS: Readonly<Record<string, string>> = {
  NETFILTER_DROP: 'a rule of its packet filter',
  IP_RPFILTER: 'its reverse path filter',
  TCP_LISTEN_OVERFLOW: 'a full listen queue',
  IP_OUTNOROUTES: 'no route',
  IP_INNOROUTES: 'no route for what came in',
  NEIGH_FAILED: 'a neighbour that does not answer for its address',
  NEIGH_QUEUEFULL: 'too much that waits for a neighbour',
  PROTO_MEM: 'no memory left for TCP (net.ipv4.tcp_mem)',
  PKT_TOO_BIG: 'larger than the path takes',
};

function dropFact(drop: Dropped | undefined): Told | undefined {
  if (!drop) return undefined;
  const why = REASONS[drop.reason];
  return {
    sentence: why === undefined ? '' : `This host threw a segment of it away: ${why}.`,
    evidence: kernel(drop.moment, dropText(drop)),
  };
}
