/**
 * Moves that no single attempt would make: all attempts at one peer, scattered over locations by chance, go to one location
 * together. A group that fails as a whole is tried once or twice and then given up for seconds ("no live upstreams"), so that
 * what its requests do is learned from very few attempts, each of which alone could as well be somebody else's.
 */
import { MILLISECOND, type Nanos } from '../../model/time.ts';
import type { Front, Use } from '../front.ts';
import { UNCLAIMED } from './chain.ts';
import type { Ledger } from './ledger.ts';

/** Peers with more attempts in question than this have shown where they belong. */
const USES_LIMIT = 60;
/** Peers with no more attempts than this are tried together with those that fail when they do: a group is given up as one. */
const RARE = 8;
/** So close in time do the peers of a group fail, even in a burst. */
const TOGETHER: Nanos = 30 * MILLISECOND;
/** Locations that are tried, the cheapest first. */
const LOCATIONS_TRIED = 12;
/** What it costs, in nats, that a location cannot hold one of the attempts: it stays where it is. */
const NOT_HELD = 60;
/** Past this, in nats per attempt, no retry that comes along makes up for the move. */
const HOPELESS = 30;
/** A smaller gain is noise of the arithmetic. */
const GAIN = 0.01;

export class Relocation {
  readonly #ledger: Ledger;
  readonly #byPeer = new Map<string, Use[]>();
  readonly #byCandidate = new Map<Front, Use[]>();
  /** What was moved, and from where. */
  #journal: { readonly use: Use; readonly from: Front | undefined }[] = [];
  #total = 0;

  constructor(uses: readonly Use[], ledger: Ledger) {
    this.#ledger = ledger;
    for (const use of uses) {
      file(this.#byPeer, use.peer.text, use);
      for (const front of use.likely) file(this.#byCandidate, front, use);
    }
  }

  /** Returns how many peers found another place. */
  run(): number {
    let moved = 0;
    for (const [peer, uses] of this.#byPeer) {
      if (uses.length <= USES_LIMIT && isScattered(uses) && this.#relocate(uses)) moved++;
      for (const companions of uses.length <= RARE ? this.#companionsOf(peer, uses) : []) {
        const both = [...uses, ...companions].sort((a, b) => a.exchange.start.frame - b.exchange.start.frame);
        if (this.#relocate(both)) moved++;
      }
    }
    return moved;
  }

  /** Attempts at other peers that were tried, about as often, when this one was. */
  #companionsOf(peer: string, uses: readonly Use[]): readonly (readonly Use[])[] {
    const near = (use: Use) => uses.some((each) => Math.abs(each.exchange.start.at - use.exchange.start.at) < TOGETHER);
    return [...this.#byPeer]
      .filter(([other, others]) => other > peer && Math.abs(others.length - uses.length) <= 1 && others.every(near))
      .map(([, others]) => others);
  }

  #relocate(uses: readonly Use[]): boolean {
    let moved = false;
    for (const location of this.#locationsFor(uses)) {
      this.#journal = [];
      this.#total = 0;
      const fronts = this.#gather(uses, location);
      if (this.#total < HOPELESS * uses.length) this.#bringRetries(fronts);
      if (this.#keepIfBetter()) moved = true;
    }
    return moved;
  }

  /** Keeps what was moved, if all requests concerned, judged one after the other, cost less than before. */
  #keepIfBetter(): boolean {
    const fronts = new Set<Front>();
    for (const { use, from } of this.#journal) for (const front of [from, use.front]) if (front) fronts.add(front);
    const places = this.#journal.map(({ use }) => ({ use, to: use.front }));
    const after = this.#ledger.together(fronts) + this.#unclaimed();
    this.#undo();
    if (after > this.#ledger.together(fronts) + this.#unclaimed() - GAIN) return false;
    for (const { use, to } of places) this.#ledger.place(use, to);
    return places.length > 0;
  }

  #unclaimed(): number {
    let cost = 0;
    for (const use of new Set(this.#journal.map((entry) => entry.use))) if (!use.front) cost += UNCLAIMED;
    return cost;
  }

  /** Where all of them could be together: the likeliest locations, judged attempt by attempt. */
  #locationsFor(uses: readonly Use[]): readonly string[] {
    const costs = new Map<string, number>();
    for (const use of uses) {
      const cheapest = new Map<string, number>();
      const leaving = this.#ledger.taking(use);
      for (const front of use.likely) {
        const location = locationOf(front);
        const cost = front === use.front ? 0 : leaving + this.#ledger.adding(use, front);
        cheapest.set(location, Math.min(cost, cheapest.get(location) ?? NOT_HELD));
      }
      for (const [location, cost] of cheapest) costs.set(location, (costs.get(location) ?? 0) + cost - NOT_HELD);
    }
    const ranked = [...costs].sort((a, b) => a[1] - b[1]);
    return ranked.slice(0, LOCATIONS_TRIED).map(([location]) => location);
  }

  /** Each use goes to the best front of the location, whatever it costs. */
  #gather(uses: readonly Use[], location: string): ReadonlySet<Front> {
    const fronts = new Set<Front>();
    for (const use of uses) {
      if (use.front && locationOf(use.front) === location) continue;
      const there = use.likely.filter((front) => locationOf(front) === location);
      const { front, cost } = this.#best(use, there);
      if (!front) continue;
      fronts.add(front);
      this.#move(use, front, cost);
    }
    return fronts;
  }

  /** What follows them as a retry comes along, and what they pushed aside goes. */
  #bringRetries(fronts: ReadonlySet<Front>): void {
    for (const front of fronts) {
      for (const use of this.#byCandidate.get(front) ?? []) {
        const { front: better, cost } = this.#best(use, use.front === front ? use.likely : [front]);
        if (better && cost < -GAIN) this.#move(use, better, cost);
      }
    }
  }

  #best(use: Use, fronts: readonly Front[]): { front: Front | undefined; cost: number } {
    let best: Front | undefined;
    let cost = Number.POSITIVE_INFINITY;
    const leaving = this.#ledger.taking(use);
    for (const front of fronts) {
      if (front === use.front) continue;
      const delta = leaving + this.#ledger.adding(use, front);
      if (delta >= cost) continue;
      best = front;
      cost = delta;
    }
    return { front: best, cost };
  }

  #move(use: Use, front: Front, cost: number): void {
    this.#journal.push({ use, from: use.front });
    this.#total += cost;
    this.#ledger.place(use, front);
  }

  #undo(): void {
    for (const { use, from } of this.#journal.toReversed()) this.#ledger.place(use, from);
  }
}

/** Are attempts at one peer believed to be made for more than one location, or only one at all? */
function isScattered(uses: readonly Use[]): boolean {
  const [first] = uses;
  if (uses.length < 2 || !first?.front) return true;
  const location = locationOf(first.front);
  return uses.some(({ front }) => !front || locationOf(front) !== location);
}

/** The location that a front belongs to, on any host. */
function locationOf({ prefixes }: Front): string {
  return prefixes.locations.at(-1)?.key ?? '';
}

function file<Key, Value>(index: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = index.get(key);
  if (values) values.push(value);
  else index.set(key, [value]);
}
