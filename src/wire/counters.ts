/** What became of the frames: each is counted under `frames` and under exactly one of the others but `shortened`. */
import { LAYERS, type Layer } from './walk.ts';

export interface WireCounters {
  frames: number;
  segments: number;
  /** Of the segments: those of which the capture holds fewer payload octets than the wire carried. */
  shortened: number;
  datagrams: number;
  unreachables: number;
  neighbours: number;
  /** Pieces of fragmented IP packets; they are not put together. */
  fragments: number;
  /** Link types that are not decoded. */
  otherLink: number;
  /** Neither IPv4, IPv6 nor ARP for IPv4. */
  otherEtherType: number;
  /** Neither TCP, UDP nor ICMP, or tunnelled too deep. */
  otherProtocol: number;
  /** UDP, but not a resolver's. */
  otherDatagram: number;
  otherIcmp: number;
  /** The snap length ended the frame before its headers end. */
  cut: number;
  /** Headers that break a rule, by the layer they belong to. */
  malformed: Record<Layer, number>;
}

/** What a frame that could be read turned out to be. */
export type Outcome = Exclude<keyof WireCounters, 'frames' | 'shortened' | 'cut' | 'malformed'>;

export function wireCounters(): WireCounters {
  return {
    frames: 0,
    segments: 0,
    shortened: 0,
    datagrams: 0,
    unreachables: 0,
    neighbours: 0,
    fragments: 0,
    otherLink: 0,
    otherEtherType: 0,
    otherProtocol: 0,
    otherDatagram: 0,
    otherIcmp: 0,
    cut: 0,
    malformed: Object.fromEntries(LAYERS.map((layer) => [layer, 0])) as Record<Layer, number>,
  };
}
