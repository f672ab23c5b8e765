/**
 * Whose turn it was. A worker of nginx takes up what became readable in the order in which it did (epoll's ready list,
 * ngx_epoll_process_events): of two requests that wait for one worker, the one that came first goes on first. Which client
 * connections share a worker is not on the wire, but shows: where the acts for two of them cross, they do not.
 */
import type { Act } from './acts.ts';
import { Crossings } from './crossings.ts';

/** Acts that one act is compared with, in each direction: more hardly ever wait at once. */
const COMPARED = 64;
/** Nothing is impossible: gateways other than the measured ones may differ a little. */
const BELIEVED = new Crossings(0.5);
/** While workers are told apart, some requests lack an attempt that nobody was given yet: their acts look crossed. */
const AT_FIRST = new Crossings(4);
/** Workers told apart: a gateway has about as many as it has processors. */
const WORKER_LIMIT = 64;
/** A connection that fits worse than this with every worker known, in nats, is another one's. */
const ANOTHER_WORKER = -4;
/** Times that connections are sorted anew, once all have been sorted: few move after the second. */
const SWEEPS = 3;
/** Acts tell much the same of each other: what each further one says of a place counts for this much of it. */
const SCALE = 0.5;
/** The most that an act in its turn is worth, and out of it costs, in nats. */
const IN_TURN = 8;
const OUT_OF_TURN = 12;
/** What an act is worth that was done by who is believed to have done it, in nats: more acts alone make no chain likelier. */
const USUAL = 2;

export class Turns {
  #workerOf: ReadonlyMap<number, number>;
  /** By worker, in the order in which they were done. */
  readonly #acts = new Map<number, Act[]>();
  /** What was seen or is believed to have been done for each request. */
  readonly #known = new Map<string, readonly Act[]>();

  /** @param acts in the order in which they were done */
  constructor(acts: readonly Act[]) {
    const known = new Map<string, Act[]>();
    for (const act of acts) {
      const own = known.get(nameOf(act));
      if (own) own.push(act);
      else known.set(nameOf(act), [act]);
    }
    this.#known = known;
    this.#workerOf = workersOf(acts);
    for (const act of acts) this.#with(act)?.push(act);
  }

  /** The worker of a client's connection: a name that means nothing by itself. */
  workerOf(connection: number): number | undefined {
    return this.#workerOf.get(connection);
  }

  /** Sorts connections into workers again, by all that is believed now. */
  regroup(): void {
    const acts = [...this.#known.values()].flat().sort((a, b) => a.acted - b.acted);
    this.#workerOf = workersOf(acts);
    this.#acts.clear();
    for (const act of acts) this.#with(act)?.push(act);
  }

  /** Believes that this was done for a request, in place of what was seen or believed before. */
  believe(request: Request, acts: readonly Act[]): void {
    const name = nameOf(request);
    const before = this.#known.get(name) ?? [];
    if (areSame(before, acts)) return;
    for (const known of before) {
      const all = this.#with(known);
      const at = all?.indexOf(known, Math.max(0, firstAfter(all, known.acted - 1))) ?? -1;
      if (at >= 0) all?.splice(at, 1);
    }
    if (acts.length > 0) this.#known.set(name, acts);
    else this.#known.delete(name);
    for (const act of acts) {
      const all = this.#with(act);
      all?.splice(firstAfter(all, act.acted), 0, act);
    }
  }

  /** What it costs, in nats, to believe in these acts together: little, if each comes in turn among those of its worker. */
  cost(acts: readonly Act[]): number {
    let cost = 0;
    for (const [at, act] of acts.entries()) {
      const all = this.#with(act);
      if (!all) continue;
      const earlier = acts.slice(0, at).filter((other) => this.#with(other) === all);
      const ties = [...around(all, act, acts), ...earlier].filter((other) => isRival(act, other));
      // Who was alone has no turn.
      if (ties.length === 0) continue;
      const tie = ties.reduce((sum, other) => sum + BELIEVED.tie(act, other), 0);
      cost += USUAL - Math.max(-OUT_OF_TURN, Math.min(IN_TURN, SCALE * tie));
    }
    return cost;
  }

  /** All acts of the worker that did this one. */
  #with({ connection }: Act): Act[] | undefined {
    const worker = this.#workerOf.get(connection);
    if (worker === undefined) return undefined;
    let acts = this.#acts.get(worker);
    if (!acts) {
      acts = [];
      this.#acts.set(worker, acts);
    }
    return acts;
  }
}

type Request = Pick<Act, 'connection' | 'nth'>;

function nameOf({ connection, nth }: Request): string {
  return `${connection} ${nth}`;
}

function areSame(some: readonly Act[], others: readonly Act[]): boolean {
  return some.length === others.length && some.every((act, at) => isSame(act, others[at] as Act));
}

/** Of one request. */
function isSame(one: Act, other: Act): boolean {
  return one.acted === other.acted && one.ready === other.ready && one.kind === other.kind;
}

/** The acts next to this one among those of its worker, but for those of requests that are judged together with it. */
function around(acts: readonly Act[], act: Act, together: readonly Act[]): readonly Act[] {
  const at = firstAfter(acts, act.acted);
  const near: Act[] = [];
  for (let i = at - 1; i >= 0 && i >= at - COMPARED; i--) {
    const other = acts[i];
    if (!other || other.acted <= act.ready) break;
    if (!isOneOf(other, together)) near.push(other);
  }
  for (let i = at; i < acts.length && i < at + COMPARED; i++) {
    const other = acts[i];
    if (other && other.ready < act.acted && !isOneOf(other, together)) near.push(other);
  }
  return near;
}

/** Did both wait at once, for different requests? */
function isRival(one: Act, other: Act): boolean {
  if (one.connection === other.connection) return false;
  return one.acted < other.acted ? other.ready < one.acted : one.ready < other.acted;
}

function isOneOf({ connection }: Act, acts: readonly Act[]): boolean {
  return acts.some((each) => each.connection === connection);
}

function firstAfter(acts: readonly Act[], frame: number): number {
  let low = 0;
  let high = acts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((acts[middle]?.acted ?? 0) <= frame) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Sorts connections into workers: each goes where its acts fit best, rather to a known one than to a new one. */
function workersOf(acts: readonly Act[]): ReadonlyMap<number, number> {
  const ties = tiesOf(acts);
  const workers = new Map<number, number>();
  let known = 0;
  for (let sweep = 0; sweep <= SWEEPS; sweep++) {
    for (const [connection, others] of ties) {
      const fits = new Float64Array(known);
      for (const [other, tie] of others) {
        const worker = workers.get(other);
        if (worker !== undefined) fits[worker] = (fits[worker] ?? 0) + tie;
      }
      let best = 0;
      for (let worker = 1; worker < known; worker++) if ((fits[worker] ?? 0) > (fits[best] ?? 0)) best = worker;
      if ((fits[best] ?? Number.NEGATIVE_INFINITY) < ANOTHER_WORKER && known < WORKER_LIMIT) best = known++;
      workers.set(connection, best);
    }
  }
  return workers;
}

/** What the acts of two connections at the same time tell of their being one worker's, in nats. */
function tiesOf(acts: readonly Act[]): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const ties = new Map<number, Map<number, number>>();
  const tiesOfOne = (connection: number): Map<number, number> => {
    const own = ties.get(connection) ?? new Map<number, number>();
    ties.set(connection, own);
    return own;
  };
  for (const [j, later] of acts.entries()) {
    const own = tiesOfOne(later.connection);
    for (let i = j - 1; i >= 0 && i >= j - COMPARED; i--) {
      const earlier = acts[i];
      if (!earlier || earlier.acted <= later.ready) break;
      if (earlier.connection === later.connection) continue;
      const tie = AT_FIRST.tie(earlier, later);
      own.set(earlier.connection, (own.get(earlier.connection) ?? 0) + tie);
      const others = tiesOfOne(earlier.connection);
      others.set(later.connection, (others.get(later.connection) ?? 0) + tie);
    }
  }
  return ties;
}
