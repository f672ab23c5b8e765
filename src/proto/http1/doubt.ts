/**
 * The octets after a head that promises a body, where the promise may be empty (a response to HEAD whose request was not
 * seen, a request that was told not to go on): the body's, or the next message's. Kept until they tell which.
 */
import { type Moment, NO_MOMENT } from '../../model/time.ts';
import { HeldOctets } from '../held-octets.ts';
import type { Recognition } from '../protocol.ts';
import type { Reader } from './reader.ts';

/** Who knows how a message begins. */
type Asked = Pick<Reader, 'begins'>;

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

  answer(reader: Asked): Recognition {
    return doubtOf(reader, this.#held.bytes, 0, this.octets);
  }

  /** What was kept. */
  get bytes(): Uint8Array {
    return this.#held.bytes.subarray(0, this.octets);
  }
}

/** Do the octets `bytes[from..to)`, the first after the head, begin the next message? */
export function doubtOf(reader: Asked, bytes: Uint8Array, from: number, to: number): Recognition {
  const end = Math.min(to, from + DOUBT_LIMIT);
  const answer = reader.begins(bytes, from, end);
  return answer === 'more' && end - from === DOUBT_LIMIT ? 'no' : answer;
}
