/**
 * Recognises a frame that the capture holds more than once: `-i any` behind a bridge or a veth pair, a mirror port that
 * sees both directions of a switch, two interfaces merged.
 *
 * The rule. A segment is a copy of one seen before on the same connection and direction with the same seq, ack, flags,
 * window and length, where
 * - both carry the same IPv4 identification other than 0, and lie at most `COPY_TIME` apart (a sender gives a
 *   retransmission a new identification); or
 * - neither has one (IPv6, or 0), they came by another interface or with another TTL, at most `COPY_TIME` apart; or
 * - neither has one and nothing tells them apart: at most `COPY_TIME_UNMARKED` apart, and the segment carries octets,
 *   SYN or FIN or RST (copies of bare ACKs are told from duplicate ACKs by nothing, and both are harmless).
 *
 * Seen segments are remembered in one table for all connections, the newest in each place: copies are
 * neighbours in time, so what a newer segment overwrote was too old to matter.
 */
import { FIN, RST, type Segment, SYN } from '../model/segment.ts';
import { COPY_TIME, COPY_TIME_UNMARKED } from './limits.ts';

/** Places: copies follow within some hundred frames. 192 KiB in all, so that it stays in a processor's cache. */
const PLACES = 1 << 13;
/** Words of a place: seq, ack, a hash of all other fields, interface and TTL. */
const PLACE_WORDS = 4;

function mix(word: number): number {
  const mixed = Math.imul(word ^ (word >>> 16), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** All but seq and ack in one word. The products do not wait for each other. */
function restOf({ flags, window, length, ipId }: Segment, flow: number): number {
  const header = Math.imul((flags << 24) ^ (window << 8), 0x7feb352d);
  return Math.imul(flow, 0x9e3779b1) ^ header ^ Math.imul((length << 16) ^ ipId, 0x846ca68b);
}

export class CaptureCopies {
  readonly #seen = new Int32Array(PLACES * PLACE_WORDS);
  readonly #times = new Float64Array(PLACES).fill(Number.NEGATIVE_INFINITY);

  /** True where `segment` repeats a frame already seen; it is remembered otherwise. `flow` names connection and direction. */
  isCopy(segment: Segment, flow: number): boolean {
    const seq = segment.seq | 0;
    const ack = segment.ack | 0;
    const rest = restOf(segment, flow);
    const origin = (segment.interfaceId << 8) | segment.ttl;
    const place = mix(rest ^ Math.imul(seq, 0x85ebca77) ^ Math.imul(ack, 0xc2b2ae3d)) & (PLACES - 1);
    const seen = this.#seen;
    const times = this.#times;
    const at = place * PLACE_WORDS;
    if (seen[at] === seq && seen[at + 1] === ack && seen[at + 2] === rest) {
      const apart = Math.abs(segment.at - (times[place] as number));
      if (apart <= allowed(segment, origin !== seen[at + 3])) return true;
    }
    seen[at] = seq;
    seen[at + 1] = ack;
    seen[at + 2] = rest;
    seen[at + 3] = origin;
    times[place] = segment.at;
    return false;
  }
}

function allowed(segment: Segment, marked: boolean): number {
  if (segment.ipId > 0 || marked) return COPY_TIME;
  const says = segment.length > 0 || (segment.flags & (SYN | FIN | RST)) !== 0;
  return says ? COPY_TIME_UNMARKED : Number.NEGATIVE_INFINITY;
}
