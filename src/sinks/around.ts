/**
 * The pre-trigger ring: holds the runs of the last so many seconds, and hands on those before and after each moment that
 * matters. Bounded in octets too: where more comes than it may hold, the oldest go, and the time kept is shorter. Pure.
 */

/** A piece of a capture, from its first packet to its last; times are nanoseconds of any epoch. */
export interface Run {
  readonly octets: Uint8Array;
  readonly first: number;
  readonly last: number;
}

export interface AroundSink {
  /** What follows is not the continuation of what was kept before. */
  episode(): void;
  keep(octets: Uint8Array): void;
}

export interface AroundLimits {
  /** Kept before and after each moment. */
  readonly time: number;
  /** Octets held at most. */
  readonly octets: number;
}

export class Around {
  readonly #limits: AroundLimits;
  readonly #sink: AroundSink;
  /** Oldest first; those before `#from` are gone already. */
  #held: Run[] = [];
  #from = 0;
  #octets = 0;
  /** Runs that begin before it are handed on as they come. */
  #until = Number.NEGATIVE_INFINITY;
  /** What was handed on last is not followed by what is held. */
  #interrupted = true;
  /** Octets that had to go although their time had not come. */
  early = 0;

  constructor(limits: AroundLimits, sink: AroundSink) {
    this.#limits = limits;
    this.#sink = sink;
  }

  push(run: Run): void {
    if (run.first <= this.#until) {
      this.#keep(run);
      return;
    }
    this.#held.push(run);
    this.#octets += run.octets.length;
    this.#letGo(run.last - this.#limits.time);
  }

  /** Something happened at `at`. */
  trigger(at: number): void {
    this.#letGo(at - this.#limits.time);
    const kept = this.#held.slice(this.#from);
    this.#held = [];
    this.#from = 0;
    this.#octets = 0;
    for (const run of kept) this.#keep(run);
    this.#until = Math.max(this.#until, at + this.#limits.time);
  }

  #keep({ octets }: Run): void {
    if (this.#interrupted) this.#sink.episode();
    this.#interrupted = false;
    this.#sink.keep(octets);
  }

  /** What ended before `time`, and what is too much. */
  #letGo(time: number): void {
    for (let old = this.#held[this.#from]; old; old = this.#held[++this.#from]) {
      const late = old.last < time;
      if (!late && this.#octets <= this.#limits.octets) break;
      if (!late) this.early += old.octets.length;
      this.#octets -= old.octets.length;
      this.#interrupted = true;
    }
    if (this.#from < this.#held.length / 2) return;
    this.#held = this.#held.slice(this.#from);
    this.#from = 0;
  }
}
