/** What a gateway decides for a request, and how it does before anything was learned of it. */

/** Nobody: no attempt was made, or none beside the others. */
export const NOBODY = '-';

/** What a gateway decides for a request. */
export const DECISION = {
  first: 0, // the peer of the first attempt; nobody; what failed before there could be one
  peer: 1, // any peer it tries: who belongs to the location
  'again-1': 2, // after the first failure, the second, a later one: go on, or stop
  'again-2': 3,
  'again-3': 4,
  against: 5, // go on where nginx does not by default: a POST that was sent, a rejected header
  passed: 6, // go on after an answer: only some statuses are passed on, where it is configured
  beside: 7, // the peer of a subrequest at the same time
  'own-answer': 8, // what it answers where it tried nobody
  waited: 9, // how long that takes
  'waited-502': 10,
  answer: 11, // does the answer follow from the last attempt?
} as const;
export type DecisionName = keyof typeof DECISION;
export type Decision = (typeof DECISION)[DecisionName];

export const DECISION_NAMES = Object.keys(DECISION) as readonly DecisionName[];

/** One decision as it was taken; `weight` below 1 where it is a guess. */
export interface Step {
  readonly decision: Decision;
  readonly choice: string;
  readonly weight: number;
}

/** Shares before anything is learned: named choices, and any other. Most requests take one attempt, few take many. */
const UNSEEN: Readonly<Record<DecisionName, Readonly<Record<string, number>> & { readonly other: number }>> = {
  first: { [NOBODY]: 0.2, other: 0.02 },
  peer: { other: 0.02 },
  'again-1': { next: 0.25, other: 0.75 },
  'again-2': { next: 0.2, other: 0.8 },
  'again-3': { next: 0.15, other: 0.85 },
  against: { next: 0.01, other: 1 },
  passed: { next: 7e-3, other: 1 },
  beside: { [NOBODY]: 1, other: 1e-6 },
  'own-answer': { other: 0.5 },
  waited: { other: 0.04 },
  'waited-502': { other: 0.04 },
  answer: { follows: 1, other: 1e-3 },
};

export function unseenShare(decision: Decision, choice: string): number {
  const shares = UNSEEN[DECISION_NAMES[decision] as DecisionName];
  return shares[choice] ?? shares.other;
}
