/**
 * The fast lane of `HeadScan`: field lines of which nothing is odd, as nearly all are, in one go. It stops at the first
 * line that is not plain or not complete, and there the closer look begins.
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

/** What is told of plain lines besides their marks. */
export interface PlainLines {
  /** Lines marked. */
  lines: number;
  /** Where the first line begins that was not taken. */
  lineStart: number;
}

/** Marks plain lines from `from` on; returns the offset after the head, or -1 where its end was not reached. */
export function scanPlainLines(bytes: Uint8Array, from: number, to: number, head: PlainLines): number {
  const words = viewOf(bytes);
  let at = from;
  head.lineStart = from;
  for (let line = 0; at < to; line++) {
    const start = at;
    while (at < to && IN_NAME[bytes[at] as number] === 1) at++;
    const nameEnd = at;
    if (nameEnd === start) return lineEnds(bytes, at, to);
    if (bytes[at] !== COLON) return -1;
    do at++;
    while (at < to && bytes[at] === SPACE);
    const valueStart = at;
    // The octets up to CR are those that end a value or spoil it; a tab among them is looked at more closely too.
    while (at + 4 <= to && !holdsUpToCr(words.getInt32(at, true))) at += 4;
    while (at < to && (bytes[at] as number) > CR) at++;
    let valueEnd = at;
    at = lineEnds(bytes, at, to);
    if (at < 0) return -1;
    while (valueEnd > valueStart && bytes[valueEnd - 1] === SPACE) valueEnd--;
    head.lineStart = at;
    if (line >= LINES_LIMIT) continue;
    mark(line, start, nameEnd, valueStart, valueEnd);
    head.lines = line + 1;
  }
  return -1;
}

/** Is one of the four octets CR or below? A borrow out of an octet that is below 0x0e is what shows (Bit Twiddling Hacks). */
function holdsUpToCr(four: number): boolean {
  return ((four - 0x0e0e0e0e) & ~four & 0x80808080) !== 0;
}

/** The buffer scanned last, and a view over it: nearly all heads of a capture are read from one. */
let viewed: Uint8Array = new Uint8Array(0);
let view = new DataView(viewed.buffer);

function viewOf(bytes: Uint8Array): DataView {
  if (viewed !== bytes) {
    viewed = bytes;
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return view;
}

/** The offset after the LF or CRLF at `at`; -1 where there is neither. */
function lineEnds(bytes: Uint8Array, at: number, to: number): number {
  const lf = bytes[at] === CR ? at + 1 : at;
  return lf < to && bytes[lf] === LF ? lf + 1 : -1;
}
