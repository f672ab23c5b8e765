/**
 * Solves who made which attempt for a window of requests as a whole, never by the nearest alone: a greedy start, then
 * local search by moves (one attempt to another request), swaps (two attempts trade requests) and moves of pairs (a retry
 * right behind a failure), while the habits are re-estimated in rounds (expectation maximisation).
 */
import { chainCost, type Knowledge, lessonFrom, UNCLAIMED } from './chain.ts';
import { attach, detach, type Front, failureOf, fits, type Use } from './front.ts';
import type { Lesson } from './habits.ts';

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
  readonly #knowledge: Knowledge;
  readonly #uses: readonly Use[];
  readonly #costs = new Map<Front, number>();
  readonly #touched = new Set<Front>();
  readonly #lessons = new Map<Front, Lesson>();
  readonly #safety = new Map<Front, Safety>();

  /** @param uses attempts whose front is open to question, in order of their start */
  constructor(uses: readonly Use[], knowledge: Knowledge) {
    this.#uses = uses;
    this.#knowledge = knowledge;
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
    this.#teach([]);
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
      this.#teach(
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
    const costs = use.candidates.map((front) => this.#costWith(front, use) - this.#cost(front));
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
    const without = home ? this.#costWithout(home, use) - this.#cost(home) : -UNCLAIMED;
    let best = -EPSILON;
    let target: Front | undefined = home;
    let trade: Use | undefined;
    if (home && without + UNCLAIMED < best) {
      best = without + UNCLAIMED;
      target = undefined;
    }
    for (const front of use.candidates) {
      if (front === home) continue;
      const move = without + this.#costWith(front, use) - this.#cost(front);
      if (move < best) {
        best = move;
        target = front;
        trade = undefined;
      }
      for (const other of front.uses) {
        if (other.fixed || (home && !other.candidates.includes(home))) continue;
        const swap = this.#tradeDelta(use, other, home, front);
        if (swap < best) {
          best = swap;
          target = front;
          trade = other;
        }
      }
    }
    if (target === home) return false;
    if (trade) this.#place(trade, home);
    this.#place(use, target);
    return true;
  }

  /** `use` and the use that looks like its retry move together. */
  #improvePair(use: Use): boolean {
    const home = use.front;
    const retry = this.#retryOf(use);
    if (!home || !retry) return false;
    const retryHome = retry.front;
    let best = -EPSILON;
    let target: Front | undefined;
    for (const front of use.candidates) {
      if (!retry.candidates.includes(front) || (front === home && front === retryHome)) continue;
      const delta = this.#pairDelta(use, retry, front);
      if (delta < best) {
        best = delta;
        target = front;
      }
    }
    if (!target) return false;
    this.#place(use, target);
    this.#place(retry, target);
    return true;
  }

  #retryOf(use: Use): Use | undefined {
    const failure = failureOf(use);
    if (!failure) return undefined;
    let low = 0;
    let high = this.#uses.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#uses[middle]?.exchange.start.frame ?? 0) <= failure.frame) low = middle + 1;
      else high = middle;
    }
    const next = this.#uses[low];
    return next && next.exchange.start.at - failure.at < PAIR_GAP ? next : undefined;
  }

  #pairDelta(use: Use, retry: Use, front: Front): number {
    const touched = new Map<Front, Use[]>();
    const usesOf = (of: Front): Use[] => {
      const uses = touched.get(of) ?? of.uses.filter((each) => each !== use && each !== retry);
      touched.set(of, uses);
      return uses;
    };
    if (use.front) usesOf(use.front);
    if (retry.front) usesOf(retry.front);
    touched.set(front, inserted(inserted(usesOf(front), use), retry));
    let delta = (use.front ? 0 : -UNCLAIMED) + (retry.front ? 0 : -UNCLAIMED);
    for (const [of, uses] of touched) delta += this.#costOf(of, uses) - this.#cost(of);
    return delta;
  }

  #tradeDelta(use: Use, other: Use, home: Front | undefined, front: Front): number {
    const there = inserted(
      front.uses.filter((each) => each !== other),
      use,
    );
    const delta = this.#costOf(front, there) - this.#cost(front);
    if (!home) return delta; // the other one becomes unclaimed in place of this one
    const here = inserted(
      home.uses.filter((each) => each !== use),
      other,
    );
    return delta + this.#costOf(home, here) - this.#cost(home);
  }

  /** Prices the next best place of every use, for the fronts at both ends of the move. */
  #price(): void {
    for (const use of this.#uses) {
      const home = use.front;
      const without = home ? this.#costWithout(home, use) - this.#cost(home) + UNCLAIMED : 0;
      if (home) this.#weigh(home, without, false);
      for (const front of use.candidates) {
        if (front === home) continue;
        const move = (home ? without - UNCLAIMED : -UNCLAIMED) + this.#costWith(front, use) - this.#cost(front);
        if (home) this.#weigh(home, move, false);
        this.#weigh(front, move, false);
        for (const other of front.uses) {
          if (other.fixed || (home && !other.candidates.includes(home))) continue;
          const swap = this.#tradeDelta(use, other, home, front);
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

  #place(use: Use, front: Front | undefined): void {
    if (use.front) this.#costs.delete(use.front);
    detach(use);
    if (!front) return;
    this.#costs.delete(front);
    attach(front, use);
  }

  #cost(front: Front): number {
    let cost = this.#costs.get(front);
    if (cost === undefined) {
      cost = this.#costOf(front, front.uses);
      this.#costs.set(front, cost);
    }
    return cost;
  }

  #costOf(front: Front, uses: readonly Use[]): number {
    return chainCost(front, uses, this.#knowledge, this.#lessons.get(front));
  }

  #costWithout(front: Front, use: Use): number {
    return this.#costOf(
      front,
      front.uses.filter((each) => each !== use),
    );
  }

  #costWith(front: Front, use: Use): number {
    return this.#costOf(front, inserted(front.uses, use));
  }

  /** What the present assignment says about the habits takes the place of what the one before it said. */
  #reestimate(): void {
    const lessons: [Front, Lesson][] = [];
    for (const front of this.#touched) {
      if (front.answered) lessons.push([front, lessonFrom(front)]);
    }
    this.#teach(lessons);
  }

  #teach(lessons: readonly (readonly [Front, Lesson])[]): void {
    const { habits } = this.#knowledge;
    for (const lesson of this.#lessons.values()) habits.learn(lesson, -1);
    this.#lessons.clear();
    for (const [front, lesson] of lessons) {
      habits.learn(lesson, 1);
      this.#lessons.set(front, lesson);
    }
    this.#costs.clear();
  }

  #prune(): void {
    for (const use of this.#uses) {
      if (use.candidates.length <= CANDIDATES_KEPT) continue;
      const priced = use.candidates.map((front) => ({
        front,
        cost: front === use.front ? -Infinity : this.#costWith(front, use) - this.#cost(front),
      }));
      priced.sort((a, b) => a.cost - b.cost);
      use.candidates = priced.slice(0, CANDIDATES_KEPT).map(({ front }) => front);
    }
  }
}

function inserted(uses: readonly Use[], use: Use): Use[] {
  let at = uses.length;
  while (at > 0 && (uses[at - 1]?.exchange.start.frame ?? 0) > use.exchange.start.frame) at--;
  return [...uses.slice(0, at), use, ...uses.slice(at)];
}

/** Would a verdict read the same with one in the other's place? */
function isAlike(one: Use, other: Use): boolean {
  return one.peer.text === other.peer.text && wayOut(one) === wayOut(other);
}

function wayOut({ outcome, exchange }: Use): string {
  return `${outcome.is} ${exchange.connection.refusal?.how ?? exchange.end?.how} ${exchange.protocol} ${exchange.request !== undefined}`;
}
