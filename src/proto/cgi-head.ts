/**
 * The head of a CGI response (RFC 3875 6), or an HTTP status line and fields where `mayBeHttp` (uwsgi, SCGI). Judged as
 * nginx does (ngx_http_fastcgi_process_header, ngx_http_uwsgi_process_status_line, ngx_http_upstream_process_content_length):
 * every fault here is a 502 there. A conflict of lengths is told and read over, as nginx before 1.23 did; any other fault
 * ends the head.
 */
import type { FaultName, Field } from '../model/message.ts';
import { FieldLine } from './cgi-fields.ts';
import { CgiParams, wholeNumber } from './cgi-params.ts';
import { StatusLine } from './cgi-status-line.ts';
import { SAMPLE_LIMIT } from './foreign.ts';
import { latin1 } from './latin1.ts';

/** A head longer than this is given up: eight times the most that nginx takes by default (fastcgi_buffer_size 4k or 8k). */
export const HEAD_LIMIT = 64 * 1024;
/** Octets turned into text at a time at most. */
const HEAD_PIECE = 1024;

const LF = 0x0a;
const CR = 0x0d;

const STATUS_DIGITS = /^[0-9]{3}/;
const DEFAULT_STATUS = 200;
/** nginx for a Location without a Status (RFC 3875 6.2.3). */
const LOCATION_STATUS = 302;

/** What was wrong; the offset counts from the start of the head. */
export interface HeadFault {
  readonly name: FaultName;
  readonly detail: string;
  readonly sample: string;
  readonly offset: number;
  readonly text: string;
}

export class CgiHead {
  /** `open`: more is owed. `done`: `status` and `fields` hold. `broken`: a fault was told and nothing more is read. */
  state: 'open' | 'done' | 'broken' = 'open';
  status = 0;
  version = '';
  octets = 0;
  contentLength: number | undefined = undefined;
  readonly #fault: (fault: HeadFault) => void;
  readonly #params = new CgiParams();
  readonly #line = new FieldLine();
  #statusLine: StatusLine | undefined;
  /** Where the current line begins, from the start of the head. */
  #lineAt = 0;
  /** The current line's octets from earlier pieces. */
  #carry = '';
  #statusField: string | undefined = undefined;
  #location = false;
  #hasLength = false;
  #hasCoding = false;
  #conflicting = false;

  constructor(mayBeHttp: boolean, fault: (fault: HeadFault) => void) {
    this.#statusLine = mayBeHttp ? new StatusLine() : undefined;
    this.#fault = fault;
  }

  get fields(): readonly Field[] {
    return this.#params.fields;
  }

  /** The status as far as it is said for sure before the head's end; 0 where it is not. */
  get known(): number {
    return this.status || (this.#statusField === undefined ? 0 : statusOf(this.#statusField));
  }

  /** Takes octets while the head is open; returns how many of them belong to it. */
  push(text: string): number {
    const piece = text.slice(0, HEAD_LIMIT - this.octets);
    const taken = this.#statusLine ? this.#pushStatusLine(piece, this.#statusLine) : this.#pushFields(piece);
    this.octets += taken;
    if (this.state === 'open' && this.octets === HEAD_LIMIT) {
      this.#break('head-too-big', '', `no end of head within ${HEAD_LIMIT} octets`, this.#carry);
    }
    return taken;
  }

  #pushStatusLine(text: string, line: StatusLine): number {
    for (let at = 0; at < text.length; at++) {
      const step = line.step(text.charCodeAt(at));
      if (step === 'more') continue;
      this.#statusLine = undefined;
      const carried = this.#carry.length;
      if (step === 'not') {
        // The octets held were taken before: what they begin is a field line.
        const whole = this.#carry + text;
        this.#carry = '';
        return this.#pushFields(whole) - carried;
      }
      this.#carry = '';
      this.#lineAt = carried + at + 1;
      this.status = line.status;
      this.version = line.version;
      return at + 1 + this.#pushFields(text.slice(at + 1));
    }
    this.#carry += text;
    return text.length;
  }

  #pushFields(text: string): number {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const step = this.#line.step(text.charCodeAt(at));
      if (step === 'more') continue;
      if (step === 'line') this.#field(this.#line.field(this.#carry + text.slice(from, at)));
      if (step === 'bad') {
        const sample = this.#carry + text.slice(from, at + 1);
        this.#break('header-line', '', 'an octet that a header line may not hold', sample);
        return at + 1;
      }
      this.#line.restart();
      this.#lineAt += this.#carry.length + at + 1 - from;
      this.#carry = '';
      from = at + 1;
      if (step === 'end') {
        this.#end();
        return from;
      }
    }
    this.#carry += text.slice(from);
    return text.length;
  }

  #field(field: Field): void {
    this.#params.add(field.name, field.value);
    switch (field.name.toLowerCase()) {
      case 'status':
        this.#statusField ??= field.value; // nginx keeps the first and warns of others
        return;
      case 'location':
        this.#location = true;
        return;
      case 'content-length':
        this.#contentLength(field);
        return;
      case 'transfer-encoding':
        this.#transferCoding(field);
        return;
    }
  }

  #contentLength(field: Field): void {
    const sample = `${field.name}: ${field.value}`;
    const length = wholeNumber(field.value);
    if (this.#hasLength) this.#conflict('duplicate', 'a second Content-Length', sample);
    else if (this.#hasCoding) this.#conflict('cl-te', 'Content-Length beside Transfer-Encoding', sample);
    else if (length === undefined) this.#conflict('bad-cl', 'a Content-Length that is no number', sample);
    this.contentLength = this.#conflicting || this.#hasCoding ? undefined : length;
    this.#hasLength = true;
  }

  #transferCoding(field: Field): void {
    const sample = `${field.name}: ${field.value}`;
    if (this.#hasCoding) this.#conflict('duplicate', 'a second Transfer-Encoding', sample);
    else if (this.#hasLength) this.#conflict('cl-te', 'Transfer-Encoding beside Content-Length', sample);
    else if (field.value.toLowerCase() !== 'chunked') {
      this.#conflict('bad-te', 'a Transfer-Encoding other than chunked', sample);
    }
    this.#hasCoding = true;
    this.contentLength = undefined; // RFC 9112 6.3: the coding overrides the length
  }

  /** Told once: nginx gives up at the first. */
  #conflict(detail: string, text: string, sample: string): void {
    if (!this.#conflicting) this.#tell('header-conflict', detail, text, sample);
    this.#conflicting = true;
  }

  #end(): void {
    if (this.status === 0) {
      if (this.#statusField !== undefined && !STATUS_DIGITS.test(this.#statusField)) {
        this.#break('status', '', 'a Status that does not begin with three digits', this.#statusField);
        return;
      }
      this.status =
        this.#statusField === undefined
          ? this.#location
            ? LOCATION_STATUS
            : DEFAULT_STATUS
          : statusOf(this.#statusField);
    }
    this.state = 'done';
  }

  #break(name: FaultName, detail: string, text: string, sample: string): void {
    this.state = 'broken';
    this.#carry = '';
    this.#tell(name, detail, text, sample);
  }

  #tell(name: FaultName, detail: string, text: string, sample: string): void {
    this.#fault({ name, detail, text, sample: sample.slice(0, SAMPLE_LIMIT), offset: this.#lineAt });
  }
}

/**
 * The next octets of a head as text: up to its empty line, where that is near. Most heads are one piece, and nothing of the
 * body is kept with the fields, which are parts of that text.
 */
export function headPiece(bytes: Uint8Array, from: number, to: number): string {
  const limit = Math.min(to, from + HEAD_PIECE);
  let end = from;
  while (end < limit && !endsHead(bytes, from, end)) end++;
  return latin1(bytes, from, Math.min(limit, end + 1));
}

/** Is the octet at `at` the end of an empty line? */
function endsHead(bytes: Uint8Array, from: number, at: number): boolean {
  if (bytes[at] !== LF || at === from) return false;
  const before = bytes[at - 1] === CR ? at - 2 : at - 1;
  return before >= from && bytes[before] === LF;
}

function statusOf(field: string): number {
  return STATUS_DIGITS.test(field) ? Number(field.slice(0, 3)) : 0;
}

/** Octets of body that the head promises (RFC 9112 6.3); `undefined` where closing, or the record protocol, ends it. */
export function bodyOwed(head: CgiHead, method: string): number | undefined {
  if (method === 'HEAD' || head.status === 204 || head.status === 304) return 0;
  return head.contentLength;
}
