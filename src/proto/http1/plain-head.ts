/**
 * The fast lane of `HeadScan`: a head of which nothing is odd and which lies in one piece, as nearly all do, in one go.
 * It says no to every octet that asks for a closer look, and then the closer look is taken from the start.
 */
import { LINES_LIMIT, mark } from './marks.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SLASH = 0x2f;
const COLON = 0x3a;
const DEL = 0x7f;

/** What a field name is made of where nothing is odd about it: 1 for each octet that does not end or spoil it. */
const IN_NAME = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet <= SPACE || octet === SLASH || octet === COLON || octet === DEL ? 0 : 1,
);

/** What is told of a plain head besides its marks. */
export interface PlainHead {
  lines: number;
  /** End of the first line without its CRLF. */
  firstLineEnd: number;
}

/**
 * Marks the lines of the head that begins at `from` and returns the offset after it; -1 where it does not end before
 * `to` or is not plain: then `head` is untouched, and the marks mean nothing.
 */
export function scanPlainHead(bytes: Uint8Array, from: number, to: number, head: PlainHead): number {
  let at = from;
  while (at < to && bytes[at] !== LF) at++;
  const firstLineEnd = at > from && bytes[at - 1] === CR ? at - 1 : at;
  for (let line = 0; ++at < to; line++) {
    const start = at;
    while (at < to && IN_NAME[bytes[at] as number] === 1) at++;
    const nameEnd = at;
    if (nameEnd === start) {
      const end = lineEnds(bytes, at, to);
      if (end < 0) return -1;
      head.firstLineEnd = firstLineEnd;
      head.lines = Math.min(line, LINES_LIMIT);
      return end;
    }
    if (bytes[at] !== COLON) return -1;
    do at++;
    while (at < to && bytes[at] === SPACE);
    const valueStart = at;
    // The octets up to CR are those that end a value or spoil it; a tab among them is looked at more closely too.
    while (at < to && (bytes[at] as number) > CR) at++;
    let valueEnd = at;
    at = lineEnds(bytes, at, to) - 1;
    if (at < 0) return -1;
    while (valueEnd > valueStart && bytes[valueEnd - 1] === SPACE) valueEnd--;
    if (line < LINES_LIMIT) mark(line, start, nameEnd, valueStart, valueEnd);
  }
  return -1;
}

/** The offset after the LF or CRLF at `at`; -1 where there is neither. */
function lineEnds(bytes: Uint8Array, at: number, to: number): number {
  const lf = bytes[at] === CR ? at + 1 : at;
  return lf < to && bytes[lf] === LF ? lf + 1 : -1;
}
