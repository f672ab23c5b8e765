/**
 * Solves who made which attempt for a window of requests as a whole, never by the nearest alone: a greedy start, then
 * local search by moves (one attempt to another request), swaps (two attempts trade requests) and moves of pairs (a retry
 * right behind a failure), while the habits are re-estimated in rounds (expectation maximisation).
 */

import type { Explanation } from '../explanations.ts';
import { type Front, failureOf, firstAfter, fits, type Use } from '../front.ts';
import { type Knowledge, UNCLAIMED } from './chain.ts';
import { type Places, placesOf, supposeShares } from './first-guess.ts';
import { Ledger } from './ledger.ts';
import { Relocation } from './relocation.ts';
import type { Turns } from './turns.ts';

/** What the next best assignment would cost more, in nats, and whether others like it leave the verdict as it is. */
export interface Safety {
  readonly margin: number;
  readonly interchangeable: boolean;
}

/** Passes over all attempts; the search stops earlier when a pass changes nothing. */
const PASSES = 20;
/** Times that workers are told apart anew, by what is believed so far. */
const REGROUPINGS = 2;
/** Rounds in which peers look for another location. */
const RELOCATIONS = 4;
/** Candidates looked at per attempt after the first guess, cheapest first. */
const CANDIDATES_KEPT = 64;
/** A candidate that fits so much worse than the best, in nats, is not looked at: what is learned later does not make up for it. */
const HOPELESS = 30;
/** 502s of a location that are looked at to see whether it began without an attempt. */
const QUIET_KEPT = 8;
/** A retry follows its failure within this time in all but the slowest turns of a gateway's event loop. */
const PAIR_GAP = 5e6;
/** Two like attempts whose trade costs less than this cannot be told apart. */
const INTERCHANGEABLE_WITHIN = 10;
/** Changes smaller than this are noise of the arithmetic, not an improvement. */
const EPSILON = 0.01;

/** Attempts to be looked at again, each with the places where something has changed for it. */
type Dirty = Map<Use, readonly Front[]>;

export class Assignment {
  readonly #ledger: Ledger;
  readonly #uses: readonly Use[];
  readonly #waiting: readonly Front[];
  /** Requests that something else than an attempt may explain. */
  readonly #explained: readonly Front[];
  /** Requests whose chains are open to question. */
  readonly #touched: Set<Front>;
  /** Attempts that could belong to a front. */
  readonly #rivals = new Map<Front, Use[]>();
  readonly #safety = new Map<Front, Safety>();

  /**
   * @param uses attempts whose front is open to question, in order of their start
   * @param waiting answered requests of the window, in order of their answer
   */
  constructor(uses: readonly Use[], waiting: readonly Front[], knowledge: Knowledge, turns: Turns) {
    this.#uses = uses;
    this.#waiting = waiting;
    this.#explained = waiting.filter(({ explanations }) => explanations.length > 0);
    this.#touched = new Set(this.#explained);
    this.#ledger = new Ledger(knowledge, turns);
  }

  solve(): void {
    for (const use of this.#uses) {
      use.candidates = use.candidates.filter((front) => !front.settled && fits(front, use));
      for (const front of use.candidates) this.#touched.add(front);
    }
    this.#findFirstQuiet();
    this.#teach(this.#touched);
    const places = placesOf(this.#uses, this.#ledger);
    supposeShares(places, this.#touched, this.#ledger);
    this.#prune(places);
    // What was supposed gives way to what is believed.
    this.#search(this.#touched);
    for (let round = 0; round < REGROUPINGS && this.#ledger.regroup(); round++) this.#search();
    const relocation = new Relocation(this.#uses, this.#ledger);
    for (let round = 0; round < RELOCATIONS && relocation.run() > 0; round++) this.#search();
    this.#price();
    this.#ledger.close();
  }

  #findFirstQuiet(): void {
    const quiet = new Map<string, Front[]>();
    for (const front of this.#waiting) {
      const location = front.prefixes.locations.at(-1)?.key ?? '';
      const first = quiet.get(location) ?? [];
      quiet.set(location, first);
      front.firstQuiet = first;
      if (front.status === 502 && first.length < QUIET_KEPT && !front.uses.some(({ fixed }) => fixed))
        first.push(front);
    }
  }

  /** How safe the attempts of `front` are: see `Attempt.margin` and `Attempt.interchangeable`. */
  safetyOf(front: Front): Safety {
    return this.#safety.get(front) ?? { margin: Number.POSITIVE_INFINITY, interchangeable: false };
  }

  /**
   * Improves one attempt after the other; where something moved, all that could have a say there are looked at again. Then
   * `taught` teach what they show, which those have done already whose attempts were moved.
   */
  #search(taught: Iterable<Front> = this.#explained): void {
    let dirty: Dirty = new Map(this.#uses.map((use) => [use, use.likely]));
    for (let pass = 0; pass < PASSES && dirty.size > 0; pass++) {
      const next: Dirty = new Map();
      for (const use of this.#uses) {
        const places = dirty.get(use);
        if (!places) continue;
        const home = use.front;
        if (!this.#improve(use, places) && !(use.front && this.#improvePair(use, places))) continue;
        for (const front of [home, use.front]) if (front) this.#soil(front, next);
      }
      dirty = next;
    }
    this.#teach(taught);
  }

  /** What an attempt has changed at `front` is news for its rivals there, and at every place for those who are there. */
  #soil(front: Front, dirty: Dirty): void {
    for (const use of this.#rivals.get(front) ?? []) {
      const places = dirty.get(use);
      if (use.front === front) dirty.set(use, use.likely);
      else if (!places) dirty.set(use, [front]);
      else if (!places.includes(front)) dirty.set(use, [...places, front]);
    }
  }

  #teach(fronts: Iterable<Front>): void {
    this.#explain();
    for (const front of fronts) this.#ledger.teach(front);
  }

  /** What failed beside connections goes to those whom it suits better than nothing; at least one request waited for it. */
  #explain(): void {
    const likeliest = new Map<Explanation['fact'], { front: Front; explanation: Explanation; cost: number }>();
    const claimed = new Set<Explanation['fact']>();
    for (const front of this.#explained) {
      let least = 0;
      let best: Explanation | undefined;
      for (const explanation of front.uses.length === 0 ? front.explanations : []) {
        const cost = this.#ledger.explaining(front, explanation);
        if (cost < (likeliest.get(explanation.fact)?.cost ?? Number.POSITIVE_INFINITY))
          likeliest.set(explanation.fact, { front, explanation, cost });
        if (cost >= least) continue;
        least = cost;
        best = explanation;
      }
      front.explanation = best;
      if (best) claimed.add(best.fact);
    }
    for (const [fact, { front, explanation }] of likeliest) if (!claimed.has(fact)) front.explanation ??= explanation;
  }

  /** The cheapest front for one use, by moving it there or by trading it for a use there. */
  #improve(use: Use, places: readonly Front[]): boolean {
    const home = use.front;
    const leaving = this.#ledger.taking(use);
    let best = -EPSILON;
    let target: Front | undefined = home;
    let trade: Use | undefined;
    if (home && leaving + UNCLAIMED < best) {
      best = leaving + UNCLAIMED;
      target = undefined;
    }
    for (const front of places) {
      if (front === home) continue;
      const move = this.#ledger.moving(use, front, best);
      if (move < best) {
        best = move;
        target = front;
        trade = undefined;
      }
      for (const other of front.uses) {
        if (!mayTrade(use, other)) continue;
        const swap = this.#ledger.trading(use, other, best);
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
  #improvePair(use: Use, places: readonly Front[]): boolean {
    const retry = this.#retryOf(use);
    if (!use.front || !retry) return false;
    let best = -EPSILON;
    let target: Front | undefined;
    for (const front of places) {
      if (!retry.likely.includes(front) || (front === use.front && front === retry.front)) continue;
      const delta = this.#ledger.pairing(use, retry, front, best);
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
      for (const front of use.likely) {
        if (front === home) continue;
        const move = this.#ledger.moving(use, front);
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

  #prune(places: Places): void {
    for (const [use, near] of places) {
      const priced = near.map(({ front, turn }) => ({ front, cost: this.#ledger.chaining(use, front) + turn }));
      priced.sort((a, b) => a.cost - b.cost);
      const hopeless = (priced[0]?.cost ?? 0) + HOPELESS;
      const kept = priced.slice(0, CANDIDATES_KEPT).filter(({ cost }) => cost < hopeless);
      use.likely = kept.map(({ front }) => front);
      for (const front of use.likely) {
        const rivals = this.#rivals.get(front);
        if (rivals) rivals.push(use);
        else this.#rivals.set(front, [use]);
      }
    }
  }
}

/** Could `other` take the place of `use`, which is a candidate for its front? */
function mayTrade({ front }: Use, other: Use): boolean {
  return !other.fixed && !other.plain && (!front || other.likely.includes(front));
}

/** Would a verdict read the same with one in the other's place? */
function isAlike(one: Use, other: Use): boolean {
  return one.peer.text === other.peer.text && wayOut(one) === wayOut(other);
}

function wayOut({ outcome, exchange }: Use): string {
  return `${outcome.is} ${exchange.connection.refusal?.how ?? exchange.end?.how} ${exchange.protocol} ${exchange.request !== undefined}`;
}
