/**
 * First guess of the habits, before any attempt is given to anybody: each attempt counts for all its candidates by how well it
 * fits each (soft expectation maximisation). Which peers a location uses shows in the sum, even where no single attempt can
 * be told.
 */

import type { Front, Use } from '../front.ts';
import { mainChain, UNCLAIMED } from './chain.ts';
import { DECISION, NOBODY, type Step } from './decisions.ts';
import { Lesson } from './habits.ts';
import type { Ledger } from './ledger.ts';

/** Rounds of the guess: it hardly changes afterwards. */
const ROUNDS = 5;
/** Shares below this teach nothing. */
const NEGLIGIBLE = 1e-3;
/** A place that is so much dearer than the best, in nats, is left out: neither its turn nor any habit will make up for it. */
const FAR = 60;
/** The same within the guess, once each place was looked at: what is learned by it changes costs by less. */
const NEAR = 30;

/** Of each front, how much of the attempts at each peer it has. */
type Shares = Map<Front, Map<string, number>>;

/** A place that an attempt could have, and what its turn there adds: guesses change habits, and nobody gets an attempt. */
export interface Place {
  readonly front: Front;
  readonly turn: number;
}

/** The places that each attempt could have. */
export type Places = ReadonlyMap<Use, readonly Place[]>;

export function placesOf(uses: readonly Use[], ledger: Ledger): Places {
  return new Map(
    uses.map((use) => {
      const costs = use.candidates.map((front) => ledger.chaining(use, front));
      const dearest = Math.min(UNCLAIMED, ...costs) + FAR;
      const near = use.candidates.filter((_, at) => (costs[at] ?? 0) < dearest);
      return [use, near.map((front) => ({ front, turn: ledger.turn(use, front) }))];
    }),
  );
}

/** Lets `ledger` suppose of each front what its share of all attempts teaches. */
export function supposeShares(places: Places, fronts: ReadonlySet<Front>, ledger: Ledger): void {
  let before: Shares | undefined;
  let near = places;
  for (let round = 0; round < ROUNDS; round++) {
    const shares: Shares = new Map();
    const nearer = new Map<Use, readonly Place[]>();
    for (const [use, own] of near) nearer.set(use, divide(use, own, shares, ledger));
    // Who has no share of any attempt goes on teaching the same.
    const concerned = before ? new Set([...before.keys(), ...shares.keys()]) : fronts;
    for (const front of concerned) if (front.answered) ledger.suppose(front, guess(front, shares.get(front)));
    before = shares;
    if (near === places) near = nearer;
  }
}

/** Divides one attempt among its places; returns those that may have a share of it when habits have changed. */
function divide(use: Use, places: readonly Place[], shares: Shares, ledger: Ledger): readonly Place[] {
  const costs = places.map(({ front, turn }) => ledger.chaining(use, front) + turn);
  const least = Math.min(UNCLAIMED, ...costs);
  let sum = Math.exp(least - UNCLAIMED);
  for (const cost of costs) sum += Math.exp(least - cost);
  for (const [at, { front }] of places.entries()) {
    const weight = Math.exp(least - (costs[at] ?? 0)) / sum;
    if (weight < NEGLIGIBLE) continue;
    const peers = shares.get(front) ?? new Map<string, number>();
    peers.set(use.peer.text, (peers.get(use.peer.text) ?? 0) + weight);
    shares.set(front, peers);
  }
  return places.filter((_, at) => (costs[at] ?? 0) < least + NEAR);
}

/** What a request would teach, were each attempt in question its own to the share that its candidates leave to it. */
function guess(front: Front, shares: ReadonlyMap<string, number> = new Map()): Lesson {
  const { prefixes } = front;
  const first = mainChain(front, front.uses)[0];
  let left = 1;
  const steps: Step[] = [];
  for (const [peer, share] of shares) {
    const weight = Math.min(1, share);
    left *= 1 - weight;
    steps.push({ decision: DECISION.first, choice: peer, weight }, { decision: DECISION.peer, choice: peer, weight });
  }
  steps.push({ decision: DECISION.first, choice: first?.peer.text ?? NOBODY, weight: left });
  for (const use of front.uses) steps.push({ decision: DECISION.peer, choice: use.peer.text, weight: 1 });
  return new Lesson(prefixes, steps);
}
