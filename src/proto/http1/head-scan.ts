/**
 * Finds the end of a head and its field lines, octet by octet, as nginx's ngx_http_parse_header_line does: a line is
 * marked bad exactly where nginx would refuse an upstream's response. Unlike nginx we then read on, to learn what was said.
 * Tolerated by nginx and here: bare LF, several CRs before LF, a line without a colon, any octet above 0x20 but DEL in a
 * name, control octets but NUL in a value, a second `HTTP/` line (IIS).
 */
import { LINES_LIMIT, MARK, mark, marks } from './marks.ts';
import { scanPlainLines } from './plain-head.ts';

/** What breaks a field line: a name nginx refuses, NUL in a value, CR without LF, a line that continues another. */
export type BadLine = 'name' | 'nul' | 'cr' | 'fold';

export const BAD_LINE: Record<BadLine, string> = {
  name: 'a field name holds an octet that it may not hold',
  nul: 'a field value holds NUL',
  cr: 'a CR without LF after it',
  fold: 'a field line begins with white space (obsolete line folding)',
};

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const SLASH = 0x2f;
const COLON = 0x3a;
const DEL = 0x7f;

const FIRST_LINE = 0;
const LINE_START = 1;
const NAME = 2;
const BEFORE_VALUE = 3;
const VALUE = 4;
const VALUE_CR = 5;
const IGNORED = 6;
const HEAD_CR = 7;

export class HeadScan {
  /** Offset after the head; -1 until it is complete. */
  end = -1;
  /** Lines marked so far. */
  lines = 0;
  /** Where the line under way begins. */
  lineStart = 0;
  /** End of the first line without its CRLF; -1 until it is complete. */
  firstLineEnd = -1;
  /** First octet that nginx would refuse; -1: none so far. */
  badAt = -1;
  badFrom = 0;
  bad: BadLine = 'name';
  #state = FIRST_LINE;
  #nameEnd = 0;
  #valueStart = 0;
  /** First CR of a possible line end. */
  #crAt = 0;

  /** Begins a head whose first octet is at `from`. */
  begin(from: number): void {
    this.end = -1;
    this.lines = 0;
    this.firstLineEnd = -1;
    this.badAt = -1;
    this.#state = FIRST_LINE;
    this.lineStart = from;
  }

  /** Scans `bytes[from..to)`, which continue what was scanned before. Returns the offset after the head, or -1. */
  scan(bytes: Uint8Array, from: number, to: number): number {
    this.end = this.#state === FIRST_LINE ? this.#fromFirstLine(bytes, from, to) : this.#careful(bytes, from, to);
    return this.end;
  }

  #fromFirstLine(bytes: Uint8Array, from: number, to: number): number {
    const at = this.#firstLine(bytes, from, to);
    if (this.#state === FIRST_LINE) return -1;
    const end = scanPlainLines(bytes, at, to, this);
    return end >= 0 ? end : this.#careful(bytes, this.lineStart, to);
  }

  #careful(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to) {
      switch (this.#state) {
        case NAME:
          at = this.#name(bytes, at, to);
          break;
        case VALUE:
          at = this.#value(bytes, at, to);
          break;
        case IGNORED:
          while (at < to && bytes[at] !== LF) at++;
          if (at < to) this.#startLine(++at);
          break;
        default:
          if (this.#step(bytes, at++)) return at;
      }
    }
    return -1;
  }

  #firstLine(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && bytes[at] !== LF) at++;
    if (at === to) return to;
    this.firstLineEnd = at > this.lineStart && bytes[at - 1] === CR ? at - 1 : at;
    this.#startLine(at + 1);
    return at + 1;
  }

  #startLine(at: number): void {
    this.#state = LINE_START;
    this.lineStart = at;
  }

  #name(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    let octet = 0;
    while (at < to) {
      octet = bytes[at] as number;
      if (octet === COLON || octet <= SPACE || octet === DEL || octet === SLASH) break;
      at++;
    }
    if (at === to) return to;
    if (octet === COLON) {
      this.#nameEnd = at;
      this.#state = BEFORE_VALUE;
    } else if (octet === CR || octet === LF) {
      this.#nameEnd = at;
      this.#valueStart = at;
      this.#lineEnd(bytes, at, octet);
    } else if (octet === SLASH) {
      if (at - this.lineStart === 4 && isHttp(bytes, this.lineStart)) this.#state = IGNORED;
    } else {
      this.#refuse('name', at);
    }
    return at + 1;
  }

  #value(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    let octet = 0;
    while (at < to) {
      octet = bytes[at] as number;
      if (octet <= CR && (octet === LF || octet === CR || octet === 0)) break;
      at++;
    }
    if (at === to) return to;
    if (octet === 0) this.#refuse('nul', at);
    else this.#lineEnd(bytes, at, octet);
    return at + 1;
  }

  /** The states that last an octet or two. True at the end of the head. */
  #step(bytes: Uint8Array, at: number): boolean {
    const octet = bytes[at] as number;
    switch (this.#state) {
      case LINE_START:
        return this.#lineStarts(octet, at);
      case BEFORE_VALUE:
        if (octet === SPACE) return false;
        this.#valueStart = at;
        this.#state = VALUE;
        if (octet === CR || octet === LF) this.#lineEnd(bytes, at, octet);
        else if (octet === 0) this.#refuse('nul', at);
        return false;
      case VALUE_CR:
        if (octet === LF) this.#mark(bytes, this.#crAt, at + 1);
        else if (octet !== CR) {
          this.#refuse('cr', at);
          this.#state = VALUE;
        }
        return false;
      default: // HEAD_CR
        if (octet === LF) return true;
        this.#refuse('cr', at);
        this.#state = NAME;
        return false;
    }
  }

  #lineStarts(octet: number, at: number): boolean {
    if (octet === LF) return true;
    if (octet === CR) {
      this.#state = HEAD_CR;
      return false;
    }
    this.#state = NAME;
    if ((octet === SPACE || octet === TAB) && this.lines > 0) {
      // Obsolete folding (RFC 9112 5.2): the line before goes on.
      this.#refuse('fold', at);
      this.lines--;
      const line = this.lines * MARK;
      this.lineStart = marks[line] as number;
      this.#nameEnd = marks[line + 1] as number;
      this.#valueStart = marks[line + 2] as number;
      this.#state = VALUE;
    } else if (octet <= SPACE || octet === DEL || octet === COLON) {
      this.#refuse('name', at);
      if (octet === COLON) {
        this.#nameEnd = at;
        this.#state = BEFORE_VALUE;
      }
    }
    return false;
  }

  #lineEnd(bytes: Uint8Array, at: number, octet: number): void {
    if (octet === LF) {
      this.#mark(bytes, at, at + 1);
    } else {
      this.#crAt = at;
      this.#state = VALUE_CR;
    }
  }

  /** The line is complete; its value ends before `end`. */
  #mark(bytes: Uint8Array, end: number, next: number): void {
    let valueEnd = end;
    while (valueEnd > this.#valueStart && bytes[valueEnd - 1] === SPACE) valueEnd--;
    if (this.lines < LINES_LIMIT) {
      mark(this.lines++, this.lineStart, this.#nameEnd, this.#valueStart, valueEnd);
    }
    this.#startLine(next);
  }

  #refuse(why: BadLine, at: number): void {
    if (this.badAt >= 0) return;
    this.badAt = at;
    this.badFrom = this.lineStart;
    this.bad = why;
  }
}

/**
 * For all heads that lie in one chunk, whoever's they are: it is done with one before the next begins. A head that spans
 * chunks needs a scan of its own; connections are many, and hardly ever have such a head under way.
 */
const ONE_CHUNK: HeadScan = new HeadScan();

/** The scan of the head, or what there is of it, that begins at `from`; good until the next one. */
export function scanInOneChunk(bytes: Uint8Array, from: number, to: number): HeadScan {
  ONE_CHUNK.begin(from);
  ONE_CHUNK.scan(bytes, from, to);
  return ONE_CHUNK;
}

/** The scan of a head of which there are the first `length` octets. */
export function scanOfItsOwn(bytes: Uint8Array, length: number): HeadScan {
  const scan = new HeadScan();
  scan.begin(0);
  scan.scan(bytes, 0, length);
  return scan;
}

function isHttp(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x48 && bytes[at + 1] === 0x54 && bytes[at + 2] === 0x54 && bytes[at + 3] === 0x50;
}
