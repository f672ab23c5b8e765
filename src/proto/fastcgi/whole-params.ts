/**
 * PARAMS that came in one piece, as nginx and its kin send nearly all: what means something here is found in one pass
 * over the octets, and the fields are made when somebody asks. Anything that is out of the ordinary is left to
 * `ParamsReader`.
 */
import type { DownstreamIdentity, Field } from '../../model/message.ts';
import { FIELD_LIMIT, NAME_LIMIT, type ParamsWords, portOf, VALUE_LIMIT, wholeNumber } from '../cgi-params.ts';
import { latin1, RepeatedText } from '../latin1.ts';
import { ParamsReader } from './params.ts';

/** So that no value is too long to be kept, nor all of them together. */
export const WHOLE_LIMIT: number = VALUE_LIMIT;

const LONG = 0x80;

const REQUEST_URI = 0;
const REQUEST_METHOD = 1;
const SERVER_PROTOCOL = 2;
const HTTP_HOST = 3;
const SERVER_NAME = 4;
const CONTENT_LENGTH = 5;
const REMOTE_ADDR = 6;
const REMOTE_PORT = 7;
const SERVER_ADDR = 8;
const SERVER_PORT = 9;
const NAMES = [
  'REQUEST_URI',
  'REQUEST_METHOD',
  'SERVER_PROTOCOL',
  'HTTP_HOST',
  'SERVER_NAME',
  'CONTENT_LENGTH',
  'REMOTE_ADDR',
  'REMOTE_PORT',
  'SERVER_ADDR',
  'SERVER_PORT',
] as const;

/** Where the value of each lies in the octets read last, 0 to 0 where it has none: start and end. */
const spans = new Int32Array(2 * NAMES.length);

const methods = new RepeatedText();
const versions = new RepeatedText();
const hosts = new RepeatedText();
const clients = new RepeatedText();
const servers = new RepeatedText();

export class WholeParams implements ParamsWords {
  readonly text: string;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly host: string;
  readonly downstream: DownstreamIdentity | undefined;
  readonly announced: number | undefined;
  #fields: readonly Field[] | undefined = undefined;

  /** Of the octets that `spans` tells of. */
  constructor(bytes: Uint8Array, from: number, to: number) {
    this.text = latin1(bytes, from, to);
    this.method = said(methods, bytes, REQUEST_METHOD);
    this.target = latin1(bytes, startOf(REQUEST_URI), endOf(REQUEST_URI));
    this.version = said(versions, bytes, SERVER_PROTOCOL);
    this.host = said(hosts, bytes, isEmpty(HTTP_HOST) ? SERVER_NAME : HTTP_HOST);
    this.announced =
      endOf(CONTENT_LENGTH) === 0 ? undefined : isEmpty(CONTENT_LENGTH) ? 0 : number(bytes, CONTENT_LENGTH);
    this.downstream = downstreamOf(bytes);
  }

  /** Read once more, with care: of most requests nobody asks. */
  get fields(): readonly Field[] {
    this.#fields ??= fieldsOf(this.text);
    return this.#fields;
  }
}

function fieldsOf(text: string): readonly Field[] {
  const reader = new ParamsReader();
  reader.push(text);
  return reader.params.fields;
}

/** `undefined` where the octets are not exactly a number of pairs with a REQUEST_URI among them. */
export function wholeParams(bytes: Uint8Array, from: number, to: number): WholeParams | undefined {
  if (to - from > WHOLE_LIMIT) return undefined;
  for (let i = 0; i < spans.length; i++) spans[i] = 0;
  let at = from;
  for (let pairs = 0; at < to; pairs++) {
    const nameLength = lengthAt(bytes, at);
    at += nameLength < LONG ? 1 : 4;
    const valueLength = lengthAt(bytes, at);
    at += valueLength < LONG ? 1 : 4;
    const value = at + nameLength;
    const end = value + valueLength;
    if (end > to || nameLength > NAME_LIMIT || pairs === FIELD_LIMIT) return undefined;
    // The last of a name counts, as applications see it.
    const slot = slotOf(bytes, at, nameLength);
    if (slot >= 0) {
      spans[2 * slot] = value;
      spans[2 * slot + 1] = end;
    }
    at = end;
  }
  return at !== to || isEmpty(REQUEST_URI) ? undefined : new WholeParams(bytes, from, to);
}

/** One octet, or four with the high bit set (FastCGI 1.0, 3.4). A short length may be written long: that is left alone. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < LONG) return first;
  const rest = ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  const length = (first - LONG) * 2 ** 24 + rest;
  return length < LONG ? Number.POSITIVE_INFINITY : length;
}

/** Which of `NAMES` lies at `at`; -1: none. Their ends tell them apart soonest. */
function slotOf(bytes: Uint8Array, at: number, length: number): number {
  if (length < HTTP_HOST_LENGTH) return -1;
  for (let slot = 0; slot < NAMES.length; slot++) {
    const name = NAMES[slot] as string;
    if (name.length !== length) continue;
    let last = length - 1;
    while (last >= 0 && bytes[at + last] === name.charCodeAt(last)) last--;
    if (last < 0) return slot;
  }
  return -1;
}

const HTTP_HOST_LENGTH = NAMES[HTTP_HOST].length;

function startOf(slot: number): number {
  return spans[2 * slot] as number;
}

function endOf(slot: number): number {
  return spans[2 * slot + 1] as number;
}

function isEmpty(slot: number): boolean {
  return startOf(slot) === endOf(slot);
}

function said(text: RepeatedText, bytes: Uint8Array, slot: number): string {
  return text.of(bytes, startOf(slot), endOf(slot));
}

function downstreamOf(bytes: Uint8Array): DownstreamIdentity | undefined {
  const clientAddress = said(clients, bytes, REMOTE_ADDR);
  const clientPort = portOf(number(bytes, REMOTE_PORT));
  if (!clientAddress || clientPort === 0) return undefined;
  const serverAddress = said(servers, bytes, SERVER_ADDR);
  return { clientAddress, clientPort, serverAddress, serverPort: portOf(number(bytes, SERVER_PORT)) };
}

/** Digits that no number grows too large by. */
const PLAIN_DIGITS = 15;

/** As `wholeNumber` of the value's text. */
function number(bytes: Uint8Array, slot: number): number | undefined {
  const start = startOf(slot);
  const end = endOf(slot);
  if (start === end || end - start > PLAIN_DIGITS) return wholeNumber(latin1(bytes, start, end));
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
