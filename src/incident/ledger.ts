/** The books of an assignment: what each request's chain costs now, and what it would cost after a move, a trade or a pair's move. */
import { chainCost, type Knowledge, UNCLAIMED } from './chain.ts';
import { attach, detach, type Front, type Use } from './front.ts';
import type { Lesson } from './habits.ts';

export class Ledger {
  readonly #knowledge: Knowledge;
  readonly #costs = new Map<Front, number>();
  readonly #lessons = new Map<Front, Lesson>();

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  /** What it adds to give `use` to `front`. */
  adding(use: Use, front: Front): number {
    return this.#costOf(front, inserted(front.uses, use)) - this.#cost(front);
  }

  /** What it adds to take `use` from where it is, to nobody yet. */
  taking(use: Use): number {
    const { front } = use;
    return front ? this.#costOf(front, without(front.uses, use)) - this.#cost(front) : -UNCLAIMED;
  }

  /** What it adds to let `use` and `other` trade places. */
  trading(use: Use, other: Use): number {
    const { front: home } = use;
    const { front: there } = other;
    let delta = 0;
    // Where one of them is nobody's, the other becomes so in its place: that costs the same.
    if (there) delta += this.#costOf(there, inserted(without(there.uses, other), use)) - this.#cost(there);
    if (home) delta += this.#costOf(home, inserted(without(home.uses, use), other)) - this.#cost(home);
    return delta;
  }

  /** What it adds to give both `use` and `retry` to `front`. */
  pairing(use: Use, retry: Use, front: Front): number {
    const chains = new Map<Front, Use[]>();
    for (const each of [use, retry]) {
      if (each.front) chains.set(each.front, without(chains.get(each.front) ?? each.front.uses, each));
    }
    chains.set(front, inserted(inserted(chains.get(front) ?? front.uses, use), retry));
    let delta = (use.front ? 0 : -UNCLAIMED) + (retry.front ? 0 : -UNCLAIMED);
    for (const [of, uses] of chains) delta += this.#costOf(of, uses) - this.#cost(of);
    return delta;
  }

  /** Gives `use` to `front`, or to nobody. */
  place(use: Use, front: Front | undefined): void {
    if (use.front) this.#costs.delete(use.front);
    detach(use);
    if (!front) return;
    this.#costs.delete(front);
    attach(front, use);
  }

  /** These lessons take the place of the ones before. */
  teach(lessons: Iterable<readonly [Front, Lesson]>): void {
    const { habits } = this.#knowledge;
    for (const lesson of this.#lessons.values()) habits.learn(lesson, -1);
    this.#lessons.clear();
    for (const [front, lesson] of lessons) {
      habits.learn(lesson, 1);
      this.#lessons.set(front, lesson);
    }
    this.#costs.clear();
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
}

function without(uses: readonly Use[], use: Use): Use[] {
  return uses.filter((each) => each !== use);
}

function inserted(uses: readonly Use[], use: Use): Use[] {
  let at = uses.length;
  while (at > 0 && (uses[at - 1]?.exchange.start.frame ?? 0) > use.exchange.start.frame) at--;
  return [...uses.slice(0, at), use, ...uses.slice(at)];
}
