/**
 * What it costs, in nats, to believe that a request was served by a given chain of attempts: gaps by the learned
 * densities, peers and their number by the learned habits, and nginx's retry rules (ngx_http_upstream_next).
 */
import type { Moment, Nanos } from '../model/time.ts';
import type { GapDensity, Gaps } from './densities.ts';
import { askedBefore, closeAfter, type Front, failureOf, type Use } from './front.ts';
import { type Habits, type Lesson, lessonOf, type Shape } from './habits.ts';

/** A failed attempt that no request claims: another process, or a request that the capture does not hold. */
export const UNCLAIMED = 40;
/** The same peer twice in one chain: nginx does that only after a stale keep-alive connection. */
const SAME_PEER_AGAIN = 12;
/** Two attempts of one request at the same time, which only subrequests make; a usual gap costs about 12. */
const OVERLAP = 30;
/** An attempt after one that was answered by an error: only some statuses are passed on, where it is configured. */
const PASSED_ON_BY_STATUS = 5;
/** An attempt that never got an answer to its SYN has no density of its own for its end. */
const HANGING_END = 16;

/** A 502 that something else than an attempt on a connection explains, to the millisecond. */
const EXPLAINED = 8;

/** Attempts of one request past which each further one is hard to believe: groups are small, and so is patience. */
const LONGEST = 6;
const TOO_MANY = 20;

/** A server that was only ever seen to serve attempts makes one itself. */
const FROM_A_PEER = 12;

export interface Knowledge {
  readonly gaps: Gaps;
  readonly habits: Habits;
}

/** Methods that nginx does not send again once the request was sent (proxy_next_upstream without non_idempotent). */
const NOT_IDEMPOTENT = new Set(['POST', 'LOCK', 'PATCH']);

/** @param own what `front` itself has taught the habits, to be left out */
export function chainCost(front: Front, uses: readonly Use[], { gaps, habits }: Knowledge, own?: Lesson): number {
  const { prefixes, answered } = front;
  let cost = habits.shapeCost(prefixes, shapeOf(front, uses), own) + Math.max(0, uses.length - LONGEST) * TOO_MANY;
  if (front.atPeer && uses.length > 0) cost += FROM_A_PEER;
  let before: Use | undefined;
  for (const use of uses) {
    cost += habits.peerCost(prefixes, use.peer.text, own);
    cost += before ? retryCost(before, use, gaps) : firstCost(front, use, gaps);
    if (before && isTriedAgain(use, uses)) cost += SAME_PEER_AGAIN;
    before = use;
  }
  if (!answered) return cost;
  return cost + (before ? endCost(answered, before, gaps) : withoutAttempt(front, answered, gaps));
}

/** Was this peer tried before in the chain, on a connection that was not stale? */
function isTriedAgain(use: Use, uses: readonly Use[]): boolean {
  for (const earlier of uses) {
    if (earlier === use) return false;
    if (earlier.peer.text === use.peer.text && !earlier.exchange.reused) return true;
  }
  return false;
}

function firstCost(front: Front, use: Use, gaps: Gaps): number {
  const asked = askedBefore(front, use.exchange.start);
  return asked ? gaps.first.cost(use.exchange.start.at - asked.at) : OVERLAP;
}

function retryCost(before: Use, use: Use, gaps: Gaps): number {
  const { start } = use.exchange;
  const { outcome } = before;
  if (outcome.is === 'answered') {
    const late = outcome.moment.frame < start.frame;
    return late && outcome.status >= 400
      ? PASSED_ON_BY_STATUS + gaps.retry.cost(start.at - outcome.moment.at)
      : OVERLAP;
  }
  const failure = failureOf(before);
  const known = failure && lastAct(before, failure, start);
  return known && known.frame < start.frame ? gaps.retry.cost(start.at - known.at) : OVERLAP;
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

/** The kind of chain it would be. */
function shapeOf(front: Front, uses: readonly Use[]): Shape {
  const last = front.answered && uses.at(-1);
  const againstRules = uses.some((use) => use !== last && failureOf(use) !== undefined && !mayBeRetried(front, use));
  const mismatch = last !== undefined && !follows(last, front.status);
  return { attempts: uses.length, is502: front.status === 502, mismatch, againstRules };
}

/** Is this the answer that the last attempt leads to? */
function follows({ outcome, exchange }: Use, status: number): boolean {
  switch (outcome.is) {
    case 'answered':
      return outcome.status === status;
    case 'abandoned':
      return status !== 200;
    case 'open':
      return !exchange.connection.synAck;
    default:
      return status === 502;
  }
}

function withoutAttempt(front: Front, answered: Moment, gaps: Gaps): number {
  if (front.explanation) return EXPLAINED;
  const asked = askedBefore(front, answered);
  return asked ? ownGap(front, gaps).cost(answered.at - asked.at) : 0;
}

/** What a gateway answers by itself: a 502 for which something failed that packets do not show, or a file, a redirect. */
function ownGap({ status }: Front, gaps: Gaps): GapDensity {
  return status === 502 ? gaps.none : gaps.own;
}

/** The gateway's last visible act on a failed attempt before it went on. */
function lastAct(use: Use, failure: Moment, until: Moment): Moment {
  const close = closeAfter(use, failure);
  return close && close.frame < until.frame ? close : failure;
}

/** nginx's rule for passing a failed request to the next peer, with the default proxy_next_upstream. */
export function mayBeRetried(front: Front, failed: Use): boolean {
  if (failed.outcome.is === 'rejected') return false;
  const sent = failed.exchange.request !== undefined;
  return !(sent && NOT_IDEMPOTENT.has(front.exchange.request?.method ?? ''));
}

/** What the front teaches with its attempts as they are. */
export function lessonFrom(front: Front): Lesson {
  const { prefixes, uses } = front;
  return lessonOf(
    prefixes,
    uses.map((use) => use.peer.text),
    shapeOf(front, uses),
  );
}

/** Teaches the densities and habits what a chain shows. */
export function learnChain(front: Front, { gaps, habits }: Knowledge): void {
  const { answered, uses } = front;
  if (!answered) return;
  habits.learn(lessonFrom(front), 1);
  if (uses.some((use) => !use.fixed)) return;
  learnGaps(front, answered, gaps);
}

function learnGaps(front: Front, answered: Moment, gaps: Gaps): void {
  const [first] = front.uses;
  const last = front.uses.at(-1);
  if (!first || !last) {
    const asked = askedBefore(front, answered);
    if (asked) ownGap(front, gaps).learn(answered.at - asked.at);
    return;
  }
  const asked = askedBefore(front, first.exchange.start);
  // Of several attempts the first visible one may not be the first.
  if (asked && front.uses.length === 1) gaps.first.learn(first.exchange.start.at - asked.at);
  for (let i = 1; i < front.uses.length; i++) learnRetry(front.uses[i - 1], front.uses[i], gaps);
  learnEnd(last, answered, gaps);
}

function learnRetry(before: Use | undefined, use: Use | undefined, gaps: Gaps): void {
  const failure = before && failureOf(before);
  if (!before || !use || !failure) return;
  const gap: Nanos = use.exchange.start.at - lastAct(before, failure, use.exchange.start).at;
  if (gap >= 0) gaps.retry.learn(gap);
}

function learnEnd(last: Use, answered: Moment, gaps: Gaps): void {
  const { outcome } = last;
  if (outcome.is === 'open') return;
  if (outcome.is === 'answered') {
    gaps.answered.learn(answered.at - (last.exchange.response?.start.at ?? outcome.moment.at));
    return;
  }
  const close = closeAfter(last, outcome.moment);
  if (close && close.frame <= answered.frame) gaps.closed.learn(answered.at - close.at);
  else (outcome.is === 'failed' ? gaps.failed : gaps.closed).learn(answered.at - outcome.moment.at);
}
