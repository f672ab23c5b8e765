/**
 * Copies of octets that are kept for a short while. What was large is used again once it is given back: making and
 * clearing an array takes longer than copying into it, and what is thrown away piles up until V8 collects it.
 */
import { copyOctets, type Octets, octetsOf } from '../model/octets.ts';

/** Sizes of arrays that are used again: powers of two from the first to the last. Others are made to measure. */
const FIRST_SIZE = 1 << 10;
const LAST_SIZE = 1 << 16;
/** Octets kept ready in all: what a few dozen segments out of order take. */
export const READY_LIMIT = 1 << 20;

/** Of the smallest array that is used again and holds `length` octets; 0 where none is. */
function sizeFor(length: number): number {
  if (length <= FIRST_SIZE / 2 || length > LAST_SIZE) return 0;
  return Math.max(FIRST_SIZE, 1 << (32 - Math.clz32(length - 1)));
}

export class OctetCopies {
  /** By the logarithm of their size. */
  readonly #ready: Octets[][] = Array.from({ length: 32 }, () => []);
  #readyOctets = 0;

  /** A copy of the octets from `start` to `end`, owned by the caller until it is given back. */
  copy(bytes: Uint8Array, start: number, end: number): Octets {
    const size = sizeFor(end - start);
    if (size === 0) return octetsOf(copyOctets(bytes, start, end));
    const copy = this.#readyFor(size) ?? octetsOf(new Uint8Array(size));
    copy.bytes.set(bytes.subarray(start, end));
    copy.start = 0;
    copy.end = end - start;
    return copy;
  }

  /** Nobody needs the copy any more. */
  giveBack(copy: Octets): void {
    const size = copy.bytes.length;
    if (size === 0 || sizeFor(size) !== size || this.#readyOctets + size > READY_LIMIT) return;
    this.#ready[Math.clz32(size)]?.push(copy);
    this.#readyOctets += size;
  }

  #readyFor(size: number): Octets | undefined {
    const copy = this.#ready[Math.clz32(size)]?.pop();
    if (copy) this.#readyOctets -= size;
    return copy;
  }
}
