/**
 * One pcapng interface's clock: 64-bit ticks of the interface's own resolution (if_tsresol) and offset (if_tsoffset) to
 * Nanos. Exact to the nanosecond; no bigint per packet at 10^-9 s or coarser decimal resolutions, which is what is
 * written in practice.
 */
import type { Nanos } from '../../model/time.ts';

/** if_tsresol of an interface that names none: 10^-6 s. */
export const DEFAULT_RESOLUTION = 6;

const BINARY = 0x80;
const NANOSECONDS = 9;
const PER_SECOND = 1_000_000_000n;
const TWO_TO_32 = 4_294_967_296;

export class InterfaceClock {
  /** Is Nanos 0 known to this clock? `base` makes it so. */
  based = false;

  readonly #offset: bigint;
  readonly #ticksPerSecond: bigint;
  /** Nanoseconds in a tick; 0 where ticks are finer than nanoseconds or binary. */
  readonly #tick: number;
  #epoch = 0n;
  /** The tick at or before the epoch, as two halves, and what the epoch is later than that. */
  #high = 0;
  #low = 0;
  #rest = 0;

  /** `resolution` is the octet as written; `offset` is in seconds. */
  constructor(resolution: number, offset: bigint) {
    const exponent = resolution & 0x7f;
    const binary = (resolution & BINARY) !== 0;
    this.#offset = offset * PER_SECOND;
    this.#ticksPerSecond = (binary ? 2n : 10n) ** BigInt(exponent);
    this.#tick = !binary && exponent <= NANOSECONDS ? 10 ** (NANOSECONDS - exponent) : 0;
  }

  /** Nanoseconds since 1970. */
  absolute(high: number, low: number): bigint {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    return (ticks * PER_SECOND) / this.#ticksPerSecond + this.#offset;
  }

  base(epoch: bigint): void {
    this.#epoch = epoch;
    this.based = true;
    if (this.#tick === 0) return;
    const since = epoch - this.#offset;
    const tick = BigInt(this.#tick);
    const rest = ((since % tick) + tick) % tick;
    const ticks = (since - rest) / tick;
    this.#rest = Number(rest);
    this.#high = Number(ticks >> 32n);
    this.#low = Number(ticks & 0xffff_ffffn);
  }

  /** Nanos since the epoch that `base` was given. */
  nanos(high: number, low: number): Nanos {
    if (this.#tick === 0) return Number(this.absolute(high, low) - this.#epoch);
    return ((high - this.#high) * TWO_TO_32 + (low - this.#low)) * this.#tick - this.#rest;
  }
}
