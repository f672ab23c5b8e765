/**
 * A pcapng stream cut into runs of whole blocks with their times, without reading what is in them: for whoever passes on a part
 * of it. Blocks that describe (sections, interfaces, and what the kernel told before the first packet: which probes there are,
 * who listens) are handed out by themselves: every part needs them.
 */

/** Of the first and the last packet, in nanoseconds since 1970 as the stream has them, to some hundreds. */
export interface BlockRun {
  readonly octets: Uint8Array;
  readonly first: number;
  readonly last: number;
}

export interface BlockRunSink {
  describes(block: Uint8Array): void;
  run(run: BlockRun): void;
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const JOURNAL_EXPORT = 9;
/** Journal entries that may describe a section: listeners and open connections, at most 256 of each, and some more. */
export const OPENING_LIMIT = 1024;
/** Type, length, and the length once more. */
const SMALLEST_BLOCK = 12;
/** Of a block whose time is read: the upper and the lower half follow the interface. */
const TIME_AT = 12;
/** Nothing that the capture program writes is larger; a length beyond it is no length. */
export const LARGEST_BLOCK: number = 4 * 1024 * 1024;

/** Of a little-endian stream in nanoseconds, as the capture program and the engines write it. */
export class BlockRuns {
  readonly #sink: BlockRunSink;
  /** The beginning of a block whose rest has not come yet. */
  #held: Buffer = Buffer.alloc(0);
  #last = 0;
  /** Journal entries that may still come to describe the section that is read; none once it has a packet. */
  #opening = OPENING_LIMIT;
  /** It made no sense: nothing more is handed out. */
  broken = false;

  constructor(sink: BlockRunSink) {
    this.#sink = sink;
  }

  /** Takes the next octets; they are kept where they lie, and must not be overwritten. */
  push(piece: Uint8Array): void {
    if (this.broken) return;
    const octets =
      this.#held.length === 0
        ? Buffer.from(piece.buffer, piece.byteOffset, piece.length)
        : Buffer.concat([this.#held, piece]);
    const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
    let from = 0;
    let at = 0;
    let first = Number.NaN;
    const hand = (): void => {
      if (at > from)
        this.#sink.run({
          octets: octets.subarray(from, at),
          first: Number.isNaN(first) ? this.#last : first,
          last: this.#last,
        });
      first = Number.NaN;
    };
    while (at + SMALLEST_BLOCK <= octets.length) {
      const type = view.getUint32(at, true);
      const length = view.getUint32(at + 4, true);
      if (length < SMALLEST_BLOCK || length > LARGEST_BLOCK || length % 4 !== 0) {
        this.broken = true;
        break;
      }
      if (at + length > octets.length) break;
      if (type === SECTION_HEADER) this.#opening = OPENING_LIMIT;
      if (type === ENHANCED_PACKET) this.#opening = 0;
      if (this.#describes(type)) {
        hand();
        this.#sink.describes(octets.subarray(at, at + length));
        from = at + length;
      } else if (type === ENHANCED_PACKET && length >= TIME_AT + 8 + SMALLEST_BLOCK) {
        this.#last = view.getUint32(at + TIME_AT, true) * 2 ** 32 + view.getUint32(at + TIME_AT + 4, true);
        if (Number.isNaN(first)) first = this.#last;
      }
      at += length;
    }
    hand();
    this.#held = Buffer.from(octets.subarray(at));
  }

  #describes(type: number): boolean {
    if (type === JOURNAL_EXPORT && this.#opening > 0) {
      this.#opening--;
      return true;
    }
    return type === SECTION_HEADER || type === INTERFACE_DESCRIPTION;
  }
}
