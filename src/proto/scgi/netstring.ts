/**
 * The head of an SCGI request (python.ca/scgi/protocol.txt): a netstring, `LENGTH:` names and values each ended by NUL,
 * `,`. CONTENT_LENGTH comes first; the body follows.
 */
import type { Octets } from '../../model/octets.ts';
import { CgiParams, NAME_LIMIT, TEXT_PIECE, VALUE_LIMIT } from '../cgi-params.ts';
import type { CgiHeadReader } from '../cgi-stream.ts';
import { latin1 } from '../latin1.ts';

/** Digits of the length: 100 MB of headers are more than any gateway sends. */
export const LENGTH_DIGITS = 8;

const COLON = 0x3a;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const NUL = '\0';

export class NetstringReader implements CgiHeadReader {
  readonly params = new CgiParams();
  state: 'open' | 'done' | 'broken' = 'open';
  why = '';
  #step: 'length' | 'pairs' | 'comma' = 'length';
  #digits = 0;
  /** Octets of the netstring not read yet. */
  #left = 0;
  /** The text under way is a value; its name is in `#name`. */
  #inValue = false;
  #name = '';
  #text = '';
  /** Whether names or values come next can no longer be told; the length still holds. */
  #lost = false;

  take(octets: Octets, at: number): number {
    let from = at;
    while (from < octets.end && this.state === 'open') {
      if (this.#step === 'pairs') {
        const to = Math.min(octets.end, from + Math.min(this.#left, TEXT_PIECE));
        this.#pairs(latin1(octets.bytes, from, to));
        this.#passed(to - from);
        from = to;
      } else {
        const octet = octets.bytes[from++] as number;
        if (this.#step === 'length') this.#lengthOctet(octet);
        else this.#comma(octet);
      }
    }
    return from;
  }

  hole(length: number): number {
    if (this.#step === 'length') {
      this.#break('no length');
      return length;
    }
    this.#lost = true;
    const pairs = Math.min(length, this.#left);
    if (this.#step === 'pairs') this.#passed(pairs);
    if (this.#step !== 'comma' || length === pairs) return pairs;
    this.state = 'done';
    return pairs + 1;
  }

  #lengthOctet(octet: number): void {
    if (octet >= ZERO && octet <= NINE && this.#digits < LENGTH_DIGITS) {
      this.#left = this.#left * 10 + octet - ZERO;
      this.#digits++;
    } else if (octet === COLON && this.#digits > 0) {
      this.#step = this.#left > 0 ? 'pairs' : 'comma';
    } else {
      this.#break('a length that is no number');
    }
  }

  #pairs(text: string): void {
    let from = 0;
    while (from < text.length && !this.#lost) {
      const nul = text.indexOf(NUL, from);
      const to = nul < 0 ? text.length : nul;
      const limit = this.#inValue ? VALUE_LIMIT : NAME_LIMIT;
      this.#text += text.slice(from, Math.min(to, from + limit - this.#text.length));
      if (nul >= 0) this.#textEnd();
      from = to + 1;
    }
  }

  #textEnd(): void {
    if (this.#inValue) this.params.add(this.#name, this.#text);
    else this.#name = this.#text;
    this.#text = '';
    this.#inValue = !this.#inValue;
  }

  #passed(length: number): void {
    this.#left -= length;
    if (this.#left === 0) this.#step = 'comma';
  }

  #comma(octet: number): void {
    if (octet === COMMA) this.state = 'done';
    else this.#break('no comma after the headers');
  }

  #break(why: string): void {
    this.state = 'broken';
    this.why = why;
  }
}
