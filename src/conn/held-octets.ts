/**
 * The octets of one direction that came before their turn, in order and without overlap: where two segments carry the
 * same octets, the first copy wins. Positions count octets from the start of the stream, so nothing wraps here.
 */
import type { Octets } from '../model/octets.ts';
import { HELD_OVERHEAD } from './limits.ts';
import type { OctetCopies } from './octet-copies.ts';

interface HeldPiece {
  readonly position: number;
  /** Octets on the wire; `octets` may be shorter where the snap length cut them. */
  readonly length: number;
  readonly octets: Octets;
}

/** What a piece costs: the array that holds it, and overhead. */
export function costOf({ octets }: HeldPiece): number {
  return octets.bytes.length + HELD_OVERHEAD;
}

export class HeldOctets {
  /** What they cost: octets and overhead. */
  cost = 0;
  readonly #copies: OctetCopies;
  readonly #pieces: HeldPiece[] = [];

  constructor(copies: OctetCopies) {
    this.#copies = copies;
  }

  get empty(): boolean {
    return this.#pieces.length === 0;
  }

  /** Position of the first octet held; infinity where there is none. */
  get first(): number {
    return this.#pieces[0]?.position ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Copies what is new of `length` octets at `position`, of which `octets` are at hand. Returns how many were new.
   */
  insert(position: number, length: number, octets: Octets): number {
    const end = position + length;
    let at = this.#firstBeyond(position);
    let from = position;
    let fresh = 0;
    while (from < end) {
      const piece = this.#pieces[at];
      const until = Math.min(end, piece?.position ?? end);
      if (until > from) {
        const start = octets.start + (from - position);
        const stop = Math.min(start + until - from, octets.end);
        const copy = this.#copies.copy(octets.bytes, Math.min(start, octets.end), stop);
        const kept: HeldPiece = { position: from, length: until - from, octets: copy };
        this.#pieces.splice(at++, 0, kept);
        this.cost += costOf(kept);
        fresh += until - from;
      }
      if (piece === undefined || piece.position >= end) break;
      from = Math.max(from, piece.position + piece.length);
      at++;
    }
    return fresh;
  }

  /** Takes the first piece out where it starts at `position`; whoever is done with it gives its octets back. */
  take(position: number): HeldPiece | undefined {
    const piece = this.#pieces[0];
    if (piece?.position !== position) return undefined;
    this.#pieces.shift();
    this.cost -= costOf(piece);
    return piece;
  }

  /** Index of the first piece that ends after `position`. */
  #firstBeyond(position: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = this.#pieces[middle] as HeldPiece;
      if (piece.position + piece.length > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
