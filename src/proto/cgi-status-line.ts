/** An HTTP status line where a CGI head may stand: nginx's ngx_http_parse_status_line, octet by octet. */

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DOT = 0x2e;
const LITERAL = 'HTTP/';
const STATUS_DIGITS = 3;
/** nginx gives up beyond 99 before the last digit. */
const VERSION_DIGITS = 3;

type State = 'literal' | 'major' | 'minor' | 'status' | 'after-status' | 'text' | 'almost-done';

export class StatusLine {
  status = 0;
  /** `HTTP/1.1` once the line is done. */
  version = LITERAL;
  #state: State = 'literal';
  /** Octets of the current part. */
  #count = 0;

  /** `not`: the octets so far begin no status line, and are to be read as header fields. */
  step(octet: number): 'more' | 'done' | 'not' {
    switch (this.#state) {
      case 'literal':
        if (octet !== LITERAL.charCodeAt(this.#count)) return 'not';
        return ++this.#count === LITERAL.length ? this.#to('major') : 'more';
      case 'major':
        return this.#digits(octet, DOT, 'minor');
      case 'minor':
        return this.#digits(octet, SPACE, 'status');
      case 'status':
        return this.#statusDigit(octet);
      case 'after-status':
        if (octet === SPACE || octet === DOT) return this.#to('text');
        return this.#lineEnd(octet) ?? 'not';
      case 'text':
        return this.#lineEnd(octet) ?? 'more';
      case 'almost-done':
        return octet === LF ? 'done' : 'not';
    }
  }

  #to(state: State): 'more' {
    this.#state = state;
    this.#count = 0;
    return 'more';
  }

  #lineEnd(octet: number): 'more' | 'done' | undefined {
    if (octet === LF) return 'done';
    return octet === CR ? this.#to('almost-done') : undefined;
  }

  #digits(octet: number, end: number, next: State): 'more' | 'not' {
    const major = this.#state === 'major';
    if (octet === end && this.#count > 0) {
      if (major) this.version += '.';
      return this.#to(next);
    }
    const first = major && this.#count === 0;
    if (!isDigit(octet) || (first && octet === 0x30) || this.#count === VERSION_DIGITS) return 'not';
    this.version += String.fromCharCode(octet);
    this.#count++;
    return 'more';
  }

  #statusDigit(octet: number): 'more' | 'not' {
    if (octet === SPACE) return 'more';
    if (!isDigit(octet)) return 'not';
    this.status = this.status * 10 + octet - 0x30;
    return ++this.#count === STATUS_DIGITS ? this.#to('after-status') : 'more';
  }
}

function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}
