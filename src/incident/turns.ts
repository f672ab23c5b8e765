/**
 * Whose turn it was. A worker of nginx takes up what became readable in the order in which it did (epoll's ready list,
 * ngx_epoll_process_events): of two requests that wait for one worker, the one that came first goes on first. Which client
 * connections share a worker is not on the wire, but shows: where the acts for two of them cross, they do not.
 */
import type { Act, Kind } from './acts.ts';

/** Acts that one act is compared with, in each direction: more hardly ever wait at once. */
const COMPARED = 64;
/** What two acts of one kind tell of their connections being one worker's, in nats: in order, or crossed. */
const IN_ORDER = 0.6;
const CROSSED = -2;
/** A connection that fits worse than this with every worker known, in nats, is another one's. */
const ANOTHER_WORKER = -4;
/** Times that connections are sorted anew, once all have been sorted: few move after the second. */
const SWEEPS = 3;
/** What it costs, in nats, that an act crosses another one of its worker, and the most that crossings can cost. */
const CROSSING = 2.5;
const CROSSINGS = 6;

export class Turns {
  readonly #workerOf: ReadonlyMap<number, number>;
  /** Acts by worker and kind, in the order in which they were done. */
  readonly #acts = new Map<string, Act[]>();
  readonly #costs = new Map<string, number>();

  /** @param acts in the order in which they were done */
  constructor(acts: readonly Act[]) {
    this.#workerOf = workersOf(acts);
    for (const act of acts) {
      const key = `${this.#workerOf.get(act.connection)} ${act.kind}`;
      const own = this.#acts.get(key);
      if (own) own.push(act);
      else this.#acts.set(key, [act]);
    }
  }

  /** The worker of a client's connection: a name that means nothing by itself. */
  workerOf(connection: number): number | undefined {
    return this.#workerOf.get(connection);
  }

  /** What it costs, in nats, to believe in this act: little, if it comes in turn among those of its worker. */
  cost(kind: Kind, connection: number, ready: number, acted: number): number {
    const worker = this.#workerOf.get(connection);
    const acts = this.#acts.get(`${worker} ${kind}`);
    if (worker === undefined || !acts) return 0;
    const key = `${worker} ${kind} ${ready} ${acted}`;
    let cost = this.#costs.get(key);
    if (cost === undefined) {
      cost = Math.min(CROSSINGS, CROSSING * crossings(acts, connection, ready, acted));
      this.#costs.set(key, cost);
    }
    return cost;
  }
}

function crossings(acts: readonly Act[], connection: number, ready: number, acted: number): number {
  const at = firstAfter(acts, acted);
  let count = 0;
  for (let i = at - 1; i >= 0 && i >= at - COMPARED; i--) {
    const other = acts[i];
    if (!other || other.acted <= ready) break;
    if (other.ready > ready && other.connection !== connection && other.acted !== acted) count++;
  }
  for (let i = at; i < acts.length && i < at + COMPARED; i++) {
    const other = acts[i];
    if (other && other.ready < ready && other.connection !== connection) count++;
  }
  return count;
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

/** Sorts connections into workers: each goes where its acts fit best. */
function workersOf(acts: readonly Act[]): ReadonlyMap<number, number> {
  const ties = tiesOf(acts);
  const workers = new Map<number, number>();
  let known = 0;
  for (let sweep = 0; sweep <= SWEEPS; sweep++) {
    for (const [connection, others] of ties) {
      const scores = new Map<number, number>();
      for (const [other, tie] of others) {
        const worker = workers.get(other);
        if (worker !== undefined) scores.set(worker, (scores.get(worker) ?? 0) + tie);
      }
      let most = ANOTHER_WORKER;
      let best = workers.get(connection);
      for (const [worker, score] of scores) {
        if (score <= most) continue;
        most = score;
        best = worker;
      }
      workers.set(connection, best ?? known++);
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
      if (earlier.kind !== later.kind || earlier.connection === later.connection) continue;
      const weight = earlier.ready < later.ready ? IN_ORDER : CROSSED;
      own.set(earlier.connection, (own.get(earlier.connection) ?? 0) + weight);
      const others = tiesOfOne(earlier.connection);
      others.set(later.connection, (others.get(later.connection) ?? 0) + weight);
    }
  }
  return ties;
}
