/** What a frame decodes to, as values to compare. */

import { addressText } from '../../src/model/endpoint.ts';
import { octetsOf } from '../../src/model/octets.ts';
import type { AddressWords, Datagram, Neighbour, Segment, SegmentSink, Unreachable } from '../../src/model/segment.ts';
import type { WireCounters } from '../../src/wire/counters.ts';
import { FrameDecoder } from '../../src/wire/decode.ts';
import { LINK_TYPES, type Link } from '../kit/packets.ts';

export type Said = Record<string, unknown> & { is: 'segment' | 'datagram' | 'unreachable' | 'neighbour' };

export interface FrameOptions {
  link?: Link | number;
  /** Octets on the wire, where the capture holds fewer. */
  wireLength?: number;
}

export interface Decoded {
  said: Said[];
  /** The outcome that was counted: `segments`, `cut`, `malformed ipv4` ... */
  outcome: string;
  decoder: FrameDecoder;
}

/** Decodes one frame that lies somewhere inside a larger buffer, as in a file. */
export function decode(frame: Uint8Array, options: FrameOptions = {}): Decoded {
  const said: Said[] = [];
  const decoder = new FrameDecoder(keeper(said));
  give(decoder, frame, options);
  return { said, outcome: outcomeOf(decoder.counters), decoder };
}

/** As `decode`, with a decoder of the caller's. */
export function give(decoder: FrameDecoder, frame: Uint8Array, options: FrameOptions = {}): void {
  const around = new Uint8Array(frame.length + 64).fill(0xaa);
  around.set(frame, 32);
  const octets = { ...octetsOf(around), start: 32, end: 32 + frame.length };
  const link = options.link ?? 'ethernet';
  const linkType = typeof link === 'number' ? link : LINK_TYPES[link];
  const wireLength = options.wireLength ?? frame.length;
  decoder.frame({ number: 7, at: 1234.5, linkType, interfaceId: 3, octets, wireLength });
}

/** Every frame has exactly one outcome. */
export function outcomeOf(counters: WireCounters): string {
  const { frames, shortened, malformed, ...rest } = counters;
  const layers = Object.entries(malformed).map(([layer, count]) => [`malformed ${layer}`, count] as const);
  const counted = [...Object.entries(rest), ...layers].filter(([, count]) => count > 0);
  const sum = counted.reduce((total, [, count]) => total + count, 0);
  if (sum !== frames || shortened > rest.segments)
    throw new Error(`${frames} frames became ${JSON.stringify(counted)}`);
  return counted.map(([name]) => name).join(', ');
}

export function keeper(said: Said[]): SegmentSink {
  return {
    segment: (segment: Segment) => void said.push({ is: 'segment', ...kept(segment), ...ends(segment) }),
    datagram: (datagram: Datagram) => void said.push({ is: 'datagram', ...kept(datagram), ...ends(datagram) }),
    unreachable: (unreachable: Unreachable) =>
      void said.push({
        is: 'unreachable',
        ...unreachable,
        ...ends(unreachable),
        reporter: addressText(unreachable.reporter),
      }),
    neighbour: (neighbour: Neighbour) =>
      void said.push({
        is: 'neighbour',
        ...neighbour,
        asker: addressText(neighbour.asker),
        target: addressText(neighbour.target),
      }),
  };
}

function ends(of: { source: AddressWords; destination: AddressWords }): { source: string; destination: string } {
  return { source: addressText(of.source), destination: addressText(of.destination) };
}

function kept<T extends Segment | Datagram>(of: T): Omit<T, 'octets'> & { octets: string } {
  const { bytes, view, start, end } = of.octets;
  if (view.buffer !== bytes.buffer) throw new Error('view and bytes of different buffers');
  return { ...of, octets: Buffer.from(bytes.subarray(start, end)).toString('latin1') };
}
