/**
 * Name-value pairs of the PARAMS stream (FastCGI 1.0, 3.4): both lengths, one octet below 128 or four with the high bit
 * set, then both texts. The stream may be split over records at any octet. Names and values are kept within the limits
 * of `cgi-params.ts`; what is beyond is passed over by its length.
 */
import { CgiParams, NAME_LIMIT, VALUE_LIMIT } from '../cgi-params.ts';

type Step = 'name-length' | 'value-length' | 'name' | 'value' | 'broken';

const LONG = 0x80;
/** Octets that follow the first of a four-octet length. */
const LONG_REST = 3;

export class ParamsReader {
  readonly params = new CgiParams();
  #step: Step = 'name-length';
  /** Octets still owed of a four-octet length. */
  #rest = 0;
  #length = 0;
  #nameLeft = 0;
  #valueLeft = 0;
  #name = '';
  #value = '';
  /** Octets of the current pair are missing from the capture: it is left out. */
  #holed = false;

  push(text: string): void {
    let at = 0;
    while (at < text.length) {
      switch (this.#step) {
        case 'name-length':
        case 'value-length':
          this.#lengthOctet(text.charCodeAt(at++));
          break;
        case 'name':
          at = this.#takeName(text, at);
          break;
        case 'value':
          at = this.#takeValue(text, at);
          break;
        case 'broken':
          return;
      }
    }
  }

  /** `length` octets are missing. Within one pair only that pair is lost; beyond it no later length can be found. */
  hole(length: number): void {
    const texts = this.#step === 'name' || this.#step === 'value';
    if (!texts || length > this.#nameLeft + this.#valueLeft) {
      this.#step = 'broken';
      return;
    }
    this.#holed = true;
    const fromName = Math.min(length, this.#nameLeft);
    this.#nameLeft -= fromName;
    this.#valueLeft -= length - fromName;
    this.#advance();
  }

  #lengthOctet(octet: number): void {
    if (this.#rest > 0) {
      this.#length = this.#length * 256 + octet;
      this.#rest--;
    } else if (octet >= LONG) {
      this.#length = octet - LONG;
      this.#rest = LONG_REST;
    } else {
      this.#length = octet;
    }
    if (this.#rest > 0) return;
    if (this.#step === 'name-length') {
      this.#nameLeft = this.#length;
      this.#step = 'value-length';
      return;
    }
    this.#valueLeft = this.#length;
    this.#step = 'name';
    this.#advance();
  }

  #takeName(text: string, at: number): number {
    const to = Math.min(text.length, at + this.#nameLeft);
    this.#name += text.slice(at, Math.min(to, at + NAME_LIMIT - this.#name.length));
    this.#nameLeft -= to - at;
    this.#advance();
    return to;
  }

  #takeValue(text: string, at: number): number {
    const to = Math.min(text.length, at + this.#valueLeft);
    this.#value += text.slice(at, Math.min(to, at + VALUE_LIMIT - this.#value.length));
    this.#valueLeft -= to - at;
    this.#advance();
    return to;
  }

  /** Goes on to the value, and to the next pair, once nothing is owed any more. */
  #advance(): void {
    if (this.#nameLeft > 0) return;
    this.#step = 'value';
    if (this.#valueLeft > 0) return;
    if (!this.#holed) this.params.add(this.#name, this.#value);
    this.#step = 'name-length';
    this.#name = '';
    this.#value = '';
    this.#holed = false;
  }
}
