/** Octets copied because they must outlive their call: what has come of a head, a record or a frame so far. */

/** First size; most of what is held is smaller. */
const AT_FIRST = 256;

/** Pieces of the first size that were dropped, for whoever holds octets next: most are held for one frame only. */
const spare: Uint8Array[] = [];
const SPARE_LIMIT = 64;

/** Grows by doubling, never beyond what is appended; the caller keeps the limit. */
export class HeldOctets {
  /** Good until the next `append` or `drop`. */
  bytes: Uint8Array = NOTHING;
  length = 0;

  /** Appends `bytes[from..to)`. */
  append(bytes: Uint8Array, from: number, to: number): void {
    const length = this.length + to - from;
    if (length > this.bytes.length) this.#grow(length);
    const held = this.bytes;
    for (let i = from, j = this.length; i < to; i++, j++) held[j] = bytes[i] as number;
    this.length = length;
  }

  /** Forgets the octets and the memory they took. */
  drop(): void {
    if (this.bytes.length === AT_FIRST && spare.length < SPARE_LIMIT) spare.push(this.bytes);
    this.bytes = NOTHING;
    this.length = 0;
  }

  #grow(length: number): void {
    const { bytes, length: before } = this;
    const first = length <= AT_FIRST ? spare.pop() : undefined;
    const larger = first ?? new Uint8Array(Math.max(AT_FIRST, length, 2 * before));
    for (let i = 0; i < before; i++) larger[i] = bytes[i] as number;
    this.drop();
    this.bytes = larger;
    this.length = before;
  }
}

const NOTHING = new Uint8Array(0);
