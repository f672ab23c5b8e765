/** The TCP header (RFC 9293 3.1). Checksums are not looked at, for the same reason as in IPv4. */
import type { Segment } from '../model/segment.ts';
import type { Walk } from './walk.ts';

const MIN_HEADER = 20;

/** Fills everything of `segment` that the TCP header and the octets behind it say; addresses are the IP layer's. */
export function readTcp(walk: Walk, segment: Segment): boolean {
  if (!walk.holds(MIN_HEADER, 'tcp', 'a TCP header needs 20 octets')) return false;
  const { view, at, end, wireEnd } = walk;
  const header = (view.getUint8(at + 12) >> 4) * 4;
  if (header < MIN_HEADER) return walk.breaks('tcp', 'the data offset is less than 20 octets');
  const payload = at + header;
  if (payload > wireEnd) return walk.breaks('tcp', 'the data offset points behind the end of the packet');
  segment.sourcePort = view.getUint16(at);
  segment.destinationPort = view.getUint16(at + 2);
  segment.seq = view.getUint32(at + 4);
  segment.ack = view.getUint32(at + 8);
  segment.flags = view.getUint8(at + 13);
  segment.window = view.getUint16(at + 14);
  segment.length = wireEnd - payload;
  const { octets } = segment;
  octets.start = Math.min(payload, end);
  octets.end = end;
  return true;
}
