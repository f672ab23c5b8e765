/**
 * How long a gateway takes between two acts, learned while the capture is read: histograms over the logarithm of the gap,
 * with a broad prior so that the first requests of a capture can be judged too. Costs are in nats per nanosecond:
 * -ln of the density, so that costs of chains with the same acts can be added and compared.
 */
import type { Nanos } from '../../model/time.ts';

/** Half-octave bins from 1 us to about 130 s. */
const BINS = 54;
const FIRST_EXPONENT = 10;
/** The least gap of each bin. */
const LOWEST = Float64Array.from({ length: BINS }, (_, bin) => 2 ** (FIRST_EXPONENT + bin / 2));
/** Weight of the prior in observations: a few dozen real ones outweigh it. */
const PRIOR_WEIGHT = 8;
/** A prior's width in octaves, and the least probability of any bin: nothing is impossible. */
export interface Tail {
  readonly sigma: number;
  readonly floor: number;
}
/** Acts of one turn of an event loop: a stall of some milliseconds happens, one of a second hardly ever. */
export const ONE_TURN: Tail = { sigma: 3, floor: 1e-6 };
/** Past this many observations old ones fade: a gateway under load is not the one that started. */
const MEMORY = 20_000;

export class GapDensity {
  readonly #prior = new Float64Array(BINS);
  readonly #counts = new Float64Array(BINS);
  readonly #cost = new Float64Array(BINS);
  #total = 0;
  #stale = true;

  readonly #floor: number;

  /** @param usual the gap expected before anything is learned, in nanoseconds */
  constructor(usual: Nanos, { sigma, floor }: Tail) {
    this.#floor = floor;
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const octaves = FIRST_EXPONENT + (bin + 0.5) / 2 - Math.log2(usual);
      this.#prior[bin] = Math.exp(-0.5 * (octaves / sigma) ** 2);
      sum += this.#prior[bin] ?? 0;
    }
    for (let bin = 0; bin < BINS; bin++) this.#prior[bin] = ((this.#prior[bin] ?? 0) / sum) * PRIOR_WEIGHT;
  }

  learn(gap: Nanos): void {
    const bin = binOf(gap);
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
    this.#total++;
    this.#stale = true;
    if (this.#total > MEMORY) this.#fade();
  }

  /** -ln of the density at `gap`, in nats per nanosecond. */
  cost(gap: Nanos): number {
    if (this.#stale) this.#settle();
    return this.#cost[binOf(gap)] ?? 0;
  }

  #fade(): void {
    this.#total = 0;
    for (let bin = 0; bin < BINS; bin++) {
      this.#counts[bin] = (this.#counts[bin] ?? 0) / 2;
      this.#total += this.#counts[bin] ?? 0;
    }
  }

  #settle(): void {
    const whole = this.#total + PRIOR_WEIGHT;
    for (let bin = 0; bin < BINS; bin++) {
      // Neighbouring bins share a quarter: a histogram's edges mean nothing.
      const smooth = 0.5 * this.#at(bin) + 0.25 * (this.#at(bin - 1) + this.#at(bin + 1));
      const probability = Math.max(smooth / whole, this.#floor);
      const low = LOWEST[bin] ?? 0;
      this.#cost[bin] = -Math.log(probability / (low * (Math.SQRT2 - 1)));
    }
    this.#stale = false;
  }

  #at(bin: number): number {
    const clamped = Math.min(Math.max(bin, 0), BINS - 1);
    return (this.#counts[clamped] ?? 0) + (this.#prior[clamped] ?? 0);
  }
}

function binOf(gap: Nanos): number {
  if (!(gap > 1024)) return 0;
  const bin = 2 * (octaveOf(gap) - FIRST_EXPONENT);
  return Math.min(BINS - 1, gap >= (LOWEST[bin + 1] ?? 0) ? bin + 1 : bin);
}

/** The power of two that a gap of at least 1 ns has reached. */
export function octaveOf(gap: Nanos): number {
  return gap < 2 ** 31 ? 31 - Math.clz32(gap) : Math.floor(Math.log2(gap));
}

/** The gaps of a gateway that are told apart. */
export class Gaps {
  /** Request complete -> first act towards the first peer. */
  readonly first = new GapDensity(100e3, ONE_TURN);
  /** Failure known, or connection given up -> first act towards the next peer. */
  readonly retry = new GapDensity(60e3, ONE_TURN);
  /** Failure by the peer, not followed by a close of the gateway that packets show -> first octet of the answer. */
  readonly failed = new GapDensity(150e3, ONE_TURN);
  /** The gateway's own close of a failed connection -> first octet of the answer. */
  readonly closed = new GapDensity(30e3, ONE_TURN);
  /** Head of the peer's response -> first octet of the answer. */
  readonly answered = new GapDensity(100e3, ONE_TURN);
}
