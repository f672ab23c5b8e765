/**
 * The newest frames of a stream that cannot be read twice, for evidence: octets in one ring, the oldest overwritten.
 * Bounded by octets and by frames.
 */
import { octetsOf } from '../model/octets.ts';
import type { Frame } from '../model/source-record.ts';

/** Seconds of a busy gateway, minutes of a quiet one. */
export const RING_OCTETS: number = 16 * 1024 * 1024;
export const RING_FRAMES = 65_536;

interface Kept {
  readonly number: number;
  readonly at: number;
  readonly linkType: number;
  readonly interfaceId: number;
  readonly wireLength: number;
  readonly start: number;
  readonly end: number;
}

export class FrameRing {
  readonly #bytes = new Uint8Array(RING_OCTETS);
  readonly #frames: (Kept | undefined)[] = [];
  /** Octets and frames ever kept: positions in the ring, before they are wrapped. */
  #written = 0;
  #count = 0;

  /** The frame is borrowed: copied. */
  keep(frame: Frame): void {
    const { bytes, start, end } = frame.octets;
    const length = end - start;
    if (length > RING_OCTETS) return;
    // A frame lies in one piece: what is left at the end of the ring stays empty.
    if ((this.#written % RING_OCTETS) + length > RING_OCTETS)
      this.#written += RING_OCTETS - (this.#written % RING_OCTETS);
    const from = this.#written;
    this.#bytes.set(bytes.subarray(start, end), from % RING_OCTETS);
    this.#written += length;
    const { number, at, linkType, interfaceId, wireLength } = frame;
    this.#frames[this.#count++ % RING_FRAMES] = {
      number,
      at,
      linkType,
      interfaceId,
      wireLength,
      start: from,
      end: this.#written,
    };
  }

  /** All that are still there, oldest first; borrowed. */
  replay(give: (frame: Frame) => void): void {
    const octets = octetsOf(this.#bytes);
    for (let n = Math.max(0, this.#count - RING_FRAMES); n < this.#count; n++) {
      const kept = this.#frames[n % RING_FRAMES];
      if (!kept || kept.start < this.#written - RING_OCTETS) continue;
      const { number, at, linkType, interfaceId, wireLength, start, end } = kept;
      octets.start = start % RING_OCTETS;
      octets.end = octets.start + end - start;
      give({ number, at, linkType, interfaceId, wireLength, octets });
    }
  }
}
