/** Of what waits to be settled: which attempts, and which requests, are weighed against each other. */
import { type Front, firstAfter, isQuestioned, type Use } from './front.ts';
import { type Request, requestOf } from './timing/acts.ts';

/**
 * Attempts times requests of one window past which it is crowded: each time some thousand requests wait for an answer that the
 * capture may never bring, all that fails could be theirs.
 */
const CROWDED = 1 << 15;

/**
 * Attempts that began before the first of these requests was asked can be none of theirs: of those stays what was believed, until
 * one that may still wait for them is answered. So it is, in a crowd, with all that none of these could have made.
 */
export function thoseToWeigh(questioned: readonly Use[], waiting: readonly Front[]): readonly Use[] {
  const since = questioned.slice(firstAfter(questioned, firstAsked(waiting) - 1));
  const pairs = since.reduce((sum, { candidates }) => sum + candidates.length, 0);
  if (pairs <= CROWDED) return since;
  return since.filter(({ candidates }) => candidates.some(({ answered, settled }) => answered && !settled));
}

/** The frame at which the first of them was asked. */
function firstAsked(waiting: readonly Front[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { exchange } of waiting) first = Math.min(first, exchange.request?.head.frame ?? first);
  return first;
}

/** The requests that may have attempts or explanations that they do not have yet. */
export function requestsInQuestion(questioned: readonly Use[], waiting: readonly Front[]): readonly Request[] {
  const fronts = new Set(waiting.filter(isQuestioned));
  for (const { candidates } of questioned) for (const front of candidates) fronts.add(front);
  return [...fronts].map(requestOf);
}
