/**
 * On a pipe, capture time goes on between the records: a writer holds its buffer back, or nothing happens. A verdict must not
 * wait for that. The least delay ever seen between a record's time and its arrival tells what time it is at the other end;
 * all records up to it have come, since a pipe keeps their order, or will show that they had not.
 */
import type { Nanos } from '../model/time.ts';

export interface SilenceLimits {
  /** How far capture time is driven past the last record; a writer may be holding more back than ever before. */
  readonly ahead: Nanos;
}

/** How much slower than ours the clock of the other end may run: the least delay is believed less and less. */
const DRIFT = 1e-4;

export class Silence {
  readonly #tick: (now: Nanos) => void;
  readonly #limits: SilenceLimits;
  #latest: Nanos = Number.NEGATIVE_INFINITY;
  #since: Nanos = 0;
  #leastDelay: Nanos = Number.POSITIVE_INFINITY;

  constructor(tick: (now: Nanos) => void, limits: SilenceLimits) {
    this.#tick = tick;
    this.#limits = limits;
  }

  /** Records came; the latest of them is of capture time `latest`. */
  broken(latest: Nanos, wall: Nanos): void {
    this.#leastDelay = Math.min(wall - latest, this.#leastDelay + (wall - this.#since) * DRIFT);
    this.#latest = latest;
    this.#since = wall;
    this.look(wall);
  }

  /** To be called now and then. */
  look(wall: Nanos): void {
    const now = Math.min(wall - this.#leastDelay, this.#latest + this.#limits.ahead);
    if (Number.isFinite(this.#latest) && now > this.#latest) this.#tick(now);
  }
}
