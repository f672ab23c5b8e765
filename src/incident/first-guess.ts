/**
 * First guess of the habits, before any attempt is given to anybody: each attempt counts for all its candidates by how well it
 * fits each (soft expectation maximisation). Which peers a location uses shows in the sum, even where no single attempt can
 * be told.
 */
import { mainChain, UNCLAIMED } from './chain.ts';
import type { Front, Use } from './front.ts';
import { type Lesson, NOBODY, type Step } from './habits.ts';
import type { Ledger } from './ledger.ts';

/** Rounds of the guess: it hardly changes afterwards. */
const ROUNDS = 5;
/** Shares below this teach nothing. */
const NEGLIGIBLE = 1e-3;

type Shares = Map<Front, Map<string, number>>;

/** What each attempt's turn adds at each of its candidates. Guesses change habits and give nobody an attempt: it stays. */
export type CandidateTurns = ReadonlyMap<Use, readonly number[]>;

export function turnsOfCandidates(uses: readonly Use[], ledger: Ledger): CandidateTurns {
  return new Map(uses.map((use) => [use, use.candidates.map((front) => ledger.turn(use, front))]));
}

/** Lets `ledger` suppose of each front what its share of all attempts teaches. */
export function supposeShares(
  uses: readonly Use[],
  turns: CandidateTurns,
  fronts: ReadonlySet<Front>,
  ledger: Ledger,
): void {
  for (let round = 0; round < ROUNDS; round++) {
    const shares: Shares = new Map();
    for (const use of uses) divide(use, turns.get(use) ?? [], shares, ledger);
    for (const front of fronts) if (front.answered) ledger.suppose(front, guess(front, shares.get(front)));
  }
}

/** Divides one attempt among its candidates. */
function divide(use: Use, turns: readonly number[], shares: Shares, ledger: Ledger): void {
  const costs = use.candidates.map((front, at) => ledger.adding(use, front, turns[at]));
  const least = Math.min(UNCLAIMED, ...costs);
  let sum = Math.exp(least - UNCLAIMED);
  for (const cost of costs) sum += Math.exp(least - cost);
  for (const [at, front] of use.candidates.entries()) {
    const weight = Math.exp(least - (costs[at] ?? 0)) / sum;
    if (weight < NEGLIGIBLE) continue;
    const peers = shares.get(front) ?? new Map<string, number>();
    peers.set(use.peer.text, (peers.get(use.peer.text) ?? 0) + weight);
    shares.set(front, peers);
  }
}

/** What a request would teach, were each attempt in question its own to the share that its candidates leave to it. */
function guess(front: Front, shares: ReadonlyMap<string, number> = new Map()): Lesson {
  const { prefixes } = front;
  const [first] = mainChain(front, front.uses);
  let left = 1;
  const steps: Step[] = [];
  for (const [peer, share] of shares) {
    const weight = Math.min(1, share);
    left *= 1 - weight;
    steps.push({ decision: 'first', choice: peer, weight }, { decision: 'peer', choice: peer, weight });
  }
  steps.push({ decision: 'first', choice: first?.peer.text ?? NOBODY, weight: left });
  for (const use of front.uses) steps.push({ decision: 'peer', choice: use.peer.text, weight: 1 });
  return { prefixes, steps };
}
