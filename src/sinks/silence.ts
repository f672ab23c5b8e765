/**
 * On a pipe, capture time goes on between the records: a writer holds its buffer back, or nothing happens. A verdict must not
 * wait for that. What time it is at the other end tells this host's clock, where the two may be the same, and the least delay
 * ever seen between a record's time and its arrival. All records up to then have come, since a pipe keeps their order, or are
 * held back by their writer.
 */
import { type Nanos, SECOND } from '../model/time.ts';

export interface SilenceLimits {
  /** How far capture time is driven past the last record; a writer may be holding more back than ever before. */
  readonly ahead: Nanos;
}

/** Records that arrive within this time by this host's clock were stamped by it, or by one that is kept as well. */
const SAME_CLOCK: Nanos = 2 * SECOND;
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

  /**
   * Records came at `wall`; the latest of them is of capture time `latest`.
   * @param clock capture time by this host's clock, at `wall`
   */
  broken(latest: Nanos, wall: Nanos, clock: Nanos): void {
    const same = clock >= latest && clock - latest <= SAME_CLOCK;
    this.#leastDelay = Math.min(wall - (same ? clock : latest), this.#leastDelay + (wall - this.#since) * DRIFT);
    this.#latest = latest;
    this.#since = wall;
  }

  /** Nothing but what was handed on had come by `wall`. To be called now and then. */
  look(wall: Nanos): void {
    const now = Math.min(wall - this.#leastDelay, this.#latest + this.#limits.ahead);
    if (Number.isFinite(this.#latest) && now > this.#latest) this.#tick(now);
  }
}
