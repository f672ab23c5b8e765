/**
 * Open requests by something they say. Kept only while it is asked for: most captures hold no attempt that needs, say, the
 * path alone to find its request, and filing every request for none costs more than filing all open ones anew for a few.
 */
import type { Front } from './front.ts';

/** Requests filed without a question, per request that is open, before filing them is given up until the next question. */
const PATIENCE = 8;
const LEAST_PATIENCE = 1024;

export class FrontIndex {
  readonly #keyOf: (front: Front) => string | undefined;
  /** One front, or several in order of their filing; `undefined` while nobody asks. */
  #fronts: Map<string, Front | Set<Front>> | undefined = undefined;
  #unasked = 0;

  constructor(keyOf: (front: Front) => string | undefined) {
    this.#keyOf = keyOf;
  }

  /** The number of requests that are open is what filing all of them would cost. */
  add(front: Front, open: number): void {
    if (!this.#fronts) return;
    if (++this.#unasked > LEAST_PATIENCE + PATIENCE * open) this.#fronts = undefined;
    else this.#file(front, this.#fronts);
  }

  remove(front: Front): void {
    const key = this.#fronts && this.#keyOf(front);
    if (key === undefined || !this.#fronts) return;
    const filed = this.#fronts.get(key);
    if (filed === front) this.#fronts.delete(key);
    else if (filed instanceof Set && filed.delete(front) && filed.size === 0) this.#fronts.delete(key);
  }

  /** The fronts of that key, those filed first first. `all` are those that are open. */
  of(key: string, all: Iterable<Front>): Front | Set<Front> | undefined {
    this.#unasked = 0;
    if (!this.#fronts) {
      this.#fronts = new Map();
      for (const front of all) this.#file(front, this.#fronts);
    }
    return this.#fronts.get(key);
  }

  #file(front: Front, fronts: Map<string, Front | Set<Front>>): void {
    const key = this.#keyOf(front);
    if (key === undefined) return;
    const filed = fronts.get(key);
    if (filed instanceof Set) filed.add(front);
    else fronts.set(key, filed ? new Set([filed, front]) : front);
  }
}
