/** Incident -> Verdict, a pure function: every attempt gets one finding or none, the incident that of its last attempt. */
import { CAUSES, type Cause } from '../model/cause.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Attempt, Incident } from '../model/incident.ts';
import { atMost, type Finding, type JudgedAttempt, type Verdict } from '../model/verdict.ts';
import { addressed } from './addressed.ts';
import { type CauseFile, type Judgement, RECORD_WITH_KERNEL, type Section } from './cause-file.ts';
import { unknown } from './causes/unknown.ts';
import { judgeKernelOnly } from './kernel-only.ts';
import {
  both,
  type Limit,
  limitOfChain,
  limitOfGroup,
  limitOfLink,
  limitOfLoss,
  limitOfRivals,
  limitOfTurn,
} from './limits.ts';
import { findingOfLine, isOfNoPeer, withLoggedLine } from './logged-line.ts';
import { causeFileOf, REGISTRY } from './registry.ts';
import { RACE_ADVICE } from './story.ts';
import { type Wire, wireOf } from './wire-facts.ts';
import { withWitnessFacts } from './witness-facts.ts';

/** Pieces of advice per finding: nobody reads more at night. */
const ADVICE_KEPT = 4;

/** Failures of these families are passed on to the next peer by default (proxy_next_upstream error timeout). */
const PASSED_ON: ReadonlySet<Section> = new Set<Section>([
  'Connecting',
  'TLS to the upstream',
  'No complete response header',
  'Neighbours: not a 502',
  'Not known',
]);

export function judge(incident: Incident): Verdict {
  const attempts = incident.attempts.map((attempt) => ({ attempt, finding: judgeAttempt(incident, attempt) }));
  const decided = decide(incident, attempts);
  const last = incident.attempts.at(-1);
  const finding = last ? addressed(decided, last) : decided;
  return { incident, attempts, finding, rootChain: rootChainOf(incident, finding) };
}

/** Besides connecting: a peer that is silent, for which its host may have a reason. */
const ABOUT_SILENCE: ReadonlySet<string> = new Set(['proxy-connect-timeout', 'transport-timeout']);

/** The attempt's one finding; `undefined` where it was answered and the answer passed on. */
export function judgeAttempt(incident: Incident, attempt: Attempt): Finding | undefined {
  const finding = findingFor(incident, attempt);
  const connecting =
    finding && (ABOUT_SILENCE.has(finding.cause) || causeFileOf(finding.cause).section === 'Connecting');
  const told = connecting ? withWitnessFacts(finding, attempt) : finding;
  return told && addressed(withLoggedLine(told, attempt.witness?.logged), attempt);
}

function findingFor(incident: Incident, attempt: Attempt): Finding | undefined {
  const linked = both(limitOfLink(attempt), limitOfTurn(incident, attempt));
  const limit = both(both(linked, limitOfLoss(incident, attempt)), limitOfRivals(incident));
  const { exchange, silent, witness } = attempt;
  const ending = exchange || silent ? undefined : witness?.ending;
  const told = ending && judgeKernelOnly(REGISTRY, incident, attempt, ending);
  if (told) return findingOf(causeFileOf(told.cause), told.judgement, limit);
  if (!exchange) {
    return (
      firstOf((file) => (silent ? file.judgeSilent?.(attempt, silent) : undefined), limit) ?? judgeAbsence(incident)
    );
  }
  const wire = wireOf(incident, attempt, exchange);
  const answered = isAnswered(wire);
  return firstOf((file) => {
    if (!answered && wire.outcome.is === 'unseen' && file !== unknown) return undefined;
    const judgement = answered ? file.judgeAnswer?.(wire) : file.judge?.(wire);
    return judgement && exchange.connection.transport === 'unix' ? citingTheKernel(judgement, exchange) : judgement;
  }, limit);
}

/** What was said on a unix socket came with an event, not with packets. */
function citingTheKernel(judgement: Judgement, { start }: Exchange): Judgement {
  const evidence = judgement.evidence.map((each) =>
    each.moment.frame === start.frame ? { ...each, source: 'kernel' as const } : each,
  );
  return { ...judgement, evidence };
}

function isAnswered(wire: Wire): boolean {
  const { outcome, last, incident } = wire;
  if (outcome.is === 'unseen') return last && incident.kind !== 'incident';
  return outcome.is === 'answered' && !wire.dropped;
}

function firstOf(ask: (file: CauseFile) => Judgement | undefined, limit: Limit): Finding | undefined {
  for (const file of REGISTRY) {
    const judgement = ask(file);
    if (judgement) return findingOf(file, judgement, limit);
  }
  return undefined;
}

function findingOf(file: CauseFile, judgement: Judgement, limit: Limit): Finding {
  return {
    cause: file.cause,
    subcause: judgement.subcause ?? '',
    confidence: atMost(judgement.confidence, limit.confidence),
    sentence: judgement.sentence,
    evidence: judgement.evidence,
    alternatives: judgement.alternatives ?? [],
    unseen: [...(judgement.unseen ?? []), ...limit.unseen],
    advice: [...(judgement.advice ?? []), ...remediesOf(file, judgement)].slice(0, ADVICE_KEPT),
  };
}

/** What the kernel has told already need not be recorded. */
function remediesOf({ remedies }: CauseFile, { evidence, adviceInstead }: Judgement): readonly string[] {
  if (adviceInstead) return [];
  if (!evidence.some(({ source }) => source === 'kernel')) return remedies;
  return remedies.filter((remedy) => remedy !== RECORD_WITH_KERNEL);
}

/** The finding for a request without any attempt: never better than `possible`, but for a sure chain of failures. */
function judgeAbsence(incident: Incident): Finding {
  const limit = both(limitOfLoss(incident), limitOfRivals(incident));
  const finding = firstOf((file) => file.judgeAbsence?.(incident), limit);
  if (!finding) throw new Error('unreachable: unknown recognises every absence');
  return finding;
}

function decide(incident: Incident, attempts: readonly JudgedAttempt[]): Finding {
  const told = incident.kind === 'masked' ? lastFailure(attempts) : attempts.at(-1);
  const { logged } = incident;
  if (!told?.finding) return withLoggedLine(judgeAbsence(incident), logged);
  const noneLeft =
    incident.kind === 'masked' ? undefined : maybeNoLiveAfter(incident, attempts, told.attempt, told.finding);
  if (noneLeft) return withLoggedLine(noneLeft, logged);
  if (logged && isOfNoPeer(logged)) return findingOfLine(causeFileOf('no-live-upstreams'), told.finding, logged);
  const passedOn = incident.kind === 'incident' && PASSED_ON.has(causeFileOf(told.finding.cause).section);
  const limit = limitOfChain(incident);
  return limited(withLoggedLine(told.finding, logged), passedOn ? both(limit, limitOfGroup(incident)) : limit);
}

/** Of a request that did not end in a 502: the last attempt that failed, a true cause before a neighbour. */
function lastFailure(attempts: readonly JudgedAttempt[]): JudgedAttempt | undefined {
  const failed = attempts.filter(({ finding }) => finding !== undefined);
  return failed.findLast(({ finding }) => finding && isCause(finding)) ?? failed.at(-1);
}

function isCause(finding: Finding): boolean {
  return CAUSES.includes(finding.cause as Cause);
}

/**
 * After a failure that nginx passes on to the next peer, a 502 means that no next peer was left: that is what made it
 * (NGX_HTTP_UPSTREAM_FT_NOLIVE, causes 1.3). The incident says whether that is believed.
 */
function maybeNoLiveAfter(
  incident: Incident,
  attempts: readonly JudgedAttempt[],
  attempt: Attempt,
  last: Finding,
): Finding | undefined {
  const file = causeFileOf('no-live-upstreams');
  const judgement = PASSED_ON.has(causeFileOf(last.cause).section) ? file.judgeAbsence?.(incident) : undefined;
  if (!judgement) return undefined;
  const limit = both(
    both(limitOfLoss(incident), limitOfRivals(incident)),
    both(limitOfChain(incident), limitOfLink(attempt)),
  );
  const alternatives = [{ cause: last.cause, why: 'the last attempt that was seen' }];
  const races = attempts.every(({ finding }) => finding?.cause === 'stale-keepalive');
  const sentence = races
    ? `After attempt ${attempt.n} no other peer was left to try. Each attempt met a kept-alive connection that had just been closed: nothing is known to be wrong with the peers, and yet they are considered down from now on, for fail_timeout (10 s by default).`
    : `After attempt ${attempt.n} no other peer was left to try: the rest of the group was considered down.`;
  const evidence = [...judgement.evidence, ...last.evidence];
  const advice = races && { advice: RACE_ADVICE, adviceInstead: true };
  return findingOf(file, { ...judgement, sentence, evidence, alternatives, ...advice }, limit);
}

function limited(finding: Finding, limit: Limit): Finding {
  if (limit.unseen.length === 0) return finding;
  return {
    ...finding,
    confidence: atMost(finding.confidence, limit.confidence),
    unseen: [...finding.unseen, ...limit.unseen],
  };
}

/** Where the verdict is only a symptom: what led to it. A failure that nobody was told of (the client had left) has no id. */
function rootChainOf({ noLive, nextHop }: Incident, { cause }: Finding): readonly string[] {
  if (cause === 'no-live-upstreams') {
    return [...new Set((noLive?.chain ?? []).map(({ id }) => id))].filter((id) => id !== '');
  }
  if ((cause === 'upstream-502' || cause === 'upstream-502-intercepted') && nextHop !== undefined) return [nextHop];
  return [];
}
