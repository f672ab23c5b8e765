/** Quantiles of spans of time in bounded memory: buckets that are a twelfth of an octave wide (6 %). */
import type { Nanos } from '../../model/time.ts';

const PER_OCTAVE = 12;
/** Up to 2^45 ns, some nine hours. */
const BUCKETS = 45 * PER_OCTAVE;

export class Histogram {
  count = 0;
  readonly #buckets = new Uint32Array(BUCKETS);

  add(span: Nanos): void {
    const at = Math.floor(Math.log2(Math.max(1, span)) * PER_OCTAVE);
    this.count++;
    const bucket = Math.min(BUCKETS - 1, at);
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1;
  }

  /** The span that a share `q` of all stays below; `undefined` where there is none. */
  quantile(q: number): Nanos | undefined {
    if (this.count === 0) return undefined;
    let left = q * this.count;
    for (let at = 0; at < BUCKETS; at++) {
      left -= this.#buckets[at] as number;
      if (left <= 0) return 2 ** ((at + 0.5) / PER_OCTAVE);
    }
    return 2 ** (BUCKETS / PER_OCTAVE);
  }
}
