/**
 * What the field lines of one head say that decides its framing, read from the marks of its scan.
 * Lengths are judged as nginx judges an upstream's (ngx_http_upstream_process_content_length and _transfer_encoding):
 * the first conflict is the one it would refuse the response for.
 */
import { latin1, RepeatedText } from '../latin1.ts';
import { fieldValue } from './field-lines.ts';
import { MARK, marks } from './marks.ts';
import { isDigit } from './recognise.ts';

/** No Content-Length, or one that cannot be believed. */
export const NO_LENGTH = -1;
export const BAD_LENGTH = -2;

const HOST = 'host';
const EXPECT = 'expect';
const CONTENT_LENGTH = 'content-length';
const TRANSFER_ENCODING = 'transfer-encoding';
const CHUNKED = 'chunked';

export type Conflict = 'duplicate' | 'cl-te' | 'bad-cl' | 'bad-te';

export class HeadFacts {
  host = '';
  /** Octets, or NO_LENGTH or BAD_LENGTH. */
  length: number = NO_LENGTH;
  /** `chunked`: it is the final transfer coding; `other`: there are codings and it is not. */
  coding: 'none' | 'chunked' | 'other' = 'none';
  /** The client waits for 100 (Continue) before it sends the body (RFC 9110 10.1.1). */
  expects = false;
  /** A field has a name that an id of the request could have. */
  bearsId = false;
  conflict: Conflict | undefined = undefined;
  /** The line nginx would refuse. */
  conflictAt = 0;
  conflictEnd = 0;
  /** All of the head. */
  text = '';

  begin(text: string): void {
    this.host = '';
    this.length = NO_LENGTH;
    this.coding = 'none';
    this.expects = false;
    this.bearsId = false;
    this.conflict = undefined;
    this.text = text;
  }
}

/** For all heads: whoever reads one is done with what it says before the next is read. */
const facts = new HeadFacts();

/** Reads the marked lines of the head that lies in `bytes[from..to)`; what is returned is good until the next head. */
export function readFields(bytes: Uint8Array, from: number, to: number, lines: number): HeadFacts {
  facts.begin(latin1(bytes, from, to));
  for (let line = 0, mark = 0; line < lines; line++, mark += MARK) {
    const at = marks[mark] as number;
    const length = (marks[mark + 1] as number) - at;
    // Told apart by first octet and length: hardly a line costs more than that.
    switch ((bytes[at] as number) | 0x20) {
      case 0x63: // c
        if (length === CONTENT_LENGTH.length && isNamed(bytes, at, CONTENT_LENGTH)) contentLength(bytes, line);
        break;
      case 0x65: // e
        if (length === EXPECT.length && isNamed(bytes, at, EXPECT)) expectation(bytes, line);
        break;
      case 0x68: // h
        if (length === HOST.length && isNamed(bytes, at, HOST)) host(bytes, line);
        else if (isLikeIdName(bytes, at, length)) facts.bearsId = true;
        break;
      case 0x74: // t
        if (length === TRANSFER_ENCODING.length && isNamed(bytes, at, TRANSFER_ENCODING)) transferEncoding(bytes, line);
        else if (isLikeIdName(bytes, at, length)) facts.bearsId = true;
        break;
      case 0x78: // x
        if (isLikeIdName(bytes, at, length)) facts.bearsId = true;
        break;
    }
  }
  return facts;
}

/** traceparent; the others (x-request-id and its kin, and how CGI spells them) are longer. */
const SHORTEST_ID_NAME = 11;

/** By its last octet, where its first one fits: x..d, t..t, and both behind `HTTP_`. */
function isLikeIdName(bytes: Uint8Array, at: number, length: number): boolean {
  if (length < SHORTEST_ID_NAME) return false;
  const end = (bytes[at + length - 1] as number) | 0x20;
  return end === 0x64 || end === 0x74;
}

const hosts = new RepeatedText();

function host(bytes: Uint8Array, line: number): void {
  if (facts.host !== '') return;
  const text = hosts.of(bytes, marks[line * MARK + 2] as number, marks[line * MARK + 3] as number);
  facts.host = fieldValue(text, 0, text.length);
}

function expectation(bytes: Uint8Array, line: number): void {
  facts.expects = valueText(bytes, line).toLowerCase() === '100-continue';
}

function valueText(bytes: Uint8Array, line: number): string {
  return latin1(bytes, marks[line * MARK + 2] as number, marks[line * MARK + 3] as number);
}

/** Names are compared as octets, without regard to case; `name` is in lower case. */
function isNamed(bytes: Uint8Array, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const octet = bytes[at + i] as number;
    const lower = octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
    if (lower !== name.charCodeAt(i)) return false;
  }
  return true;
}

/** What is out of the ordinary is apart from what every head says: V8 compiles only what is used much. */
function contentLength(bytes: Uint8Array, line: number): void {
  const plain = plainNumber(bytes, marks[line * MARK + 2] as number, marks[line * MARK + 3] as number);
  if (plain >= 0 && facts.length === NO_LENGTH && facts.coding === 'none') facts.length = plain;
  else oddLength(bytes, line, plain);
}

function oddLength(bytes: Uint8Array, line: number, plain: number): void {
  const text = plain < 0 ? valueText(bytes, line) : '';
  const length = plain < 0 ? listedLength(text) : plain;
  if (facts.length !== NO_LENGTH) {
    conflict('duplicate', line);
    // RFC 9110 8.6: the same length twice is one length; two lengths are none.
    if (facts.length !== length) facts.length = BAD_LENGTH;
    return;
  }
  facts.length = length;
  if (facts.coding !== 'none') conflict('cl-te', line);
  else if (plain < 0 && wholeNumber(text) === undefined) conflict('bad-cl', line);
}

function transferEncoding(bytes: Uint8Array, line: number): void {
  const at = marks[line * MARK + 2] as number;
  const chunked = (marks[line * MARK + 3] as number) - at === CHUNKED.length && isNamed(bytes, at, CHUNKED);
  if (chunked && facts.length === NO_LENGTH && facts.coding === 'none') facts.coding = 'chunked';
  else oddCoding(line, valueText(bytes, line));
}

function oddCoding(line: number, text: string): void {
  const again = facts.coding !== 'none';
  const last = text.slice(text.lastIndexOf(',') + 1).trim();
  facts.coding = last.toLowerCase() === CHUNKED ? 'chunked' : 'other';
  if (again) conflict('duplicate', line);
  else if (facts.length !== NO_LENGTH) conflict('cl-te', line);
  else if (text.toLowerCase() !== CHUNKED) conflict('bad-te', line);
}

function conflict(what: Conflict, line: number): void {
  if (facts.conflict) return;
  facts.conflict = what;
  facts.conflictAt = marks[line * MARK] as number;
  facts.conflictEnd = marks[line * MARK + 3] as number;
}

/** Digits that no number grows too large by. */
const PLAIN_DIGITS = 15;

/** The number that some digits say; -1 for anything that needs a closer look. */
function plainNumber(bytes: Uint8Array, from: number, to: number): number {
  if (from === to || to - from > PLAIN_DIGITS) return -1;
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
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
