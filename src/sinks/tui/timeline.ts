/**
 * How many 502s there were when, by cause. Bounded: live, the last minutes in buckets of seconds; of a file, all of it,
 * in buckets that double in width whenever the file turns out to be longer.
 */
import type { Nanos } from '../../model/time.ts';

/** Buckets kept: several a column of a wide screen, so that columns hold their share. */
export const BUCKETS = 2048;
/** Causes counted by name; the closed list is not much longer. */
const CAUSES_LIMIT = 64;

export interface TimelineOptions {
  /** Width of a bucket at the start. */
  readonly bucket: Nanos;
  /** Keeps the newest buckets of that width instead of widening them. */
  readonly sliding: boolean;
}

export class Timeline {
  #bucket: Nanos;
  readonly #sliding: boolean;
  /** Number of the oldest bucket. */
  #first: number | undefined;
  #buckets: Map<string, number>[] = [];

  constructor({ bucket, sliding }: TimelineOptions) {
    this.#bucket = bucket;
    this.#sliding = sliding;
  }

  add(cause: string, at: Nanos, count = 1): void {
    const bucket = this.#bucketAt(at);
    if (!bucket) return;
    const name = bucket.has(cause) || bucket.size < CAUSES_LIMIT ? cause : 'unknown';
    bucket.set(name, Math.max(0, (bucket.get(name) ?? 0) + count));
  }

  /** Time of the oldest and the newest bucket's edges. */
  get span(): { readonly from: Nanos; readonly to: Nanos } | undefined {
    if (this.#first === undefined) return undefined;
    return { from: this.#first * this.#bucket, to: (this.#first + this.#buckets.length) * this.#bucket };
  }

  /** `columns` counts by cause over [from, to), oldest first. */
  columns(from: Nanos, to: Nanos, columns: number): Map<string, number>[] {
    const result = Array.from({ length: columns }, () => new Map<string, number>());
    const first = this.#first;
    if (first === undefined || to <= from) return result;
    this.#buckets.forEach((bucket, n) => {
      const middle = (first + n + 0.5) * this.#bucket;
      const at = Math.floor(((middle - from) / (to - from)) * columns);
      const column = result[at];
      if (column) for (const [cause, count] of bucket) column.set(cause, (column.get(cause) ?? 0) + count);
    });
    return result;
  }

  #bucketAt(at: Nanos): Map<string, number> | undefined {
    let number = Math.floor(at / this.#bucket);
    this.#first ??= number;
    while (!this.#sliding && this.#reach(number) > BUCKETS) {
      this.#widen();
      number = Math.floor(at / this.#bucket);
    }
    if (number < this.#first) {
      if (this.#sliding) return undefined;
      const missing = Array.from({ length: this.#first - number }, () => new Map<string, number>());
      this.#buckets = [...missing, ...this.#buckets];
      this.#first = number;
    }
    if (number - this.#first >= this.#buckets.length + BUCKETS) {
      this.#buckets = [];
      this.#first = number;
    }
    while (this.#first + this.#buckets.length <= number) this.#buckets.push(new Map());
    const over = this.#buckets.length - BUCKETS;
    if (over > 0) {
      this.#buckets.splice(0, over);
      this.#first += over;
    }
    return this.#buckets[number - this.#first];
  }

  /** Buckets from the oldest to the newest if `number` were one of them. */
  #reach(number: number): number {
    const first = this.#first as number;
    return Math.max(first + this.#buckets.length, number + 1) - Math.min(first, number);
  }

  #widen(): void {
    const first = this.#first as number;
    const wider: Map<string, number>[] = [];
    const start = Math.floor(first / 2);
    this.#buckets.forEach((bucket, n) => {
      const at = Math.floor((first + n) / 2) - start;
      wider[at] ??= new Map();
      const merged = wider[at];
      for (const [cause, count] of bucket) merged.set(cause, (merged.get(cause) ?? 0) + count);
    });
    this.#buckets = wider;
    this.#first = start;
    this.#bucket *= 2;
  }
}
