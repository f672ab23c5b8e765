/**
 * A capture as it arrives, in pieces of any size, whichever format it is in. Records are read where they lie in the
 * piece; only one that straddles two pieces is joined, in a buffer that grows with the octets that came and never with
 * what a header promises.
 */
import { type Octets, octetsOf } from '../../model/octets.ts';
import { isPcapMagic, PcapParser } from './pcap.ts';
import { PcapngParser, SECTION_HEADER } from './pcapng.ts';
import type { Reading } from './reading.ts';
import type { RecordParser } from './record-parser.ts';

const MAGIC_OCTETS = 4;
/** Holds most records; doubled where one is larger. */
const FIRST_CAPACITY = 65_536;

export class CaptureStream {
  /** `undefined` until the first four octets are there. */
  format: 'pcap' | 'pcapng' | 'unknown' | undefined;

  readonly #reading: Reading;
  #parser: RecordParser | undefined;
  /** Of the first octet not consumed, from the start of the capture. */
  #offset = 0;
  /** The beginning of a record whose rest has not come yet. */
  readonly #held: Octets = octetsOf(new Uint8Array(FIRST_CAPACITY));

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#held.end = 0;
  }

  /** Octets of the capture that have come so far. */
  get received(): number {
    return this.#offset + this.#held.end;
  }

  /** Takes the next octets, borrowed for the call. After damage, or where the format is unknown, they are ignored. */
  push(piece: Uint8Array): void {
    const window = octetsOf(piece);
    while (window.start < window.end && !this.#over) {
      if (this.#held.end > 0) this.#complete(window);
      else {
        this.#parse(window);
        if (window.start < window.end && !this.#over) this.#hold(window, window.end - window.start);
      }
    }
  }

  /** No more octets will come. */
  end(): void {
    if (this.#over) return;
    const { end } = this.#held;
    if (!this.#parser) this.format = 'unknown';
    else if (this.#offset === 0) this.#reading.cutShort(0, 'the file ends inside its header');
    else if (end > 0) this.#reading.cutShort(this.#offset, `the file ends ${end} octets into a record`);
  }

  get #over(): boolean {
    return this.#reading.damage !== undefined || this.format === 'unknown';
  }

  /** Adds to the held octets what is missing of their record, and reads it. */
  #complete(window: Octets): void {
    const need = this.#parser?.need ?? MAGIC_OCTETS;
    this.#hold(window, Math.min(need - this.#held.end, window.end - window.start));
    if (this.#held.end < need) return;
    this.#parse(this.#held);
    // Either the record was consumed whole, or (its header being there now) more of it is needed.
    if (this.#held.start === this.#held.end) this.#held.end = 0;
    this.#held.start = 0;
  }

  #parse(octets: Octets): void {
    const before = octets.start;
    this.#parser ??= this.#recognise(octets);
    this.#parser?.parse(octets, this.#offset);
    this.#offset += octets.start - before;
  }

  #recognise(octets: Octets): RecordParser | undefined {
    if (octets.end - octets.start < MAGIC_OCTETS) return undefined;
    const magic = octets.view.getUint32(octets.start);
    this.format = isPcapMagic(magic) ? 'pcap' : magic === SECTION_HEADER ? 'pcapng' : 'unknown';
    if (this.format === 'unknown') return undefined;
    return this.format === 'pcap' ? new PcapParser(this.#reading) : new PcapngParser(this.#reading);
  }

  #hold(window: Octets, count: number): void {
    const held = this.#held;
    if (held.end + count > held.bytes.length) this.#grow(held.end + count);
    held.bytes.set(window.bytes.subarray(window.start, window.start + count), held.end);
    held.end += count;
    window.start += count;
  }

  #grow(least: number): void {
    const held = this.#held;
    let capacity = held.bytes.length;
    while (capacity < least) capacity *= 2;
    const grown = octetsOf(new Uint8Array(capacity));
    grown.bytes.set(held.bytes.subarray(0, held.end));
    held.bytes = grown.bytes;
    held.view = grown.view;
  }
}
