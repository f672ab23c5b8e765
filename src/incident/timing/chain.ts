/**
 * What it costs, in nats, to believe that a request was served by a given chain of attempts: gaps by the learned densities,
 * each decision of the gateway by its learned habits, and nginx's retry rules (ngx_http_upstream_next).
 */
import type { Moment } from '../../model/time.ts';
import { type Explanation, SILENT_END } from '../explanations.ts';
import { askedBefore, closeAfter, type Front, failureOf, type Use } from '../front.ts';
import { DECISION, type Decision, NOBODY, type Step } from './decisions.ts';
import { type Gaps, octaveOf } from './densities.ts';
import type { Habits, Lesson } from './habits.ts';

/** A failed attempt that no request claims: another process, or a request that the capture does not hold. */
export const UNCLAIMED = 40;
/** The same peer twice in one chain: nginx does that only after a stale keep-alive connection. */
const SAME_PEER_AGAIN = 12;
/** An attempt that never got an answer to its SYN has no density of its own for its end. */
const HANGING_END = 16;
/** Attempts of one request past which each further one is hard to believe: groups are small, and so is patience. */
const LONGEST = 6;
const TOO_MANY = 20;
/** What each 502 without an attempt costs the attempts that come after it, and how many of them count. */
const QUIET_BEFORE = 1;
const QUIET_COUNTED = 4;
/** Answers within so few nanoseconds, as a power of two, are all alike: 16 us. */
const SHORTEST_OCTAVE = 14;
/** A resolver that was not heard: how long the gateway is patient is not known. */
const UNHEARD = 2;
/** A server that was only ever seen to serve attempts makes one itself. */
const FROM_A_PEER = 12;
/** However little is left to a peer when those that were tried are out, no choice is more certain than this. */
const LEAST_LEFT = 0.05;

/** What is decided after an attempt. */
const NEXT = 'next';
const STOP = 'stop';

export interface Knowledge {
  readonly gaps: Gaps;
  readonly habits: Habits;
}

/** Methods that nginx does not send again once the request was sent (proxy_next_upstream without non_idempotent). */
const NOT_IDEMPOTENT = new Set(['POST', 'LOCK', 'PATCH']);

/** @param own what `front` itself has taught the habits, to be left out */
export function chainCost(front: Front, uses: readonly Use[], knowledge: Knowledge, own?: Lesson): number {
  const { gaps, habits } = knowledge;
  const { prefixes, answered } = front;
  const main = mainChain(front, uses);
  const taught = own?.steps;
  let cost = Math.max(0, uses.length - LONGEST) * TOO_MANY;
  if (front.atPeer && uses.length > 0) cost += FROM_A_PEER;
  let tried = 0;
  let before: Use | undefined;
  for (const use of main) {
    cost += before ? retryCost(before, use, gaps) : firstCost(front, use, knowledge);
    if (!before) cost += habits.cost(prefixes, DECISION.first, use.peer.text, taught);
    else {
      cost += habits.cost(prefixes, goingOn(front, before, main.indexOf(before) + 1), NEXT, taught);
      const share = habits.share(prefixes, DECISION.peer, use.peer.text, taught);
      if (isTriedAgain(use, main)) cost += SAME_PEER_AGAIN - Math.log(share);
      else cost -= Math.log(Math.min(1, share / Math.max(LEAST_LEFT, 1 - tried)));
    }
    if (main.length > 1) tried += habits.share(prefixes, DECISION.peer, use.peer.text, taught);
    before = use;
  }
  cost += besideCost(front, uses, main, knowledge, taught);
  if (!answered) return cost;
  if (!before) return cost + withoutAttempt(front, answered, knowledge, taught);
  const answer = follows(before, front.status) ? 'follows' : 'other';
  cost += habits.cost(prefixes, goingOn(front, before, main.length), STOP, taught);
  cost += habits.cost(prefixes, DECISION.answer, answer, taught);
  return cost + endCost(answered, before, gaps);
}

/**
 * What it costs, in nats, that 502s of the same location went before this one for which nobody was tried. A group whose peers
 * all fail is tried first and given up then: where the first requests went without an attempt, the later ones do too.
 */
export function quietCost(front: Front): number {
  const first = front.uses[0];
  if (front.status !== 502 || !first || first.fixed) return 0;
  const asked = front.exchange.request?.head.frame ?? 0;
  let quiet = 0;
  for (const other of front.firstQuiet) {
    if (other === front || (other.answered?.frame ?? asked) >= asked) break;
    if (other.uses.length === 0 && !other.explanation && ++quiet === QUIET_COUNTED) break;
  }
  return quiet * QUIET_BEFORE;
}

/** Going on after the nth attempt, or stopping there. */
export function goOn(front: Front, last: Use, n: number, next: boolean): Step {
  return { decision: goingOn(front, last, n), choice: next ? NEXT : STOP, weight: 1 };
}

function goingOn(front: Front, last: Use, n: number): Decision {
  if (last.outcome.is === 'answered' || last.outcome.is === 'unseen') return DECISION.passed;
  if (failureOf(last) && !mayBeRetried(front, last)) return DECISION.against;
  return n <= 1 ? DECISION['again-1'] : n === 2 ? DECISION['again-2'] : DECISION['again-3'];
}

/**
 * The attempts of the request itself, one after the other. Attempts at the same time are subrequests (mirror,
 * background update): of two, the one that the answer followed is the request's own.
 */
export function mainChain(front: Front, uses: readonly Use[]): readonly Use[] {
  for (let n = 1; n < uses.length; n++)
    if (endFrame(uses[n - 1] as Use) > (uses[n] as Use).exchange.start.frame) return withoutBeside(front, uses);
  return uses;
}

function withoutBeside(front: Front, uses: readonly Use[]): readonly Use[] {
  const chain: Use[] = [];
  for (const use of uses) {
    const before = chain.at(-1);
    if (!before || endFrame(before) <= use.exchange.start.frame) chain.push(use);
    else if (agrees(use, front) && !agrees(before, front)) chain[chain.length - 1] = use;
  }
  return chain;
}

function endFrame(use: Use): number {
  return use.outcome.is === 'open' ? Number.POSITIVE_INFINITY : use.outcome.moment.frame;
}

function agrees({ outcome }: Use, { status }: Front): boolean {
  if (outcome.is === 'answered') return outcome.status === status;
  return outcome.is !== 'open' && status === 502;
}

/** Was this peer tried before in the chain, on a connection that was not stale? */
function isTriedAgain(use: Use, uses: readonly Use[]): boolean {
  for (const earlier of uses) {
    if (earlier === use) return false;
    if (earlier.peer.text === use.peer.text && !earlier.exchange.reused) return true;
  }
  return false;
}

function firstCost(front: Front, use: Use, { gaps }: Knowledge): number {
  const { start } = use.exchange;
  const asked = askedBefore(front, start);
  return asked ? gaps.first.cost(start.at - asked.at) : UNCLAIMED;
}

function retryCost(before: Use, use: Use, gaps: Gaps): number {
  const { start } = use.exchange;
  const { outcome } = before;
  if (outcome.is === 'answered' || outcome.is === 'unseen') return gaps.retry.cost(start.at - outcome.moment.at);
  const failure = failureOf(before);
  return failure ? gaps.retry.cost(start.at - lastAct(before, failure, start).at) : UNCLAIMED;
}

function endCost(answered: Moment, last: Use, gaps: Gaps): number {
  const { outcome } = last;
  if (outcome.is === 'open') return HANGING_END;
  if (outcome.is === 'answered') {
    return gaps.answered.cost(answered.at - (last.exchange.response?.start.at ?? outcome.moment.at));
  }
  const close = closeAfter(last, outcome.moment);
  if (close && close.frame <= answered.frame) return gaps.closed.cost(answered.at - close.at);
  return (outcome.is === 'failed' ? gaps.failed : gaps.closed).cost(answered.at - outcome.moment.at);
}

/** What subrequests at the same time cost: some locations make one each time, most never do. */
function besideCost(
  front: Front,
  uses: readonly Use[],
  main: readonly Use[],
  knowledge: Knowledge,
  own: readonly Step[] | undefined,
): number {
  const { habits } = knowledge;
  if (main.length === uses.length) return habits.cost(front.prefixes, DECISION.beside, NOBODY, own);
  let cost = 0;
  for (const use of uses) {
    if (main.includes(use)) continue;
    cost +=
      firstCost(front, use, knowledge) - Math.log(habits.share(front.prefixes, DECISION.beside, use.peer.text, own));
  }
  return cost;
}

/** Is this the answer that the last attempt leads to? */
export function follows({ outcome, exchange }: Use, status: number): boolean {
  switch (outcome.is) {
    case 'answered':
      return outcome.status === status;
    case 'abandoned':
      return status !== 200;
    case 'unseen':
      return true;
    case 'open':
      return !exchange.connection.synAck;
    default:
      return status === 502;
  }
}

/** What it costs that nobody was tried, as the front is explained for now. */
function withoutAttempt(
  front: Front,
  answered: Moment,
  { gaps, habits }: Knowledge,
  own: readonly Step[] | undefined,
): number {
  const { prefixes, status, explanation } = front;
  const first = habits.cost(prefixes, DECISION.first, explanation?.name ?? NOBODY, own);
  if (explanation) return first + explainedCost(explanation, front, answered, gaps);
  const [decision, octave] = waited(front, answered);
  return (
    first +
    octave * Math.LN2 +
    habits.cost(prefixes, decision, `${octave}`, own) +
    habits.cost(prefixes, DECISION['own-answer'], ownAnswer(status), own)
  );
}

/**
 * How long the gateway took for an answer of its own: a file, a redirect, or a 502 for which something failed that packets
 * do not show (a unix socket, a resolver). Each location has its own ways, so this is a habit: the octave, in nanoseconds.
 */
export function waited(front: Front, answered: Moment): [Decision, number] {
  const gap = answered.at - (askedBefore(front, answered) ?? answered).at;
  const octave = Math.max(SHORTEST_OCTAVE, octaveOf(Math.max(1, gap)));
  return [front.status === 502 ? DECISION['waited-502'] : DECISION.waited, octave];
}

function explainedCost(by: Explanation, front: Front, answered: Moment, gaps: Gaps): number {
  if (by.is === 'silent') return SILENT_END;
  if (by.known) return gaps.failed.cost(answered.at - by.known.at);
  // One that waited until its time was over: any time is as good as another of that size.
  return Math.log(Math.max(1, answered.at - (askedBefore(front, answered) ?? answered).at)) + UNHEARD;
}

export function ownAnswer(status: number): string {
  return status === 502 ? '502' : 'other';
}

/** The gateway's last visible act on a failed attempt before it went on. */
export function lastAct(use: Use, failure: Moment, until: Moment): Moment {
  const close = closeAfter(use, failure);
  return close && close.frame < until.frame ? close : failure;
}

/** nginx's rule for passing a failed request to the next peer, with the default proxy_next_upstream. */
export function mayBeRetried(front: Front, failed: Use): boolean {
  if (failed.outcome.is === 'rejected') return false;
  const sent = failed.exchange.request !== undefined;
  return !(sent && NOT_IDEMPOTENT.has(front.exchange.request?.method ?? ''));
}
