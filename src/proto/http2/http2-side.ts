/** One direction of an HTTP/2 connection: frames, header blocks, what each stream sent. */
import type { Field } from '../../model/message.ts';
import { type Foreign, foreign, sampleOf } from '../foreign.ts';
import { FramedStream, type FrameReader } from '../framed-stream.ts';
import { HeldOctets } from '../held-octets.ts';
import type { Recognition } from '../protocol.ts';
import * as frames from './frame.ts';
import { Hpack } from './hpack.ts';

/** Octets of a header block that are kept; the largest lists that servers take by default are 16 KiB (Go: 1 MiB). */
export const BLOCK_LIMIT = 64 * 1024;
/** Octets of SETTINGS that are read: ten times the six that are defined. */
const SETTINGS_WANTED = 60 * 6;
const SETTINGS_MAX_FRAME_SIZE = 5;
const SETTING = 6;
/** RFC 9113 4.2: no frame is larger, whatever is announced. */
const FRAME_LIMIT = 0xffffff;

/** What a side tells the dialogue. */
export interface Http2Listener {
  /** A HEADERS frame begins. */
  headersBegin(stream: number): void;
  /** A header block is complete; `undefined`: it cannot be read. */
  headers(stream: number, fields: readonly Field[] | undefined, octets: number, ends: boolean): void;
  data(stream: number, length: number): void;
  /** END_STREAM, and all octets before it. */
  streamEnds(stream: number): void;
  streamReset(stream: number, code: number): void;
  goaway(lastStream: number, code: number): void;
  /** What this side takes from the other. */
  maxFrameSize(octets: number): void;
  fault(detail: string, sample: string, text: string): void;
  otherProtocol(detail: Foreign, sample: string): void;
  lost(octets: number): void;
}

export class Http2Side implements FrameReader {
  readonly stream: FramedStream = new FramedStream(frames.FRAME_HEADER, this);
  wanted = 0;
  /** Largest frame that the other side takes. */
  limit = frames.FRAME_SIZE;
  readonly #listener: Http2Listener;
  readonly #client: boolean;
  readonly #hpack = new Hpack();
  readonly #block = new HeldOctets();
  #blockStream = 0;
  #blockEnds = false;
  #blockOctets = 0;
  #head: frames.FrameHead = { length: 0, type: 0, flags: 0, stream: 0 };
  #frames = 0;

  constructor(client: boolean, listener: Http2Listener) {
    this.#client = client;
    this.#listener = listener;
  }

  /** It has said something before that nobody heard. */
  meetInMidst(): void {
    this.stream.meetInMidst();
    this.#lose();
  }

  fits(bytes: Uint8Array, from: number, to: number, afterGap: boolean): Recognition {
    if (afterGap) return frames.beginsFrame(bytes, from, to, this.limit);
    if (to - from >= 3 && frames.lengthOf(bytes, from) > this.limit) return 'no';
    return to - from < frames.FRAME_HEADER ? 'more' : 'yes';
  }

  frame(header: Uint8Array): number {
    this.#frames++;
    this.#head = frames.frameHead(header, 0);
    const { length, type, stream } = this.#head;
    const flaw = frames.flawOf(this.#head);
    if (flaw) this.#listener.fault(flaw, sampleOf(header, 0, header.length), 'a frame that RFC 9113 6 forbids');
    this.wanted = flaw ? 0 : this.#wants(length);
    if (flaw) return length;
    if (type === frames.HEADERS) this.#listener.headersBegin(stream);
    if (type === frames.HEADERS && length === 0) this.#blockBegins(header, 0);
    if (type === frames.DATA) this.#listener.data(stream, length);
    if (type === frames.PUSH_PROMISE && !this.#client) {
      this.#listener.fault('push-promise', sampleOf(header, 0, header.length), 'a push that was not allowed');
    }
    return length;
  }

  #wants(length: number): number {
    switch (this.#head.type) {
      case frames.HEADERS:
      case frames.CONTINUATION:
      case frames.PUSH_PROMISE:
        return Math.min(length, BLOCK_LIMIT);
      case frames.SETTINGS:
        return Math.min(length, SETTINGS_WANTED);
      case frames.RST_STREAM:
        return 4;
      case frames.GOAWAY:
        return 8;
      default:
        return 0;
    }
  }

  contents(bytes: Uint8Array, length: number): void {
    const { type, stream } = this.#head;
    if (isBlock(type) && length < this.#head.length) {
      this.#lose();
      return;
    }
    if (length < this.wanted) return;
    switch (type) {
      case frames.HEADERS:
      case frames.PUSH_PROMISE:
        this.#blockBegins(bytes, length);
        return;
      case frames.CONTINUATION:
        if (stream === this.#blockStream) this.#append(bytes, 0, length);
        return;
      case frames.SETTINGS:
        this.#settings(bytes, length);
        return;
      case frames.RST_STREAM:
        this.#listener.streamReset(stream, frames.word(bytes, 0));
        return;
      case frames.GOAWAY:
        this.#listener.goaway(frames.word(bytes, 0) & 0x7fffffff, frames.word(bytes, 4));
        return;
    }
  }

  /** The block lies between padding length, priority or promised stream, and padding. */
  #blockBegins(bytes: Uint8Array, length: number): void {
    const { type, flags, stream } = this.#head;
    const padded = (flags & frames.PADDED) !== 0;
    let from = padded ? 1 : 0;
    if (type === frames.PUSH_PROMISE) from += 4;
    else if (flags & frames.PRIORITY) from += 5;
    const to = length - (padded ? (bytes[0] as number) : 0);
    this.#block.drop();
    this.#blockStream = stream;
    this.#blockEnds = type === frames.HEADERS && (flags & frames.END_STREAM) !== 0;
    this.#blockOctets = 0;
    if (from <= to) this.#append(bytes, from, to);
    else this.#listener.fault('length', sampleOf(bytes, 0, length), 'more padding than frame');
  }

  #append(bytes: Uint8Array, from: number, to: number): void {
    this.#blockOctets += frames.FRAME_HEADER + this.#head.length;
    if (this.#block.length + to - from <= BLOCK_LIMIT) this.#block.append(bytes, from, to);
    else this.#lose();
  }

  #settings(bytes: Uint8Array, length: number): void {
    for (let at = 0; at + SETTING <= length; at += SETTING) {
      const id = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      const value = frames.word(bytes, at + 2);
      if (id === SETTINGS_MAX_FRAME_SIZE && value <= FRAME_LIMIT) this.#listener.maxFrameSize(value);
    }
  }

  ended(): void {
    const { type, flags, stream } = this.#head;
    if (isBlock(type) && flags & frames.END_HEADERS && stream === this.#blockStream) this.#blockIsComplete(stream);
    if (type === frames.DATA && flags & frames.END_STREAM) this.#listener.streamEnds(stream);
  }

  #blockIsComplete(stream: number): void {
    const { bytes, length } = this.#block;
    const block = this.#hpack.read(bytes, 0, length);
    this.#block.drop();
    this.#blockStream = 0;
    if (!block) {
      this.#listener.fault('hpack', '', 'a header block that RFC 7541 forbids');
      this.#lose();
    }
    if (this.#head.type === frames.PUSH_PROMISE) return;
    this.#listener.headers(stream, block?.fields, this.#blockOctets, this.#blockEnds);
    if (this.#blockEnds) this.#listener.streamEnds(stream);
  }

  #lose(): void {
    this.#hpack.lose();
    this.#block.drop();
    this.#blockStream = 0;
  }

  refused(bytes: Uint8Array, from: number, to: number, last: boolean): boolean {
    const looks = this.#frames === 0 ? foreign(bytes, from, to) : 'unknown';
    if (looks === undefined && !last) return false;
    const sample = sampleOf(bytes, from, to);
    if (looks !== undefined && looks !== 'unknown') this.#listener.otherProtocol(looks, sample);
    else this.#listener.fault('too-large', sample, 'a frame larger than was announced');
    return true;
  }

  lost(octets: number): void {
    this.#lose();
    this.#listener.lost(octets);
  }
}

function isBlock(type: number): boolean {
  return type === frames.HEADERS || type === frames.CONTINUATION || type === frames.PUSH_PROMISE;
}
