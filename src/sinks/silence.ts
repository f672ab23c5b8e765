/**
 * A pipe that falls silent must not keep a verdict from the screen: capture time then goes on with the wall clock, a
 * little, so that what waits for a settle window is settled. Times come in as arguments.
 */
import type { Nanos } from '../model/time.ts';

export interface SilenceLimits {
  /** Silence shorter than this is how pipes are. */
  readonly after: Nanos;
  /** How far capture time is driven past the last record; a writer may only be holding its buffer back. */
  readonly ahead: Nanos;
}

export class Silence {
  readonly #tick: (now: Nanos) => void;
  readonly #limits: SilenceLimits;
  #latest: Nanos = Number.NEGATIVE_INFINITY;
  #since: Nanos = 0;

  constructor(tick: (now: Nanos) => void, limits: SilenceLimits) {
    this.#tick = tick;
    this.#limits = limits;
  }

  /** Records came; the latest of them is of capture time `latest`. */
  broken(latest: Nanos, wall: Nanos): void {
    this.#latest = latest;
    this.#since = wall;
  }

  /** To be called now and then. */
  look(wall: Nanos): void {
    const silent = wall - this.#since;
    if (!Number.isFinite(this.#latest) || silent < this.#limits.after) return;
    this.#tick(this.#latest + Math.min(silent, this.#limits.ahead));
  }
}
