/**
 * One direction of a protocol of frames: a header of fixed size that tells the length of what follows (TLS records,
 * HTTP/2 frames). Headers are read, contents are stepped over by arithmetic; only what is asked for is copied.
 */
import type { Octets } from '../model/octets.ts';
import { SAMPLE_LIMIT } from './foreign.ts';
import { HeldOctets } from './held-octets.ts';
import type { Recognition } from './protocol.ts';

export interface FrameReader {
  /** Could these octets be a frame's header? Asked for each piece of it, and after a gap. */
  fits(bytes: Uint8Array, from: number, to: number, afterGap: boolean): Recognition;
  /** A header is complete; borrowed. Returns the length of what follows it. */
  frame(header: Uint8Array): number;
  /** How many octets of the frame just begun are wanted. */
  readonly wanted: number;
  /** The wanted octets are complete, or as many as will come; borrowed. */
  contents(bytes: Uint8Array, length: number): void;
  /** The frame is over. */
  ended(): void;
  /** The octets are no frame's header; false asks for more of them, unless they are the `last`. */
  refused(bytes: Uint8Array, from: number, to: number, last: boolean): boolean;
  lost(octets: number): void;
}

export class FramedStream {
  readonly #reader: FrameReader;
  readonly #header: Uint8Array;
  readonly #held = new HeldOctets();
  #state: 'header' | 'contents' | 'lost' | 'refused' | 'mute' = 'header';
  #headerLength = 0;
  /** Octets of the frame still to come, and how many of them are wanted. */
  #left = 0;
  #wanted = 0;

  constructor(headerLength: number, reader: FrameReader) {
    this.#reader = reader;
    this.#header = new Uint8Array(headerLength);
  }

  /** The first octets need not begin a frame: the first chunk that does is waited for. */
  meetInMidst(): void {
    this.#state = 'lost';
  }

  /** Nothing of this direction is looked at any more. */
  mute(): void {
    if (this.#state === 'refused') this.#reader.refused(this.#held.bytes, 0, this.#held.length, true);
    this.#state = 'mute';
    this.#held.drop();
  }

  chunk({ bytes, start, end }: Octets): void {
    let at = start;
    while (at < end) {
      if (this.#state === 'contents') at = this.#contents(bytes, at, end);
      else if (this.#state === 'header') at = this.#readHeader(bytes, at, end);
      else if (this.#state === 'refused') at = this.#refuse(bytes, at, end);
      else if (this.#state === 'lost' && this.#reader.fits(bytes, at, end, true) === 'yes') this.#nextFrame();
      else return;
    }
  }

  #nextFrame(): void {
    this.#state = 'header';
    this.#headerLength = 0;
  }

  #readHeader(bytes: Uint8Array, from: number, end: number): number {
    const held = this.#headerLength;
    const to = Math.min(end, from + this.#header.length - held);
    for (let at = from; at < to; at++) this.#header[this.#headerLength++] = bytes[at] as number;
    const fits = this.#reader.fits(this.#header, 0, this.#headerLength, false);
    if (fits === 'yes') this.#begin();
    if (fits !== 'no') return to;
    this.#held.append(this.#header, 0, held);
    this.#state = 'refused';
    return this.#refuse(bytes, from, end);
  }

  /** Octets that begin no frame are held until they can be named, which takes a few. */
  #refuse(bytes: Uint8Array, from: number, end: number): number {
    this.#held.append(bytes, from, Math.min(end, from + SAMPLE_LIMIT));
    if (this.#reader.refused(this.#held.bytes, 0, this.#held.length, false)) {
      this.#state = 'mute';
      this.#held.drop();
    }
    return end;
  }

  #begin(): void {
    this.#left = this.#reader.frame(this.#header);
    this.#state = 'contents';
    this.#wanted = Math.min(this.#left, this.#reader.wanted);
    if (this.#left === 0) this.#end();
  }

  #contents(bytes: Uint8Array, from: number, end: number): number {
    const to = Math.min(end, from + this.#left);
    this.#left -= to - from;
    if (this.#wanted > 0) this.#take(bytes, from, to);
    if (this.#left === 0) this.#end();
    return to;
  }

  /** Contents that lie in one chunk are read where they lie. */
  #take(bytes: Uint8Array, from: number, to: number): void {
    const held = this.#held;
    const taken = Math.min(to - from, this.#wanted - held.length);
    if (taken === this.#wanted) {
      this.#give(bytes.subarray(from, from + taken), taken);
      return;
    }
    held.append(bytes, from, from + taken);
    if (held.length === this.#wanted) this.#give(held.bytes, held.length);
  }

  #give(bytes: Uint8Array, length: number): void {
    this.#wanted = 0;
    this.#reader.contents(bytes, length);
    this.#held.drop();
  }

  #end(): void {
    if (this.#state !== 'contents') return;
    this.#nextFrame();
    this.#reader.ended();
  }

  gap(length: number): void {
    if (this.#state === 'refused') this.mute();
    if (this.#state === 'mute') return;
    const inside = this.#state === 'contents' && length <= this.#left;
    if (this.#wanted > 0) this.#give(this.#held.bytes, this.#held.length);
    if (inside) {
      this.#left -= length;
      if (this.#left === 0) this.#end();
      return;
    }
    this.#state = 'lost';
    this.#reader.lost(length);
  }
}
