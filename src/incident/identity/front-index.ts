/**
 * Open requests by something they say. Kept only while it is asked for: most captures hold no attempt that needs, say, the
 * path alone to find its request, and filing every request for none costs more than filing all open ones anew for a few.
 */
import type { Front } from '../front.ts';
import { List } from '../list.ts';

/** Requests filed without a question, per request that is open, before filing them is given up until the next question. */
const PATIENCE = 8;
const LEAST_PATIENCE = 1024;
/** Keys without a request that are kept, per request that is open: the same ones are most often asked for again. */
const EMPTY_KEPT = 2;
const LEAST_EMPTY_KEPT = 1024;

export class FrontIndex {
  /** Where a front keeps its place in this index. */
  readonly #at: number;
  readonly #keyOf: (front: Front) => string | undefined;
  /** `undefined` while nobody asks. */
  #fronts: Map<string, List<Front>> | undefined = undefined;
  #unasked = 0;

  /** @param at of all indexes with the same fronts, this one's number */
  constructor(at: number, keyOf: (front: Front) => string | undefined) {
    this.#at = at;
    this.#keyOf = keyOf;
  }

  /** The number of requests that are open is what filing all of them would cost. */
  add(front: Front, open: number): void {
    if (!this.#fronts) return;
    if (++this.#unasked > LEAST_PATIENCE + PATIENCE * open) this.#fronts = undefined;
    else this.#file(front, this.#fronts, open);
  }

  remove(front: Front): void {
    const place = front.places[this.#at];
    if (!place) return;
    front.places[this.#at] = undefined;
    place.list.remove(place);
  }

  /** The fronts of that key, those filed first first. `all` are those that are open. */
  of(key: string, all: List<Front>): List<Front> | undefined {
    this.#unasked = 0;
    if (!this.#fronts) {
      this.#fronts = new Map();
      for (const front of all.filter(() => true)) this.#file(front, this.#fronts, all.size);
    }
    return this.#fronts.get(key);
  }

  #file(front: Front, fronts: Map<string, List<Front>>, open: number): void {
    const key = this.#keyOf(front);
    if (key === undefined) return;
    let filed = fronts.get(key);
    if (!filed) {
      if (fronts.size > LEAST_EMPTY_KEPT + EMPTY_KEPT * open) dropEmpty(fronts);
      filed = new List<Front>();
      fronts.set(key, filed);
    }
    front.places[this.#at] = filed.add(front);
  }
}

function dropEmpty(fronts: Map<string, List<Front>>): void {
  for (const [key, { size }] of fronts) if (size === 0) fronts.delete(key);
}
