/**
 * One direction of an HTTP/1 connection: where messages begin and end, and how their octets are passed over. What a
 * message means is told by its side (`Reader`). A head that lies in one chunk is read where it lies; only a head that
 * spans chunks is copied. Bodies are counted by arithmetic.
 */
import type { GapWhy } from '../../model/connection.ts';
import type { Octets } from '../../model/octets.ts';
import { type Moment, NO_MOMENT } from '../../model/time.ts';
import { sampleOf } from '../foreign.ts';
import { HeldOctets } from '../held-octets.ts';
import { Doubt, doubtOf } from './doubt.ts';
import { BAD_LINE, type HeadScan, scanInOneChunk, scanOfItsOwn } from './head-scan.ts';
import { afterHead, type Input, next, type State } from './life.ts';
import type { Reader } from './reader.ts';
import { TransferChunks } from './transfer-chunks.ts';

/**
 * A head longer than this is given up. nginx takes 4 or 8 KiB from an upstream and 32 KiB from a client by default, Node
 * 16 KiB, Apache 8 KiB a line; 64 KiB covers all but deliberate settings.
 */
export const HEAD_LIMIT = 64 * 1024;

export class MessageStream {
  /** When the message under way began, and when octets of this direction were last seen. */
  start: Moment = NO_MOMENT;
  last: Moment = NO_MOMENT;
  /** Octets of the message under way. */
  octets = 0;
  bodyOctets = 0;
  /** Octets left of a body whose length is known. */
  left = 0;
  /** Octets of the stream before the message under way. */
  offset = 0;
  #state: State = 'IDLE';
  readonly #reader: Reader;
  readonly #skipEmptyLines: boolean;
  #chunks: TransferChunks | undefined = undefined;
  /** Made when they are needed: most streams never do. The scan is of what is held, once that is of several chunks. */
  #held: HeldOctets | undefined = undefined;
  #scan: HeadScan | undefined = undefined;
  #doubt: Doubt | undefined = undefined;
  #bodyBegun = false;
  #firstLineRead = false;
  #badTold = false;

  constructor(reader: Reader, skipEmptyLines: boolean) {
    this.#reader = reader;
    this.#skipEmptyLines = skipEmptyLines;
  }

  get state(): State {
    return this.#state;
  }

  /** The one place where the state changes. */
  enter(input: Input): void {
    this.#state = next(this.#state, input);
    if (this.#held && this.#state !== 'HEAD') {
      this.#held.drop();
      this.#scan = undefined;
    }
    if (this.#doubt) this.octets += this.#doubt.octets;
    this.#doubt = undefined;
  }

  chunk(octets: Octets, moment: Moment): void {
    this.last = moment;
    const { bytes, end } = octets;
    let at = octets.start;
    while (at < end) at = this.#read(bytes, at, end, moment);
  }

  /** Reads some of the octets; if none, the state has changed. */
  #read(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
    switch (this.#state) {
      case 'IDLE':
        return this.#begin(bytes, at, end, moment);
      case 'HEAD':
        return this.#head(bytes, at, end);
      case 'BODY':
      case 'CHUNKED':
      case 'UNTIL-CLOSE':
        return this.#bodyBegun ? this.#body(bytes, at, end) : this.#bodyBegins(bytes, at, end, moment);
      case 'LOST':
        if (this.#reader.begins(bytes, at, end) === 'yes') {
          this.#reader.settle();
          this.enter('message-begins');
          return at;
        }
        return this.#passOver(at, end);
      default:
        return this.#passOver(at, end);
    }
  }

  #begin(bytes: Uint8Array, from: number, end: number, moment: Moment): number {
    let at = from;
    if (this.#skipEmptyLines) while (at < end && (bytes[at] === 0x0d || bytes[at] === 0x0a)) at++;
    this.offset += this.octets + at - from;
    this.octets = 0;
    if (at === end) return at;
    this.bodyOctets = 0;
    this.enter('octets');
    this.start = moment;
    this.#firstLineRead = false;
    this.#badTold = false;
    this.#reader.begun();
    return at;
  }

  #head(bytes: Uint8Array, from: number, to: number): number {
    if (this.#held && this.#held.length > 0) return this.#heldHead(this.#held, bytes, from, to);
    const limit = Math.min(to, from + HEAD_LIMIT);
    const scan = scanInOneChunk(bytes, from, limit);
    if (scan.end >= 0) return this.#complete(scan, bytes, from) ? scan.end : this.#passOver(scan.end, to);
    this.#held ??= new HeldOctets();
    this.#held.append(bytes, from, limit);
    this.octets += limit - from;
    this.#incomplete(scan, bytes, from, limit);
    return limit;
  }

  #heldHead(held: HeldOctets, bytes: Uint8Array, from: number, to: number): number {
    const before = held.length;
    this.#scan ??= scanOfItsOwn(held.bytes, before);
    const limit = Math.min(to, from + HEAD_LIMIT - before);
    held.append(bytes, from, limit);
    this.octets += limit - from;
    const end = this.#scan.scan(held.bytes, before, held.length);
    if (end < 0) {
      this.#incomplete(this.#scan, held.bytes, 0, held.length);
      return limit;
    }
    this.octets -= held.length; // counted again as a whole
    const next = from + end - before;
    // The marks are those of the last scan only: the head as a whole is scanned in one go.
    return this.#complete(scanInOneChunk(held.bytes, 0, end), held.bytes, 0) ? next : this.#passOver(next, to);
  }

  #passOver(from: number, to: number): number {
    this.octets += to - from;
    return to;
  }

  #incomplete(scan: HeadScan, bytes: Uint8Array, from: number, to: number): void {
    if (!this.#judge(scan, bytes, from, to) || to - from < HEAD_LIMIT) return;
    const text = `no end of head within ${HEAD_LIMIT} octets`;
    this.#reader.fault('head-too-big', '', sampleOf(bytes, from, to), HEAD_LIMIT, text);
    this.enter('place-lost');
  }

  /** True if the head is one, and its body comes next. */
  #complete(scan: HeadScan, bytes: Uint8Array, from: number): boolean {
    const to = scan.end;
    this.octets += to - from;
    if (!this.#judge(scan, bytes, from, to)) return false;
    const framing = this.#reader.head({ bytes, from, to, scan });
    if (framing === 'chunked') {
      this.#chunks ??= new TransferChunks();
      this.#chunks.begin();
    }
    this.#bodyBegun = false;
    this.enter(afterHead(framing));
    if (framing === 'none' || framing === 'tunnel') this.#reader.ended();
    return true;
  }

  /** Tells what is wrong with the head so far. False: it is none. */
  #judge(scan: HeadScan, bytes: Uint8Array, from: number, to: number): boolean {
    if (!this.#firstLineRead) {
      const refused = this.#reader.firstLine(bytes, from, scan.firstLineEnd, to);
      if (refused) {
        this.enter(refused);
        return false;
      }
      this.#firstLineRead = scan.firstLineEnd >= 0;
    }
    if (scan.badAt >= 0 && !this.#badTold) {
      this.#badTold = true;
      const sample = sampleOf(bytes, scan.badFrom, scan.badAt + 1);
      this.#reader.fault('header-line', scan.bad, sample, scan.badAt - from, BAD_LINE[scan.bad]);
    }
    return true;
  }

  #bodyBegins(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
    if (!this.#reader.maybeBodiless()) {
      this.#resolveDoubt('no');
      return this.#body(bytes, at, end);
    }
    // Nearly always the first octets tell: then they are not kept.
    const first = this.#doubt ? 'more' : doubtOf(this.#reader, bytes, at, end);
    if (first === 'more') this.#doubt ??= new Doubt();
    const to = this.#doubt ? this.#doubt.keep(bytes, at, end, moment) : at;
    const answer = this.#doubt ? this.#doubt.answer(this.#reader) : first;
    if (answer !== 'more') this.#resolveDoubt(answer);
    return to;
  }

  #resolveDoubt(nextMessage: 'yes' | 'no'): void {
    this.#bodyBegun = true;
    const doubt = this.#doubt;
    this.#doubt = undefined;
    if (nextMessage === 'yes') {
      this.#reader.ended();
      this.enter('message-begins');
    }
    for (let at = 0; doubt && at < doubt.octets; ) at = this.#read(doubt.bytes, at, doubt.octets, doubt.since);
  }

  #body(bytes: Uint8Array, at: number, end: number): number {
    if (this.#state === 'CHUNKED') return this.#chunked(bytes, at, end);
    const known = this.#state === 'BODY';
    const length = known ? Math.min(end - at, this.left) : end - at;
    this.#pass(length);
    if (known && this.left === 0) this.#bodyEnds();
    return at + length;
  }

  #pass(length: number): void {
    this.octets += length;
    this.bodyOctets += length;
    this.left -= length;
  }

  #chunked(bytes: Uint8Array, at: number, end: number): number {
    const chunks = this.#chunks as TransferChunks;
    const next = chunks.read(bytes, at, end);
    this.octets += next - at;
    this.bodyOctets = chunks.contentOctets;
    if (chunks.bad) {
      const sample = sampleOf(bytes, next - 1, end);
      this.#reader.fault('chunk', '', sample, this.octets - 1, 'the chunked transfer coding is broken');
      this.enter('place-lost');
      return this.#passOver(next, end);
    }
    if (chunks.done) this.#bodyEnds();
    return next;
  }

  #bodyEnds(): void {
    this.enter('body-ends');
    this.#reader.ended();
  }

  gap(length: number, why: GapWhy, moment: Moment): void {
    this.last = moment;
    this.#resolveDoubt('no');
    switch (this.#state) {
      case 'HEAD':
        this.octets += length;
        this.#cutHead(why);
        this.#lose(length);
        return;
      case 'BODY':
        if (length <= this.left) {
          this.#pass(length);
          if (this.left === 0) this.#bodyEnds();
          return;
        }
        this.#pass(this.left);
        this.#bodyEnds();
        break;
      case 'CHUNKED':
        if (this.#chunks?.gap(length)) {
          this.bodyOctets = this.#chunks.contentOctets;
          this.octets += length;
          return;
        }
        break;
      case 'UNTIL-CLOSE':
        this.#pass(length);
        return;
      case 'GARBAGE':
      case 'TUNNEL':
      case 'CLOSED':
        this.octets += length;
        return;
    }
    this.octets += length;
    this.#lose(length);
  }

  #lose(length: number): void {
    this.enter('place-lost');
    this.#reader.lost(length);
  }

  /** The head under way, of which some octets are held, ends here: by a gap or a close. */
  #cutHead(why: GapWhy | 'closed'): void {
    const { bytes, length } = this.#held as HeldOctets;
    this.#reader.headCut({ bytes, from: 0, to: length, scan: scanInOneChunk(bytes, 0, length) }, why);
  }

  close(): void {
    this.#resolveDoubt('no');
    if (this.#state === 'HEAD') this.#cutHead('closed');
    this.enter('closed');
  }
}
