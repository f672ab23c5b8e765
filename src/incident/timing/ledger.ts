/**
 * The books of an assignment: what each request's chain costs now, and what it would cost after a move, a trade or a pair's
 * move. What a chain shows of the gateway's habits counts at once for all others, never for itself.
 */

import type { Explanation } from '../explanations.ts';
import { attach, detach, type Front, type Use } from '../front.ts';
import { type Act, actsOf, requestOf } from './acts.ts';
import { chainCost, type Knowledge, quietCost, UNCLAIMED } from './chain.ts';
import type { Lesson } from './habits.ts';
import { lessonFrom } from './lessons.ts';
import type { Turns } from './turns.ts';

type Chains = (readonly [Front, readonly Use[]])[];

/** The most, in nats, that the turns of all acts concerned were seen to gain by one change. */
const TURNS_WORTH = 20;

/** What is known of one request with its attempts as they are. */
interface Page {
  /** What it has taught. */
  lesson: Lesson | undefined;
  /** What its chain costs, and the version of the habits that this was worked out with. */
  cost: number;
  version: number;
  /** What was done for it; `undefined` until somebody asks. */
  acts: readonly Act[] | undefined;
}

export class Ledger {
  readonly #knowledge: Knowledge;
  readonly #turns: Turns;
  readonly #pages = new Map<Front, Page>();
  /** What the chain of the attempt asked about last costs less without it. */
  #left: { readonly use: Use; readonly version: number; readonly cost: number } | undefined = undefined;

  constructor(knowledge: Knowledge, turns: Turns) {
    this.#knowledge = knowledge;
    this.#turns = turns;
  }

  /** What it adds to give `use` to `front`. */
  adding(use: Use, front: Front): number {
    return this.chaining(use, front) + this.turn(use, front);
  }

  /** What it adds to give `use` to `front`, as far as it does not depend on whose turn it was. */
  chaining(use: Use, front: Front): number {
    return this.#costOf(front, inserted(front.uses, use)) - this.#cost(front);
  }

  /** What it adds to give `use` to `front`, as far as it depends on whose turn it was. */
  turn(use: Use, front: Front): number {
    if (!this.#turns.tell) return 0;
    return this.#turns.cost(actsOf(front, inserted(front.uses, use))) - this.#turns.cost(this.#actsOf(front));
  }

  /** What it adds to take `use` from where it is, to nobody yet. */
  taking(use: Use): number {
    const { front } = use;
    return front ? this.#change([[front, without(front.uses, use)]]) : -UNCLAIMED;
  }

  /** What it adds to move `use` to `front`; infinite, where no turn could bring that below `limit`. */
  moving(use: Use, front: Front, limit: number = Number.POSITIVE_INFINITY): number {
    const { front: home } = use;
    const given = inserted(front.uses, use);
    const chained = this.#costOf(front, given) - this.#cost(front);
    if (!home) {
      if (chained - UNCLAIMED > limit + TURNS_WORTH) return Number.POSITIVE_INFINITY;
      return chained - UNCLAIMED + this.turn(use, front);
    }
    const left = without(home.uses, use);
    const cost = chained + this.#leaving(use, home, left);
    if (cost > limit + TURNS_WORTH) return Number.POSITIVE_INFINITY;
    if (!this.#turns.tell) return cost;
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

  /** What it adds to let `use` and `other` trade places; infinite, where no turn could bring that below `limit`. */
  trading(use: Use, other: Use, limit: number = Number.POSITIVE_INFINITY): number {
    const { front: home } = use;
    const { front: there } = other;
    const chains: Chains = [];
    // Where one of them is nobody's, the other becomes so in its place: that costs the same.
    if (there) chains.push([there, inserted(without(there.uses, other), use)]);
    if (home) chains.push([home, inserted(without(home.uses, use), other)]);
    return this.#change(chains, limit);
  }

  /** What it adds to give both `use` and `retry` to `front`; infinite, where no turn could bring that below `limit`. */
  pairing(use: Use, retry: Use, front: Front, limit: number): number {
    const chains = new Map<Front, Use[]>();
    for (const each of [use, retry]) {
      if (each.front) chains.set(each.front, without(chains.get(each.front) ?? each.front.uses, each));
    }
    chains.set(front, inserted(inserted(chains.get(front) ?? front.uses, use), retry));
    const claimed = (use.front ? 0 : -UNCLAIMED) + (retry.front ? 0 : -UNCLAIMED);
    return this.#change([...chains], limit - claimed) + claimed;
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
      const page = this.#pageOf(each);
      page.version = -1;
      page.acts = undefined;
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
    this.#pageOf(front).lesson = lesson;
  }

  /** Takes back what `front` showed. */
  forget(front: Front): void {
    const page = this.#pages.get(front);
    if (!page?.lesson) return;
    this.#knowledge.habits.learn(page.lesson, -1);
    page.lesson = undefined;
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

  /** Lets what is believed tell whose turn it was; false where that is nothing new. */
  regroup(): boolean {
    return this.#turns.regroup();
  }

  /** Takes back everything. */
  close(): void {
    for (const front of this.#pages.keys()) this.forget(front);
  }

  #believe(front: Front, acts: readonly Act[]): void {
    this.#turns.believe(requestOf(front), acts);
  }

  /** What a front's chain costs as it stands is asked again and again between two changes. */
  #cost(front: Front): number {
    const { version } = this.#knowledge.habits;
    const page = this.#pageOf(front);
    if (page.version !== version) {
      page.cost = this.#standing(front, page, version);
      page.version = version;
    }
    return page.cost;
  }

  /** Of requests for which nobody was tried, those cost the same that teach the same, but for a 502: many do. */
  #standing(front: Front, { lesson }: Page, version: number): number {
    if (!lesson || front.uses.length > 0 || front.status === 502) return this.#costOf(front, front.uses);
    if (lesson.version !== version) {
      lesson.cost = this.#costOf(front, front.uses);
      lesson.version = version;
    }
    return lesson.cost;
  }

  #actsOf(front: Front): readonly Act[] {
    const page = this.#pageOf(front);
    page.acts ??= actsOf(front, front.uses);
    return page.acts;
  }

  #costOf(front: Front, uses: readonly Use[]): number {
    return chainCost(front, uses, this.#knowledge, this.#pages.get(front)?.lesson);
  }

  #pageOf(front: Front): Page {
    let page = this.#pages.get(front);
    if (!page) {
      page = { lesson: undefined, cost: Number.NaN, version: -1, acts: undefined };
      this.#pages.set(front, page);
    }
    return page;
  }

  /** What it adds to believe in these chains in place of those that are believed in. */
  #change(chains: Chains, limit: number = Number.POSITIVE_INFINITY): number {
    let delta = 0;
    for (const [front, uses] of chains) delta += this.#costOf(front, uses) - this.#cost(front);
    if (delta > limit + TURNS_WORTH) return Number.POSITIVE_INFINITY;
    if (!this.#turns.tell) return delta;
    const before: Act[] = [];
    const after: Act[] = [];
    for (const [front, uses] of chains) {
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
  const [one] = uses;
  // Most chains are short: a list that is written down is as long as it has to be, one that grows has room for many.
  if (!one) return [use];
  if (uses.length === 1) return one.exchange.start.frame > use.exchange.start.frame ? [use, one] : [one, use];
  let at = uses.length;
  while (at > 0 && (uses[at - 1]?.exchange.start.frame ?? 0) > use.exchange.start.frame) at--;
  const all: Use[] = [];
  for (let i = 0; i < at; i++) all.push(uses[i] as Use);
  all.push(use);
  for (let i = at; i < uses.length; i++) all.push(uses[i] as Use);
  return all;
}
