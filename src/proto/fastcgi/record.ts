/**
 * FastCGI records (FastCGI 1.0, 3.3): an eight-octet header, content, padding. Reads one side of a connection, split
 * anywhere; content passes through as windows, so what does not matter costs nothing. Where framing is lost (a gap that
 * reaches beyond the record, or a capture that starts midstream) the reader waits for a chunk that begins with a header
 * that fits; where the octets are of another protocol it reads no more.
 */
import type { Octets } from '../../model/octets.ts';
import { type Moment, NO_MOMENT } from '../../model/time.ts';
import { ForeignSample } from '../cgi-foreign.ts';

export const FCGI_BEGIN_REQUEST = 1;
export const FCGI_ABORT_REQUEST = 2;
export const FCGI_END_REQUEST = 3;
export const FCGI_PARAMS = 4;
export const FCGI_STDIN = 5;
export const FCGI_STDOUT = 6;
export const FCGI_STDERR = 7;
export const FCGI_DATA = 8;
export const FCGI_GET_VALUES = 9;
export const FCGI_GET_VALUES_RESULT = 10;
export const FCGI_UNKNOWN_TYPE = 11;

export const FCGI_VERSION_1 = 1;
/** requestId of management records (3.3). */
export const FCGI_NULL_REQUEST_ID = 0;
export const HEADER_LENGTH = 8;
const WORD = 4;
/** Content of BEGIN_REQUEST and END_REQUEST (5.1, 5.5). */
export const FIXED_CONTENT_LENGTH = 8;

export interface RecordHeader {
  readonly type: number;
  readonly requestId: number;
  readonly contentLength: number;
  /** When the header's first octet was seen. */
  readonly start: Moment;
  /** Offset of the header in the stream, gaps included. */
  readonly offset: number;
}

/** What the reader tells; `moment` is that of the octets' frame. */
export interface RecordSink {
  /** The header is valid for the call and until the next one. */
  header(header: RecordHeader, moment: Moment): void;
  content(octets: Octets, from: number, to: number, moment: Moment): void;
  /** Octets of the content are missing from the capture. */
  hole(length: number, moment: Moment): void;
  contentEnd(moment: Moment): void;
  padding(length: number): void;
  /** The octets at `offset` begin no FastCGI record; `sample` holds the first of them. Nothing more is read. */
  foreign(sample: ForeignSample, offset: number, moment: Moment): void;
  /** Octets that are no record: of another protocol, and all that follow them. */
  unreadable(length: number, moment: Moment): void;
  /** Octets are missing beyond the end of the record: whose they were is not known. */
  astray(length: number, moment: Moment): void;
  /** Octets are passed over while no header is found that fits. */
  passing(length: number, moment: Moment): void;
  /** The drift is over, or the stream: so many octets were passed over. */
  passed(length: number, moment: Moment): void;
  /** Whether a header that a chunk begins with may be believed after framing was lost. */
  fits(type: number, requestId: number, contentLength: number): boolean;
}

type State = 'header' | 'content' | 'padding' | 'adrift' | 'foreign' | 'dead';

export class RecordReader implements RecordHeader {
  type = 0;
  requestId = 0;
  contentLength = 0;
  start: Moment = NO_MOMENT;
  offset = 0;
  readonly #sink: RecordSink;
  /** The header's octets as they come: four in each. */
  #firstWord = 0;
  #secondWord = 0;
  #state: State;
  #count = 0;
  #remaining = 0;
  #paddingLength = 0;
  /** Offset of the next octet. */
  #position = 0;
  /** Octets passed over since framing was lost. */
  #passed = 0;
  #sample: ForeignSample | undefined = undefined;
  #latest: Moment = NO_MOMENT;

  constructor(sink: RecordSink, midstream: boolean) {
    this.#sink = sink;
    this.#state = midstream ? 'adrift' : 'header';
  }

  /** Octets held of a header that is not complete. */
  get held(): number {
    return this.#state === 'header' ? this.#count : 0;
  }

  get adrift(): boolean {
    return this.#state === 'adrift';
  }

  chunk(octets: Octets, moment: Moment): void {
    this.#latest = moment;
    let at = octets.start;
    if (this.#state === 'adrift' && !this.#found(octets)) {
      const length = octets.end - at;
      this.#passed += length;
      this.#position += length;
      this.#sink.passing(length, moment);
      return;
    }
    while (at < octets.end) {
      const next = this.#step(octets, at, moment);
      this.#position += next - at;
      at = next;
    }
  }

  /** `length` octets are missing. Inside content of known length only the content has a hole. */
  gap(length: number, moment: Moment): void {
    this.#latest = moment;
    this.#position += length;
    let left = length;
    if (this.#state === 'content') {
      const taken = Math.min(left, this.#remaining);
      left -= taken;
      this.#remaining -= taken;
      if (taken > 0) this.#sink.hole(taken, moment);
      if (this.#remaining === 0) this.#contentEnd(moment);
    }
    if (this.#state === 'padding') {
      const taken = Math.min(left, this.#remaining);
      left -= taken;
      this.#pad(taken);
    }
    if (left === 0 || this.#state === 'dead') return;
    if (this.#state === 'foreign') {
      this.flush();
      return;
    }
    const held = this.#state === 'header' ? this.#count : 0;
    this.#count = 0;
    this.#state = 'adrift';
    this.#sink.astray(left + held, moment);
  }

  /** The next octet is known to begin a record. */
  restart(): void {
    if (this.#state !== 'adrift') return;
    this.flush();
    this.#state = 'header';
  }

  /** No more octets of this side, or nobody who waits for them: tells what was held back. */
  flush(): void {
    if (this.#state === 'foreign') this.#tellForeign();
    if (this.#passed > 0) this.#sink.passed(this.#passed, this.#latest);
    this.#passed = 0;
  }

  #step(octets: Octets, at: number, moment: Moment): number {
    switch (this.#state) {
      case 'header':
        return this.#header(octets, at, moment);
      case 'content': {
        const to = Math.min(octets.end, at + this.#remaining);
        this.#remaining -= to - at;
        this.#sink.content(octets, at, to, moment);
        if (this.#remaining === 0) this.#contentEnd(moment);
        return to;
      }
      case 'padding': {
        const to = Math.min(octets.end, at + this.#remaining);
        this.#pad(to - at);
        return to;
      }
      case 'foreign':
        return this.#foreign(octets, at, moment);
      case 'adrift':
      case 'dead':
        this.#sink.unreadable(octets.end - at, moment);
        return octets.end;
    }
  }

  #header(octets: Octets, at: number, moment: Moment): number {
    if (this.#count === 0) {
      this.start = moment;
      this.offset = this.#position;
      if (octets.bytes[at] !== FCGI_VERSION_1) {
        this.#state = 'foreign';
        this.#sample = new ForeignSample();
        return at;
      }
    }
    const to = Math.min(octets.end, at + HEADER_LENGTH - this.#count);
    for (let from = at; from < to; from++, this.#count++) {
      const octet = octets.bytes[from] as number;
      if (this.#count < WORD) this.#firstWord = (this.#firstWord << 8) | octet;
      else this.#secondWord = (this.#secondWord << 8) | octet;
    }
    if (this.#count === HEADER_LENGTH) this.#headerEnd(moment);
    return to;
  }

  #headerEnd(moment: Moment): void {
    this.#count = 0;
    this.type = (this.#firstWord >> 16) & 0xff;
    this.requestId = this.#firstWord & 0xffff;
    this.contentLength = this.#secondWord >>> 16;
    this.#paddingLength = (this.#secondWord >> 8) & 0xff;
    this.#remaining = this.contentLength;
    this.#state = 'content';
    this.#sink.header(this, moment);
    if (this.#remaining === 0) this.#contentEnd(moment);
  }

  #contentEnd(moment: Moment): void {
    this.#remaining = this.#paddingLength;
    this.#state = this.#remaining === 0 ? 'header' : 'padding';
    this.#sink.contentEnd(moment);
  }

  #pad(length: number): void {
    this.#remaining -= length;
    if (this.#remaining === 0) this.#state = 'header';
    if (length > 0) this.#sink.padding(length);
  }

  #foreign(octets: Octets, at: number, moment: Moment): number {
    const to = this.#sample?.take(octets, at) ?? octets.end;
    this.#sink.unreadable(to - at, moment);
    if (this.#sample?.enough) this.#tellForeign();
    return to;
  }

  #tellForeign(): void {
    this.#state = 'dead';
    if (this.#sample) this.#sink.foreign(this.#sample, this.offset, this.#latest);
    this.#sample = undefined;
  }

  /** A chunk that begins with a header which fits ends the drift; one shorter than a header cannot tell. */
  #found(octets: Octets): boolean {
    const { bytes, start, end } = octets;
    if (end - start < HEADER_LENGTH || bytes[start] !== FCGI_VERSION_1) return false;
    const requestId = octets.view.getUint16(start + 2);
    if (!this.#sink.fits(bytes[start + 1] as number, requestId, octets.view.getUint16(start + 4))) return false;
    this.flush();
    this.#state = 'header';
    return true;
  }
}
