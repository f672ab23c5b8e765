/**
 * The octets after a head that promises a body, where the promise may be empty (a response to HEAD whose request was not
 * seen, a request that was told not to go on): the body's, or the next message's. Kept until they tell which.
 */
import { type Moment, NO_MOMENT } from '../../model/time.ts';
import { HeldOctets } from '../held-octets.ts';
import type { Recognition } from '../protocol.ts';

/** A first line that has told nothing within so many octets is taken for a body. */
const DOUBT_LIMIT = 512;

export class Doubt {
  /** When the first of them came. */
  since: Moment = NO_MOMENT;
  readonly #held = new HeldOctets();

  get octets(): number {
    return this.#held.length;
  }

  /** Keeps octets of `bytes[at..end)`; returns the offset after them. */
  keep(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
    if (this.octets === 0) this.since = moment;
    const to = Math.min(end, at + DOUBT_LIMIT - this.octets);
    this.#held.append(bytes, at, to);
    return to;
  }

  answer(begins: (bytes: Uint8Array, from: number, to: number) => Recognition): Recognition {
    const answer = begins(this.#held.bytes, 0, this.octets);
    return answer === 'more' && this.octets === DOUBT_LIMIT ? 'no' : answer;
  }

  /** What was kept, which is forgotten here. */
  take(): Uint8Array {
    const octets = this.#held.bytes.subarray(0, this.octets);
    this.#held.drop();
    return octets;
  }
}
