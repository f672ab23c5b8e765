/**
 * Header field lines, octet by octet, by the rules of nginx's ngx_http_parse_header_line (underscores allowed): an
 * octet is refused where nginx refuses it, and passes where nginx lets it pass. Differences: none known.
 */
import type { Field } from '../model/message.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SLASH = 0x2f;
const COLON = 0x3a;
const DEL = 0x7f;
const HTTP = 'HTTP';

type State = 'start' | 'name' | 'space-before-value' | 'value' | 'ignore' | 'line-almost-done' | 'head-almost-done';

/** What one octet did: went on, ended a line, ended a line that nginx ignores, ended the head, or broke the rules. */
export type LineStep = 'more' | 'line' | 'ignored' | 'end' | 'bad';

/** The state of one line; positions count from the line's first octet. */
export class FieldLine {
  #state: State = 'start';
  #at = 0;
  #nameEnd = 0;
  #valueStart = 0;
  #valueEnd = 0;
  /** How many octets from the line's start spell `HTTP`. */
  #http = 0;

  step(octet: number): LineStep {
    const step = this.#next(octet);
    this.#at++;
    return step;
  }

  /** The field of the line just ended; `line` is its text. */
  field(line: string): Field {
    return { name: line.slice(0, this.#nameEnd), value: line.slice(this.#valueStart, this.#valueEnd) };
  }

  /** Begins the next line. */
  restart(): void {
    this.#state = 'start';
    this.#at = 0;
    this.#nameEnd = 0;
    this.#valueStart = 0;
    this.#valueEnd = 0;
    this.#http = 0;
  }

  #next(octet: number): LineStep {
    switch (this.#state) {
      case 'start':
        return this.#start(octet);
      case 'name':
        return this.#name(octet);
      case 'space-before-value':
        if (octet === SPACE) return 'more';
        this.#valueStart = this.#valueEnd = this.#at;
        this.#state = 'value';
        return this.#value(octet);
      case 'value':
        return this.#value(octet);
      case 'ignore':
        return octet === LF ? 'ignored' : 'more';
      case 'line-almost-done':
        return octet === LF ? 'line' : octet === CR ? 'more' : 'bad';
      case 'head-almost-done':
        return octet === LF ? 'end' : 'bad';
    }
  }

  #start(octet: number): LineStep {
    if (octet === LF) return 'end';
    if (octet === CR) {
      this.#state = 'head-almost-done';
      return 'more';
    }
    if (octet <= SPACE || octet === DEL || octet === COLON) return 'bad';
    this.#state = 'name';
    if (octet === HTTP.charCodeAt(0)) this.#http = 1;
    return 'more';
  }

  #name(octet: number): LineStep {
    if (octet === COLON) {
      this.#nameEnd = this.#at;
      this.#valueStart = this.#valueEnd = this.#at + 1;
      this.#state = 'space-before-value';
      return 'more';
    }
    if (octet === CR || octet === LF) return this.#bareName(octet);
    // "IIS may send the duplicate HTTP/1.1 ... lines" (nginx).
    if (octet === SLASH && this.#at === HTTP.length && this.#http === HTTP.length) {
      this.#state = 'ignore';
      return 'more';
    }
    if (octet <= SPACE || octet === DEL) return 'bad';
    if (this.#http === this.#at && octet === HTTP.charCodeAt(this.#at)) this.#http++;
    return 'more';
  }

  /** A line without a colon is a field without a value. */
  #bareName(octet: number): LineStep {
    this.#nameEnd = this.#valueStart = this.#valueEnd = this.#at;
    if (octet === LF) return 'line';
    this.#state = 'line-almost-done';
    return 'more';
  }

  #value(octet: number): LineStep {
    if (octet === LF) return 'line';
    if (octet === CR) this.#state = 'line-almost-done';
    else if (octet === 0) return 'bad';
    else if (octet !== SPACE) this.#valueEnd = this.#at + 1; // spaces at the end are not the value's
    return 'more';
  }
}
