/**
 * The head of a uwsgi request (uwsgi-docs, "The uwsgi Protocol"): modifier1, size of the vars (16 bits, little endian),
 * modifier2; then pairs of texts, each after its own 16-bit little-endian length.
 */
import type { Octets } from '../../model/octets.ts';
import { CgiParams, NAME_LIMIT, VALUE_LIMIT } from '../cgi-params.ts';
import type { CgiHeadReader } from '../cgi-stream.ts';
import { latin1 } from '../latin1.ts';

export const HEADER_LENGTH = 4;

type Step = 'header' | 'name-length' | 'name' | 'value-length' | 'value';

const NEXT: Readonly<Record<Step, Step>> = {
  header: 'name-length',
  'name-length': 'name',
  name: 'value-length',
  'value-length': 'value',
  value: 'name-length',
};

export class VarsReader implements CgiHeadReader {
  readonly params = new CgiParams();
  state: 'open' | 'done' | 'broken' = 'open';
  readonly why = 'a length that reaches beyond the vars';
  #step: Step = 'header';
  /** Octets of the step under way: owed, and the number they make up where it is a length. */
  #owed = HEADER_LENGTH;
  #number = 0;
  #scale = 1;
  /** Octets of the vars not read yet. */
  #left = 0;
  #name = '';
  #value = '';
  /** Octets of the current pair are missing from the capture: it is left out. */
  #holed = false;
  /** Lengths can no longer be found; the size of the whole still holds. */
  #lost = false;

  take(octets: Octets, at: number): number {
    let from = at;
    while (from < octets.end && this.state === 'open') {
      const to = Math.min(octets.end, from + (this.#lost ? this.#left : this.#owed));
      if (this.#lost) this.#left -= to - from;
      else this.#read(octets, from, to);
      from = to;
      if (this.#lost && this.#left === 0) this.state = 'done';
    }
    return from;
  }

  hole(length: number): number {
    if (this.#step === 'header') {
      this.state = 'broken';
      return length;
    }
    const taken = Math.min(length, this.#left);
    this.#left -= taken;
    const text = this.#step === 'name' || this.#step === 'value';
    if (text && taken <= this.#owed && !this.#lost) {
      this.#holed = true;
      this.#owed -= taken;
      if (this.#owed === 0) this.#advance();
    } else {
      this.#lost = true;
    }
    if (this.#left === 0) this.state = 'done';
    return taken;
  }

  #read(octets: Octets, from: number, to: number): void {
    this.#owed -= to - from;
    if (this.#step !== 'header') this.#left -= to - from;
    if (this.#step === 'name')
      this.#name += latin1(octets.bytes, from, Math.min(to, from + NAME_LIMIT - this.#name.length));
    else if (this.#step === 'value') {
      this.#value += latin1(octets.bytes, from, Math.min(to, from + VALUE_LIMIT - this.#value.length));
    } else {
      for (let at = from; at < to; at++, this.#scale *= 256) this.#number += (octets.bytes[at] as number) * this.#scale;
    }
    if (this.#owed === 0) this.#advance();
  }

  /** A step is over: the next one begins, and with it the next pair, or the end. */
  #advance(): void {
    const done = this.#step;
    const length = this.#number;
    this.#step = NEXT[done];
    this.#number = 0;
    this.#scale = 1;
    this.#owed = 2;
    if (done === 'header') this.#left = (length >>> 8) & 0xffff;
    if (done === 'name-length' || done === 'value-length') this.#owed = length;
    if (done === 'value') this.#pairEnd();
    if (this.#owed > this.#left && !(this.#left === 0 && this.#step === 'name-length')) this.state = 'broken';
    else if (this.#left === 0 && this.#step === 'name-length') this.state = 'done';
    else if (this.#owed === 0) this.#advance();
  }

  #pairEnd(): void {
    if (!this.#holed) this.params.add(this.#name, this.#value);
    this.#holed = false;
    this.#name = '';
    this.#value = '';
  }
}
