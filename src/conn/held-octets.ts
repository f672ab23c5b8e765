/**
 * The octets of one direction that came before their turn, in order and without overlap: where two segments carry the
 * same octets, the first copy wins. Positions count octets from the start of the stream, so nothing wraps here.
 */
import { copyOctets, type Octets } from '../model/octets.ts';
import { HELD_OVERHEAD } from './limits.ts';

interface HeldPiece {
  readonly position: number;
  /** Octets on the wire; `octets` may be shorter where the snap length cut them. */
  readonly length: number;
  readonly octets: Uint8Array;
}

export class HeldOctets {
  /** What they cost: octets and overhead. */
  cost = 0;
  readonly #pieces: HeldPiece[] = [];

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
        const kept = copyOctets(octets.bytes, Math.min(start, octets.end), Math.min(start + until - from, octets.end));
        this.#pieces.splice(at++, 0, { position: from, length: until - from, octets: kept });
        this.cost += kept.length + HELD_OVERHEAD;
        fresh += until - from;
      }
      if (piece === undefined || piece.position >= end) break;
      from = Math.max(from, piece.position + piece.length);
      at++;
    }
    return fresh;
  }

  /** Takes the first piece out where it starts at `position`. */
  take(position: number): HeldPiece | undefined {
    const piece = this.#pieces[0];
    if (piece?.position !== position) return undefined;
    this.#pieces.shift();
    this.cost -= piece.octets.length + HELD_OVERHEAD;
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
