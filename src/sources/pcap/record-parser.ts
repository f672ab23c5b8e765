/** What the readers of both formats have in common. */
import type { Octets } from '../../model/octets.ts';

export interface RecordParser {
  /**
   * Octets, counted from the first one not consumed, without which `parse` cannot go on. Comes from a header and may be
   * a lie: nobody sets memory aside for it before the octets are there.
   */
  readonly need: number;
  /**
   * Hands on every whole record and moves `octets.start` behind the last one. `offset` is that of `octets.start` in the
   * capture. Afterwards there is damage, or `need` is more than the octets left.
   */
  parse(octets: Octets, offset: number): void;
}

/**
 * The largest record believed. No link layer has frames of this size (BIG TCP reaches 512 KiB); libpcap gives up at the
 * same size (INITIAL_MAX_BLOCKSIZE), and a damaged length is nearly always far larger.
 */
export const MAX_RECORD: number = 16 * 1024 * 1024;
