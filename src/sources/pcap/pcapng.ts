/**
 * The pcapng format (draft-ietf-opsawg-pcapng): blocks, each with its type and, in front and behind, its length. Sections
 * may follow each other, each in its own byte order and with its own interfaces. Section lengths are not looked at: a
 * section ends where the next begins.
 */
import type { Octets } from '../../model/octets.ts';
import type { Reading } from './reading.ts';
import { MAX_RECORD, type RecordParser } from './record-parser.ts';
import { Section } from './section.ts';

/** The same in both byte orders. */
export const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Type, length and the length again: the smallest block there is. */
const MIN_BLOCK = 12;
const MIN_SECTION_HEADER = 28;
const MAJOR_VERSION = 1;

export class PcapngParser implements RecordParser {
  need: number = MIN_BLOCK;

  readonly #reading: Reading;
  #section: Section;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#section = new Section(reading, true, 0);
  }

  parse(octets: Octets, offset: number): void {
    const { view, start, end, bytes } = octets;
    const { frame } = this.#reading;
    frame.octets.bytes = bytes;
    frame.octets.view = view;
    this.need = MIN_BLOCK;
    let at = start;
    while (at + MIN_BLOCK <= end) {
      const fileOffset = offset + at - start;
      const begins = view.getUint32(at) === SECTION_HEADER;
      if (begins && !this.#readOrder(view, at, fileOffset)) break;
      const { little } = this.#section;
      const length = view.getUint32(at + 4, little);
      if (!this.#plausible(length, begins ? MIN_SECTION_HEADER : MIN_BLOCK, fileOffset)) break;
      if (at + length > end) {
        this.need = length;
        break;
      }
      if (view.getUint32(at + length - 4, little) !== length) {
        this.#fails(fileOffset, `a block is ${length} octets long in front and something else behind`);
        break;
      }
      const problem = begins ? this.#version(view, at) : this.#section.block(octets, at, at + length);
      if (problem !== undefined) {
        this.#fails(fileOffset, problem);
        break;
      }
      at += length;
    }
    octets.start = at;
  }

  /** A section header begins: from here on its byte order holds, and interfaces are counted anew. */
  #readOrder(view: DataView, at: number, offset: number): boolean {
    const little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
    if (!little && view.getUint32(at + 8) !== BYTE_ORDER_MAGIC) {
      return this.#fails(offset, 'a section header has no byte-order magic');
    }
    this.#section = new Section(this.#reading, little, this.#section.nextInterfaceId);
    return true;
  }

  #version(view: DataView, at: number): string | undefined {
    const { little } = this.#section;
    const major = view.getUint16(at + 12, little);
    if (major === MAJOR_VERSION) return undefined;
    return `pcapng version ${major}.${view.getUint16(at + 14, little)} is not known; 1.0 is`;
  }

  #plausible(length: number, least: number, offset: number): boolean {
    if (length >= least && length <= MAX_RECORD && length % 4 === 0) return true;
    return this.#fails(offset, `a block says that it is ${length} octets long`);
  }

  #fails(offset: number, text: string): false {
    this.#reading.damaged(offset, text);
    return false;
  }
}
