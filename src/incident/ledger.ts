/**
 * The books of an assignment: what each request's chain costs now, and what it would cost after a move, a trade or a pair's
 * move. What a chain shows of the gateway's habits counts at once for all others, never for itself.
 */
import { type Act, actsOf } from './acts.ts';
import { chainCost, type Knowledge, quietCost, UNCLAIMED } from './chain.ts';
import type { Explanation } from './explanations.ts';
import { attach, detach, type Front, type Use } from './front.ts';
import type { Lesson } from './habits.ts';
import { lessonFrom } from './lessons.ts';
import type { Turns } from './turns.ts';

type Chains = (readonly [Front, readonly Use[]])[];

export class Ledger {
  readonly #knowledge: Knowledge;
  readonly #turns: Turns;
  readonly #lessons = new Map<Front, Lesson>();
  readonly #costs = new Map<Front, { readonly version: number; readonly cost: number }>();
  /** What was done for each, with its attempts as they are. */
  readonly #acts = new Map<Front, readonly Act[]>();
  /** What the chain of the attempt asked about last costs less without it. */
  #left: { readonly use: Use; readonly version: number; readonly cost: number } | undefined = undefined;

  constructor(knowledge: Knowledge, turns: Turns) {
    this.#knowledge = knowledge;
    this.#turns = turns;
  }

  /** What it adds to give `use` to `front`; `turn` is what it adds for whose turn it was. */
  adding(use: Use, front: Front, turn: number = this.turn(use, front)): number {
    return this.#costOf(front, inserted(front.uses, use)) - this.#cost(front) + turn;
  }

  /** What it adds to give `use` to `front`, as far as it depends on whose turn it was. */
  turn(use: Use, front: Front): number {
    return this.#turns.cost(actsOf(front, inserted(front.uses, use))) - this.#turns.cost(this.#actsOf(front));
  }

  /** What it adds to take `use` from where it is, to nobody yet. */
  taking(use: Use): number {
    const { front } = use;
    return front ? this.#change([[front, without(front.uses, use)]]) : -UNCLAIMED;
  }

  /** What it adds to move `use` to `front`. */
  moving(use: Use, front: Front): number {
    const { front: home } = use;
    if (!home) return this.adding(use, front) - UNCLAIMED;
    const [left, given] = [without(home.uses, use), inserted(front.uses, use)];
    const cost = this.#leaving(use, home, left) + (this.#costOf(front, given) - this.#cost(front));
    const before = [...this.#actsOf(home), ...this.#actsOf(front)];
    const after = [...actsOf(home, left), ...actsOf(front, given)];
    return cost + this.#turns.cost(after) - this.#turns.cost(before);
  }

  /** What its chain costs less without `use`: asked for each place that it could move to. */
  #leaving(use: Use, home: Front, left: readonly Use[]): number {
    const { version } = this.#knowledge.habits;
    if (this.#left?.use !== use || this.#left.version !== version)
      this.#left = { use, version, cost: this.#costOf(home, left) - this.#cost(home) };
    return this.#left.cost;
  }

  /** What it adds to let `use` and `other` trade places. */
  trading(use: Use, other: Use): number {
    const { front: home } = use;
    const { front: there } = other;
    const chains: Chains = [];
    // Where one of them is nobody's, the other becomes so in its place: that costs the same.
    if (there) chains.push([there, inserted(without(there.uses, other), use)]);
    if (home) chains.push([home, inserted(without(home.uses, use), other)]);
    return this.#change(chains);
  }

  /** What it adds to give both `use` and `retry` to `front`. */
  pairing(use: Use, retry: Use, front: Front): number {
    const chains = new Map<Front, Use[]>();
    for (const each of [use, retry]) {
      if (each.front) chains.set(each.front, without(chains.get(each.front) ?? each.front.uses, each));
    }
    chains.set(front, inserted(inserted(chains.get(front) ?? front.uses, use), retry));
    return this.#change([...chains]) + (use.front ? 0 : -UNCLAIMED) + (retry.front ? 0 : -UNCLAIMED);
  }

  /** Gives `use` to `front`, or to nobody. */
  place(use: Use, front: Front | undefined): void {
    const home = use.front;
    for (const each of [home, front]) if (each) this.forget(each);
    detach(use);
    if (front) attach(front, use);
    this.#left = undefined;
    for (const each of [home, front]) {
      if (!each) continue;
      this.#costs.delete(each);
      this.#acts.delete(each);
    }
    for (const each of [home, front]) if (each) this.teach(each);
  }

  /** Lets the habits know what `front` shows with its attempts as they are, in place of what it showed before. */
  teach(front: Front): void {
    this.forget(front);
    this.#believe(front, this.#actsOf(front));
    if (front.answered) this.suppose(front, lessonFrom(front));
  }

  /** What it adds to believe that `front`, which has no attempts, is explained by `explanation`, and not by nothing. */
  explaining(front: Front, explanation: Explanation): number {
    const before = front.explanation;
    front.explanation = undefined;
    const without = this.#costOf(front, []);
    front.explanation = explanation;
    const explained = this.#costOf(front, []);
    front.explanation = before;
    return explained - without;
  }

  /** The same with a guess. */
  suppose(front: Front, lesson: Lesson): void {
    this.forget(front);
    this.#knowledge.habits.learn(lesson, 1);
    this.#lessons.set(front, lesson);
  }

  /** Takes back what `front` showed. */
  forget(front: Front): void {
    const lesson = this.#lessons.get(front);
    if (!lesson) return;
    this.#knowledge.habits.learn(lesson, -1);
    this.#lessons.delete(front);
  }

  /** What the chains of these cost together: each is judged by what the ones before it have shown, as if met for the first time. */
  together(fronts: ReadonlySet<Front>): number {
    for (const front of fronts) {
      this.forget(front);
      this.#believe(front, []);
    }
    let cost = 0;
    for (const front of fronts) {
      cost += this.#cost(front) + quietCost(front);
      cost += this.#turns.cost(this.#actsOf(front));
      this.teach(front);
    }
    return cost;
  }

  /** Lets what is believed tell whose turn it was. */
  regroup(): void {
    this.#turns.regroup();
  }

  /** Takes back everything. */
  close(): void {
    for (const front of [...this.#lessons.keys()]) this.forget(front);
  }

  #believe(front: Front, acts: readonly Act[]): void {
    const { connection, nth } = front.exchange;
    this.#turns.believe({ connection: connection.id, nth }, acts);
  }

  /** What a front's chain costs as it stands is asked again and again between two changes. */
  #cost(front: Front): number {
    const { version } = this.#knowledge.habits;
    const known = this.#costs.get(front);
    if (known?.version === version) return known.cost;
    const cost = this.#costOf(front, front.uses);
    this.#costs.set(front, { version, cost });
    return cost;
  }

  #actsOf(front: Front): readonly Act[] {
    let acts = this.#acts.get(front);
    if (!acts) {
      acts = actsOf(front, front.uses);
      this.#acts.set(front, acts);
    }
    return acts;
  }

  #costOf(front: Front, uses: readonly Use[]): number {
    return chainCost(front, uses, this.#knowledge, this.#lessons.get(front));
  }

  /** What it adds to believe in these chains in place of those that are believed in. */
  #change(chains: Chains): number {
    const before: Act[] = [];
    const after: Act[] = [];
    let delta = 0;
    for (const [front, uses] of chains) {
      delta += this.#costOf(front, uses) - this.#cost(front);
      for (const act of this.#actsOf(front)) before.push(act);
      for (const act of actsOf(front, uses)) after.push(act);
    }
    return delta + this.#turns.cost(after) - this.#turns.cost(before);
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
