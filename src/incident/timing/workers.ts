/** Sorts a gateway's client connections into workers, by what was done for them at the same time. */
import type { Act, Kind } from './acts.ts';
import { Crossings } from './crossings.ts';

/** Acts that one act is compared with: more hardly ever wait at once. */
const COMPARED = 64;
/** Pairs of connections of which it is known what they tell of each other. */
const BOND_LIMIT = 1 << 20;
/** While workers are told apart, some requests lack an attempt that nobody was given yet: their acts look crossed. */
const AT_FIRST = new Crossings(4);
/** Workers told apart: a gateway has about as many as it has processors. */
const WORKER_LIMIT = 64;
/** A connection that fits worse than this with every worker known, in nats, is another one's. */
const ANOTHER_WORKER = -4;
/** Times that connections are sorted anew, once all have been sorted: few move after the second. */
const SWEEPS = 3;

/**
 * Each connection goes where its acts fit best, rather to a known worker than to a new one.
 * @param acts in the order in which they were done
 */
export function workersOf(acts: readonly Act[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (const { connection } of acts) if (!places.has(connection)) places.set(connection, places.size);
  const { starts, others, ties } = neighbours(bondsOf(acts, places), places.size);
  const workers = new Int32Array(places.size).fill(-1);
  const fits = new Float64Array(WORKER_LIMIT);
  let known = 0;
  for (let sweep = 0; sweep <= SWEEPS; sweep++) {
    for (let place = 0; place < workers.length; place++) {
      fits.fill(0, 0, known);
      for (let at = starts[place] ?? 0; at < (starts[place + 1] ?? 0); at++) {
        const worker = workers[others[at] ?? 0] ?? -1;
        if (worker >= 0) fits[worker] = (fits[worker] ?? 0) + (ties[at] ?? 0);
      }
      let best = 0;
      for (let worker = 1; worker < known; worker++) if ((fits[worker] ?? 0) > (fits[best] ?? 0)) best = worker;
      const isAnother = known === 0 || (fits[best] ?? 0) < ANOTHER_WORKER;
      workers[place] = isAnother && known < WORKER_LIMIT ? known++ : best;
    }
  }
  return new Map([...places].map(([connection, place]) => [connection, workers[place] ?? 0]));
}

/** What the acts of two connections at the same time tell of their being one worker's, in nats; by the places of both. */
class Bonds {
  count = 0;
  readonly ties: number[] = [];
  readonly ones: number[] = [];
  readonly others: number[] = [];
  /** Where each pair is kept, one more: an open hash table. */
  #slots = new Int32Array(1 << 12);

  add(one: number, other: number, tie: number): void {
    const low = Math.min(one, other);
    const high = Math.max(one, other);
    const mask = this.#slots.length - 1;
    let slot = hash(low, high) & mask;
    for (let at = (this.#slots[slot] ?? 0) - 1; at >= 0; at = (this.#slots[slot] ?? 0) - 1) {
      if (this.ones[at] === low && this.others[at] === high) {
        this.ties[at] = (this.ties[at] ?? 0) + tie;
        return;
      }
      slot = (slot + 1) & mask;
    }
    if (this.count === BOND_LIMIT) return;
    this.ones.push(low);
    this.others.push(high);
    this.ties.push(tie);
    this.#slots[slot] = ++this.count;
    if (2 * this.count > this.#slots.length) this.#grow();
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let at = 0; at < this.count; at++) {
      let slot = hash(this.ones[at] ?? 0, this.others[at] ?? 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = at + 1;
    }
  }
}

function hash(one: number, other: number): number {
  const mixed = Math.imul(one, 0x9e37_79b1) ^ Math.imul(other, 0x85eb_ca6b);
  return mixed ^ (mixed >>> 15);
}

function bondsOf(acts: readonly Act[], places: ReadonlyMap<number, number>): Bonds {
  const bonds = new Bonds();
  const who = new Int32Array(acts.length);
  const ready = new Float64Array(acts.length);
  const acted = new Float64Array(acts.length);
  const kinds = new Uint8Array(acts.length);
  const queues = new Uint32Array(acts.length);
  const listeners = new Map<string, number>();
  acts.forEach((act, at) => {
    who[at] = places.get(act.connection) ?? 0;
    ready[at] = act.ready;
    acted[at] = act.acted;
    kinds[at] = act.kind;
    queues[at] = listeners.get(act.listener) ?? listeners.size;
    listeners.set(act.listener, queues[at]);
  });
  for (let j = 1; j < acts.length; j++) {
    const own = who[j] as number;
    const since = ready[j] as number;
    const kind = kinds[j] as Kind;
    for (let i = j - 1; i >= 0 && i >= j - COMPARED && (acted[i] as number) > since; i--) {
      const other = who[i] as number;
      if (other === own) continue;
      const isInTurn = (ready[i] as number) < since;
      const pair = AT_FIRST.placeInOrder(kinds[i] as Kind, kind, queues[i] === queues[j], isInTurn);
      bonds.add(other, own, AT_FIRST.ties[pair] as number);
    }
  }
  return bonds;
}

/** The same, by connection: those of the nth are from `starts[n]` to `starts[n + 1]`. */
function neighbours(bonds: Bonds, connections: number) {
  const starts = new Int32Array(connections + 1);
  for (const ends of [bonds.ones, bonds.others])
    for (const place of ends) starts[place + 1] = (starts[place + 1] ?? 0) + 1;
  for (let place = 0; place < connections; place++) starts[place + 1] = (starts[place + 1] ?? 0) + (starts[place] ?? 0);
  const next = starts.slice();
  const others = new Int32Array(2 * bonds.count);
  const ties = new Float64Array(2 * bonds.count);
  const file = (place: number, other: number, tie: number): void => {
    const at = next[place] ?? 0;
    next[place] = at + 1;
    others[at] = other;
    ties[at] = tie;
  };
  for (let n = 0; n < bonds.count; n++) {
    const one = bonds.ones[n] ?? 0;
    const other = bonds.others[n] ?? 0;
    const tie = bonds.ties[n] ?? 0;
    file(one, other, tie);
    file(other, one, tie);
  }
  return { starts, others, ties };
}
