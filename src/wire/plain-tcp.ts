/**
 * The fast lane of `FrameDecoder`: Ethernet or Linux cooked frames with IPv4 and TCP in them and nothing odd, as nearly
 * all are, read in one step. It says no to every other frame, and then the walk reads it header by header.
 */
import type { Segment } from '../model/segment.ts';
import type { Frame } from '../model/source-record.ts';
import { isOddDevice } from './sll.ts';

const IPV4 = 0x0800;
/** Version 4 and a header without options, of 20 octets. */
const PLAIN_IPV4 = 0x45;
const IPV4_HEADER = 20;
const MIN_TCP_HEADER = 20;
/** More Fragments and the fragment offset. */
const FRAGMENT_BITS = 0x3fff;
const TCP = 6;
const MAPPED = 0xffff;

const ETHERNET_HEADER = 14;
const SLL_HEADER = 16;
const SLL2_HEADER = 20;

/** Where the IPv4 header begins, by link type; -1 where the frame is not plain, or too short to tell. */
function networkAt({ linkType, octets }: Frame): number {
  const { view, start, end } = octets;
  const room = end - start - IPV4_HEADER - MIN_TCP_HEADER;
  switch (linkType) {
    case 1:
      return room >= ETHERNET_HEADER && view.getUint16(start + 12) === IPV4 ? start + ETHERNET_HEADER : -1;
    case 113:
      return room >= SLL_HEADER && isPlainSll(view, start + 2, start + 14) ? start + SLL_HEADER : -1;
    case 276:
      return room >= SLL2_HEADER && isPlainSll(view, start + 8, start) ? start + SLL2_HEADER : -1;
    default:
      return -1;
  }
}

function isPlainSll(view: DataView, device: number, protocol: number): boolean {
  return view.getUint16(protocol) === IPV4 && !isOddDevice(view.getUint16(device));
}

/** Fills all of `segment` but its origin, and returns true; false where the frame is not plain, `segment` being spoilt. */
export function readPlainTcp(frame: Frame, segment: Segment): boolean {
  const { octets } = frame;
  const { view } = octets;
  const ip = networkAt(frame);
  if (ip < 0 || view.getUint8(ip) !== PLAIN_IPV4 || view.getUint8(ip + 9) !== TCP) return false;
  if ((view.getUint16(ip + 6) & FRAGMENT_BITS) !== 0) return false;
  const tcp = ip + IPV4_HEADER;
  // The frame may be longer (padding) or be cut; what the IP header tells must fit into what was on the wire.
  const wireEnd = ip + view.getUint16(ip + 2);
  const payload = tcp + (view.getUint8(tcp + 12) >> 4) * 4;
  if (payload < tcp + MIN_TCP_HEADER || payload > wireEnd || wireEnd > octets.start + frame.wireLength) return false;
  const { source, destination } = segment;
  source.w0 = source.w1 = destination.w0 = destination.w1 = 0;
  source.w2 = destination.w2 = MAPPED;
  source.w3 = view.getUint32(ip + 12);
  destination.w3 = view.getUint32(ip + 16);
  segment.ttl = view.getUint8(ip + 8);
  segment.ipId = view.getUint16(ip + 4);
  segment.sourcePort = view.getUint16(tcp);
  segment.destinationPort = view.getUint16(tcp + 2);
  segment.seq = view.getUint32(tcp + 4);
  segment.ack = view.getUint32(tcp + 8);
  segment.flags = view.getUint8(tcp + 13);
  segment.window = view.getUint16(tcp + 14);
  segment.length = wireEnd - payload;
  segment.octets.end = Math.min(wireEnd, octets.end);
  segment.octets.start = Math.min(payload, segment.octets.end);
  return true;
}
