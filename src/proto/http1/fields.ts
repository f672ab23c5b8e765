/**
 * Field lines of one head, from the marks of its scan: what is kept of them as text, and what decides the framing.
 * Lengths are judged as nginx judges an upstream's (ngx_http_upstream_process_content_length and _transfer_encoding):
 * the first conflict is the one it would refuse the response for.
 */
import type { Field } from '../../model/message.ts';
import { latin1 } from '../latin1.ts';
import { LINES_LIMIT, MARK, marks } from './head-scan.ts';
import { isDigit } from './recognise.ts';

/** Fields kept as text per head. Node's own default would be 2000, Apache's is 100; what ties requests together comes early. */
export const FIELDS_KEPT = 128;

/** No Content-Length, or one that cannot be believed. */
export const NO_LENGTH = -1;
export const BAD_LENGTH = -2;

export type Conflict = 'duplicate' | 'cl-te' | 'bad-cl' | 'bad-te';

export interface HeadFacts {
  readonly fields: Field[];
  host: string;
  /** Octets, or NO_LENGTH or BAD_LENGTH. */
  length: number;
  /** `chunked`: it is the final transfer coding; `other`: there are codings and it is not. */
  coding: 'none' | 'chunked' | 'other';
  /** The client waits for 100 (Continue) before it sends the body (RFC 9110 10.1.1). */
  expects: boolean;
  conflict: Conflict | undefined;
  /** The line nginx would refuse. */
  conflictAt: number;
  conflictEnd: number;
}

const CONTENT_LENGTH = 'content-length';
const TRANSFER_ENCODING = 'transfer-encoding';
const FOLD = /\r?\n[ \t]+/g;

/** Reads the marked lines of the head that lies in `bytes[from..to)`. */
export function readFields(bytes: Uint8Array, from: number, to: number, lines: number): HeadFacts {
  const text = latin1(bytes, from, to);
  const facts: HeadFacts = {
    fields: [],
    host: '',
    length: NO_LENGTH,
    coding: 'none',
    expects: false,
    conflict: undefined,
    conflictAt: 0,
    conflictEnd: 0,
  };
  for (let i = 0; i < Math.min(lines, LINES_LIMIT); i++) {
    const at = marks[i * MARK] as number;
    const nameEnd = marks[i * MARK + 1] as number;
    const valueAt = marks[i * MARK + 2] as number;
    const end = marks[i * MARK + 3] as number;
    if (i < FIELDS_KEPT) {
      facts.fields.push({
        name: text.slice(at - from, nameEnd - from),
        value: value(text, valueAt - from, end - from),
      });
    }
    known(facts, bytes, i, text.slice(valueAt - from, end - from));
  }
  return facts;
}

/** nginx trims spaces only; RFC 9110 5.5 also trims tabs, and a folded line counts as one space. */
function value(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && (text.charCodeAt(start) === 0x09 || text.charCodeAt(start) === 0x20)) start++;
  while (end > start && (text.charCodeAt(end - 1) === 0x09 || text.charCodeAt(end - 1) === 0x20)) end--;
  const plain = text.slice(start, end);
  return plain.includes('\n') ? plain.replace(FOLD, ' ') : plain;
}

/** The fields that mean something here; told apart by length first, so that most lines cost one comparison. */
function known(facts: HeadFacts, bytes: Uint8Array, line: number, text: string): void {
  const at = marks[line * MARK] as number;
  switch ((marks[line * MARK + 1] as number) - at) {
    case 4:
      if (facts.host === '' && isNamed(bytes, at, 'host')) facts.host = value(text, 0, text.length);
      return;
    case 6:
      if (isNamed(bytes, at, 'expect')) facts.expects = text.toLowerCase() === '100-continue';
      return;
    case CONTENT_LENGTH.length:
      if (isNamed(bytes, at, CONTENT_LENGTH)) contentLength(facts, line, text);
      return;
    case TRANSFER_ENCODING.length:
      if (isNamed(bytes, at, TRANSFER_ENCODING)) transferEncoding(facts, line, text);
      return;
  }
}

/** Field names are compared as octets, without regard to case; `name` is in lower case. */
function isNamed(bytes: Uint8Array, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const octet = bytes[at + i] as number;
    const lower = octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
    if (lower !== name.charCodeAt(i)) return false;
  }
  return true;
}

function contentLength(facts: HeadFacts, line: number, text: string): void {
  const length = listedLength(text);
  if (facts.length !== NO_LENGTH) {
    conflict(facts, 'duplicate', line);
    // RFC 9110 8.6: the same length twice is one length; two lengths are none.
    if (facts.length !== length) facts.length = BAD_LENGTH;
    return;
  }
  facts.length = length;
  if (facts.coding !== 'none') conflict(facts, 'cl-te', line);
  else if (wholeNumber(text) === undefined) conflict(facts, 'bad-cl', line);
}

function transferEncoding(facts: HeadFacts, line: number, text: string): void {
  const again = facts.coding !== 'none';
  const last = text.slice(text.lastIndexOf(',') + 1).trim();
  facts.coding = last.toLowerCase() === 'chunked' ? 'chunked' : 'other';
  if (again) conflict(facts, 'duplicate', line);
  else if (facts.length !== NO_LENGTH) conflict(facts, 'cl-te', line);
  else if (text.toLowerCase() !== 'chunked') conflict(facts, 'bad-te', line);
}

function conflict(facts: HeadFacts, what: Conflict, line: number): void {
  if (facts.conflict) return;
  facts.conflict = what;
  facts.conflictAt = marks[line * MARK] as number;
  facts.conflictEnd = marks[line * MARK + 3] as number;
}

/** Digits only, as ngx_atoof takes them; beyond 2^53 no length is believed. */
function wholeNumber(text: string): number | undefined {
  if (text === '') return undefined;
  for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** RFC 9112 6.3: a list of identical lengths is taken as that length. */
function listedLength(text: string): number {
  const lengths = text.split(',').map((part) => wholeNumber(part.trim()));
  const [first] = lengths;
  return first === undefined || lengths.some((length) => length !== first) ? BAD_LENGTH : first;
}
