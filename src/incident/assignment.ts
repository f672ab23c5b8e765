/**
 * Solves who made which attempt for a window of requests as a whole, never by the nearest alone: a greedy start, then
 * local search by moves (one attempt to another request), swaps (two attempts trade requests) and moves of pairs (a retry
 * right behind a failure), while the habits are re-estimated in rounds (expectation maximisation).
 */
import { type Knowledge, lessonFrom, UNCLAIMED } from './chain.ts';
import { type Front, failureOf, firstAfter, fits, type Use } from './front.ts';
import type { Lesson } from './habits.ts';
import { Ledger } from './ledger.ts';

/** What the next best assignment would cost more, in nats, and whether others like it leave the verdict as it is. */
export interface Safety {
  readonly margin: number;
  readonly interchangeable: boolean;
}

/** Rounds of the first guess. */
const SOFT_ROUNDS = 5;
/** Shares below this teach nothing. */
const NEGLIGIBLE = 1e-3;
/** Re-estimations of the habits: packets-only experience says that little changes after the third. */
const ROUNDS = 8;
/** Passes over all attempts within a round; the search stops earlier when a pass changes nothing. */
const PASSES = 20;
/** Candidates kept per attempt after the first round, cheapest first. */
const CANDIDATES_KEPT = 24;
/** A retry follows its failure within this time in all but the slowest turns of a gateway's event loop. */
const PAIR_GAP = 5e6;
/** Two like attempts whose trade costs less than this cannot be told apart. */
const INTERCHANGEABLE_WITHIN = 10;
/** Changes smaller than this are noise of the arithmetic, not an improvement. */
const EPSILON = 1e-6;

export class Assignment {
  readonly #ledger: Ledger;
  readonly #uses: readonly Use[];
  readonly #touched = new Set<Front>();
  readonly #safety = new Map<Front, Safety>();

  /** @param uses attempts whose front is open to question, in order of their start */
  constructor(uses: readonly Use[], knowledge: Knowledge) {
    this.#uses = uses;
    this.#ledger = new Ledger(knowledge);
  }

  solve(): void {
    for (const use of this.#uses) {
      use.candidates = use.candidates.filter((front) => !front.settled && fits(front, use));
      for (const front of use.candidates) this.#touched.add(front);
    }
    this.#soften();
    this.#prune();
    for (let round = 0; round < ROUNDS; round++) {
      let changes = 0;
      for (let pass = 0; pass < PASSES; pass++) {
        const changed = this.#pass();
        changes += changed;
        if (changed === 0) break;
      }
      if (round > 0 && changes === 0) break;
      this.#reestimate();
    }
    this.#price();
    this.#ledger.teach([]);
  }

  /** How safe the attempts of `front` are: see `Attempt.margin` and `Attempt.interchangeable`. */
  safetyOf(front: Front): Safety {
    return this.#safety.get(front) ?? { margin: Number.POSITIVE_INFINITY, interchangeable: false };
  }

  /**
   * First guess of the habits, before any attempt is given to anybody: each attempt counts for all its candidates by how
   * well it fits each (soft expectation maximisation). Which peers a location uses shows in the sum, even where no single
   * attempt can be told.
   */
  #soften(): void {
    for (let round = 0; round < SOFT_ROUNDS; round++) {
      const shares = new Map<Front, Map<string, number>>();
      for (const use of this.#uses) this.#share(use, shares);
      this.#ledger.teach(
        [...shares].map(([front, peers]) => {
          let peersTotal = 0;
          for (const weight of peers.values()) peersTotal += weight;
          return [front, { prefixes: front.prefixes, peers, peersTotal, shape: undefined }];
        }),
      );
    }
  }

  /** Divides one attempt among its candidates. */
  #share(use: Use, shares: Map<Front, Map<string, number>>): void {
    const costs = use.candidates.map((front) => this.#ledger.adding(use, front));
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

  #pass(): number {
    let changes = 0;
    for (const use of this.#uses) {
      if (this.#improve(use)) changes++;
      else if (use.front && this.#improvePair(use)) changes++;
    }
    return changes;
  }

  /** The cheapest front for one use, by moving it there or by trading it for a use there. */
  #improve(use: Use): boolean {
    const home = use.front;
    const leaving = this.#ledger.taking(use);
    let best = -EPSILON;
    let target: Front | undefined = home;
    let trade: Use | undefined;
    if (home && leaving + UNCLAIMED < best) {
      best = leaving + UNCLAIMED;
      target = undefined;
    }
    for (const front of use.candidates) {
      if (front === home) continue;
      const move = leaving + this.#ledger.adding(use, front);
      if (move < best) {
        best = move;
        target = front;
        trade = undefined;
      }
      for (const other of front.uses) {
        if (!mayTrade(use, other)) continue;
        const swap = this.#ledger.trading(use, other);
        if (swap < best) {
          best = swap;
          target = front;
          trade = other;
        }
      }
    }
    if (target === home) return false;
    if (trade) this.#ledger.place(trade, home);
    this.#ledger.place(use, target);
    return true;
  }

  /** `use` and the use that looks like its retry move together. */
  #improvePair(use: Use): boolean {
    const retry = this.#retryOf(use);
    if (!use.front || !retry) return false;
    let best = -EPSILON;
    let target: Front | undefined;
    for (const front of use.candidates) {
      if (!retry.candidates.includes(front) || (front === use.front && front === retry.front)) continue;
      const delta = this.#ledger.pairing(use, retry, front);
      if (delta < best) {
        best = delta;
        target = front;
      }
    }
    if (!target) return false;
    this.#ledger.place(use, target);
    this.#ledger.place(retry, target);
    return true;
  }

  #retryOf(use: Use): Use | undefined {
    const failure = failureOf(use);
    if (!failure) return undefined;
    const next = this.#uses[firstAfter(this.#uses, failure.frame)];
    return next && next.exchange.start.at - failure.at < PAIR_GAP ? next : undefined;
  }

  /** Prices the next best place of every use, for the fronts at both ends of the move. */
  #price(): void {
    for (const use of this.#uses) {
      const home = use.front;
      const leaving = this.#ledger.taking(use);
      if (home) this.#weigh(home, leaving + UNCLAIMED, false);
      for (const front of use.candidates) {
        if (front === home) continue;
        const move = leaving + this.#ledger.adding(use, front);
        if (home) this.#weigh(home, move, false);
        this.#weigh(front, move, false);
        for (const other of front.uses) {
          if (!mayTrade(use, other)) continue;
          const swap = this.#ledger.trading(use, other);
          const alike = home !== undefined && isAlike(use, other);
          if (home) this.#weigh(home, swap, alike);
          this.#weigh(front, swap, alike);
        }
      }
    }
  }

  #weigh(front: Front, delta: number, alike: boolean): void {
    const { margin, interchangeable } = this.safetyOf(front);
    this.#safety.set(front, {
      margin: alike ? margin : Math.min(margin, Math.max(0, delta)),
      interchangeable: interchangeable || (alike && delta < INTERCHANGEABLE_WITHIN),
    });
  }

  /** What the present assignment says about the habits takes the place of what the one before it said. */
  #reestimate(): void {
    const lessons: [Front, Lesson][] = [];
    for (const front of this.#touched) {
      if (front.answered) lessons.push([front, lessonFrom(front)]);
    }
    this.#ledger.teach(lessons);
  }

  #prune(): void {
    for (const use of this.#uses) {
      if (use.candidates.length <= CANDIDATES_KEPT) continue;
      const priced = use.candidates.map((front) => ({
        front,
        cost: this.#ledger.adding(use, front),
      }));
      priced.sort((a, b) => a.cost - b.cost);
      use.candidates = priced.slice(0, CANDIDATES_KEPT).map(({ front }) => front);
    }
  }
}

/** Could `other` take the place of `use`, which is a candidate for its front? */
function mayTrade({ front }: Use, other: Use): boolean {
  return !other.fixed && (!front || other.candidates.includes(front));
}

/** Would a verdict read the same with one in the other's place? */
function isAlike(one: Use, other: Use): boolean {
  return one.peer.text === other.peer.text && wayOut(one) === wayOut(other);
}

function wayOut({ outcome, exchange }: Use): string {
  return `${outcome.is} ${exchange.connection.refusal?.how ?? exchange.end?.how} ${exchange.protocol} ${exchange.request !== undefined}`;
}
