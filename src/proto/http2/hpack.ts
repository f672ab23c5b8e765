/**
 * HPACK (RFC 7541): header blocks of one direction. The dynamic table is the connection's memory; where octets were lost
 * its older part is unknown, and a field that refers to it is left out rather than guessed.
 */
import type { Field } from '../../model/message.ts';
import { latin1 } from '../latin1.ts';
import { huffmanText } from './huffman.ts';
import { STATIC_TABLE } from './static-table.ts';

/** SETTINGS_HEADER_TABLE_SIZE where nothing else was agreed (RFC 9113 6.5.2). */
const TABLE_SIZE = 4096;
/** The largest table that is believed: 16 times the default; gRPC and browsers use up to 64 KiB. */
export const TABLE_LIMIT = 65536;
/** RFC 7541 4.1: what an entry counts beside its octets. */
const ENTRY_OVERHEAD = 32;
/** Fields kept of one block; references make many fields of few octets. */
export const FIELDS_KEPT = 128;

/** A block as far as it could be read. */
export interface HeaderBlock {
  readonly fields: readonly Field[];
  /** Fields that refer to what was lost. */
  readonly unknown: number;
}

export class Hpack {
  /** Newest last. */
  readonly #table: Field[] = [];
  #size = 0;
  #limit = TABLE_SIZE;
  /** Entries older than those in the table were lost. */
  #lost = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  /** Octets of header blocks are missing: what they put into the table is not known. */
  lose(): void {
    this.#table.length = 0;
    this.#size = 0;
    this.#lost = true;
  }

  /** Reads a whole block; `undefined` where it breaks the rules, after which no block can be read. */
  read(bytes: Uint8Array, from: number, to: number): HeaderBlock | undefined {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
    const fields: Field[] = [];
    let unknown = 0;
    while (this.#at < this.#end) {
      const field = this.#next();
      if (field === undefined) return undefined;
      if (field === 'unknown') unknown++;
      else if (field !== 'none' && fields.length < FIELDS_KEPT) fields.push(field);
    }
    return { fields, unknown };
  }

  #next(): Field | 'unknown' | 'none' | undefined {
    const octet = this.#bytes[this.#at] as number;
    if (octet & 0x80) {
      const index = this.#integer(7);
      return index === undefined ? undefined : this.#entry(index);
    }
    if (octet & 0x40) return this.#literal(6, true);
    if (octet & 0x20) return this.#resize();
    return this.#literal(4, false);
  }

  #resize(): 'none' | undefined {
    const size = this.#integer(5);
    if (size === undefined || size > TABLE_LIMIT) return undefined;
    this.#limit = size;
    this.#evict();
    return 'none';
  }

  #literal(prefix: number, indexed: boolean): Field | 'unknown' | undefined {
    const index = this.#integer(prefix);
    if (index === undefined) return undefined;
    const entry = index === 0 ? undefined : this.#entry(index);
    if (index !== 0 && entry === undefined) return undefined;
    const name = typeof entry === 'object' ? entry.name : index === 0 ? this.#string() : '';
    const value = this.#string();
    if (name === undefined || value === undefined) return undefined;
    const field = { name, value };
    if (indexed) this.#insert(field);
    return entry === 'unknown' ? 'unknown' : field;
  }

  #entry(index: number): Field | 'unknown' | undefined {
    const fixed = STATIC_TABLE[index - 1];
    if (fixed) return fixed;
    const entry = this.#table[this.#table.length - (index - STATIC_TABLE.length)];
    // An entry whose name was lost stands in the table without one.
    if (entry) return entry.name === '' ? 'unknown' : entry;
    return this.#lost && index > 0 ? 'unknown' : undefined;
  }

  #insert(field: Field): void {
    this.#table.push(field);
    this.#size += sizeOf(field);
    this.#evict();
  }

  #evict(): void {
    while (this.#size > this.#limit) {
      const oldest = this.#table.shift();
      if (!oldest) return;
      this.#size -= sizeOf(oldest);
    }
  }

  /** RFC 7541 5.1; beyond 2^28 nothing is meant seriously. */
  #integer(prefix: number): number | undefined {
    const mask = 2 ** prefix - 1;
    let value = (this.#bytes[this.#at++] as number) & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      if (this.#at >= this.#end) return undefined;
      const octet = this.#bytes[this.#at++] as number;
      value += (octet & 0x7f) << shift;
      if (octet < 0x80) return value;
    }
    return undefined;
  }

  #string(): string | undefined {
    if (this.#at >= this.#end) return undefined;
    const coded = ((this.#bytes[this.#at] as number) & 0x80) !== 0;
    const length = this.#integer(7);
    if (length === undefined || length > this.#end - this.#at) return undefined;
    const from = this.#at;
    this.#at += length;
    return coded ? huffmanText(this.#bytes, from, this.#at) : latin1(this.#bytes, from, this.#at);
  }
}

function sizeOf({ name, value }: Field): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}
