/** Octets copied because they must outlive their call: what has come of a head, a record or a frame so far. */

/** First size; most of what is held is smaller. */
const AT_FIRST = 256;

/** Grows by doubling, never beyond what is appended; the caller keeps the limit. */
export class HeldOctets {
  bytes: Uint8Array = NOTHING;
  length = 0;

  /** Appends `bytes[from..to)`. */
  append(bytes: Uint8Array, from: number, to: number): void {
    const length = this.length + to - from;
    if (length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(AT_FIRST, length, 2 * this.length));
      for (let i = 0; i < this.length; i++) larger[i] = this.bytes[i] as number;
      this.bytes = larger;
    }
    for (let i = from, j = this.length; i < to; i++, j++) this.bytes[j] = bytes[i] as number;
    this.length = length;
  }

  /** Forgets the octets and the memory they took. */
  drop(): void {
    this.bytes = NOTHING;
    this.length = 0;
  }
}

const NOTHING = new Uint8Array(0);
