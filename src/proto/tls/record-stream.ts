/**
 * Records of one direction (RFC 8446 5.1; the same since SSL 3.0): headers are read, contents are stepped over by their
 * length. Only what is asked for is copied.
 */
import type { Octets } from '../../model/octets.ts';
import { SAMPLE_LIMIT } from '../foreign.ts';
import { HeldOctets } from '../held-octets.ts';

export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;

const HEADER = 5;
const MAJOR = 3;
const MINOR_LIMIT = 4;
/** TLSCiphertext.length in TLS 1.2 (RFC 5246 6.2.3), the largest of all versions: 2^14 + 2048. */
export const RECORD_LIMIT = 16384 + 2048;

export interface RecordReader {
  /** A record begins. Returns how many octets of its contents are wanted. */
  record(type: number, length: number): number;
  /** The wanted octets are complete, or as many as will come; borrowed. */
  contents(type: number, bytes: Uint8Array, length: number): void;
  /** The octets begin no record; false asks for more of them, unless they are the `last`. */
  noRecord(bytes: Uint8Array, from: number, to: number, last: boolean): boolean;
  lost(octets: number): void;
}

/** Could these octets begin a record? `more`: so far they could. */
export function beginsRecord(bytes: Uint8Array, from: number, to: number): 'yes' | 'no' | 'more' {
  if (from >= to) return 'more';
  const type = bytes[from] as number;
  if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) return 'no';
  if (from + 1 < to && bytes[from + 1] !== MAJOR) return 'no';
  if (from + 2 < to && (bytes[from + 2] as number) > MINOR_LIMIT) return 'no';
  if (from + HEADER > to) return 'more';
  const length = lengthAt(bytes, from);
  return length > 0 && length <= RECORD_LIMIT ? 'yes' : 'no';
}

function lengthAt(bytes: Uint8Array, from: number): number {
  return ((bytes[from + 3] as number) << 8) | (bytes[from + 4] as number);
}

export class RecordStream {
  readonly #reader: RecordReader;
  readonly #header = new Uint8Array(HEADER);
  readonly #held = new HeldOctets();
  #state: 'header' | 'contents' | 'lost' | 'refused' | 'mute' = 'header';
  #headerLength = 0;
  #type = 0;
  /** Octets of the record still to come, and how many of them are wanted. */
  #left = 0;
  #wanted = 0;

  constructor(reader: RecordReader) {
    this.#reader = reader;
  }

  /** Nothing of this direction is looked at any more. */
  mute(): void {
    if (this.#state === 'refused') this.#reader.noRecord(this.#held.bytes, 0, this.#held.length, true);
    this.#state = 'mute';
    this.#held.drop();
  }

  chunk(octets: Octets): void {
    const { bytes, end } = octets;
    let at = octets.start;
    while (at < end) {
      if (this.#state === 'contents') at = this.#contents(bytes, at, end);
      else if (this.#state === 'header') at = this.#readHeader(bytes, at, end);
      else if (this.#state === 'refused') at = this.#refuse(bytes, at, end);
      else if (this.#state === 'lost' && beginsRecord(bytes, at, end) === 'yes') this.#nextRecord();
      else return;
    }
  }

  #nextRecord(): void {
    this.#state = 'header';
    this.#headerLength = 0;
  }

  #readHeader(bytes: Uint8Array, from: number, end: number): number {
    const held = this.#headerLength;
    const to = Math.min(end, from + HEADER - held);
    for (let at = from; at < to; at++) this.#header[this.#headerLength++] = bytes[at] as number;
    const fits = beginsRecord(this.#header, 0, this.#headerLength);
    if (fits === 'yes') this.#begin();
    if (fits !== 'no') return to;
    this.#held.append(this.#header, 0, held);
    this.#state = 'refused';
    return this.#refuse(bytes, from, end);
  }

  /** Octets that begin no record are held until they can be named, which takes a few. */
  #refuse(bytes: Uint8Array, from: number, end: number): number {
    this.#held.append(bytes, from, Math.min(end, from + SAMPLE_LIMIT));
    if (this.#reader.noRecord(this.#held.bytes, 0, this.#held.length, false)) {
      this.#state = 'mute';
      this.#held.drop();
    }
    return end;
  }

  #begin(): void {
    this.#type = this.#header[0] as number;
    this.#left = lengthAt(this.#header, 0);
    this.#state = 'contents';
    this.#wanted = Math.min(this.#left, this.#reader.record(this.#type, this.#left));
  }

  #contents(bytes: Uint8Array, from: number, end: number): number {
    const to = Math.min(end, from + this.#left);
    this.#left -= to - from;
    if (this.#wanted > 0) this.#take(bytes, from, to);
    if (this.#left === 0) this.#nextRecord();
    return to;
  }

  #take(bytes: Uint8Array, from: number, to: number): void {
    const taken = Math.min(to - from, this.#wanted - this.#held.length);
    this.#held.append(bytes, from, from + taken);
    if (this.#held.length === this.#wanted) this.#giveContents();
  }

  #giveContents(): void {
    this.#wanted = 0;
    this.#reader.contents(this.#type, this.#held.bytes, this.#held.length);
    this.#held.drop();
  }

  gap(length: number): void {
    if (this.#state === 'refused') this.mute();
    if (this.#state === 'mute') return;
    if (this.#state === 'contents' && length <= this.#left) {
      this.#left -= length;
      if (this.#wanted > 0) this.#giveContents();
      if (this.#left === 0) this.#nextRecord();
      return;
    }
    if (this.#wanted > 0) this.#giveContents();
    this.#state = 'lost';
    this.#reader.lost(length);
  }
}
