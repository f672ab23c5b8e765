/** UDP (RFC 768), as far as a resolver's questions and answers need it. */
import type { Datagram } from '../model/segment.ts';
import type { Walk } from './walk.ts';

const HEADER = 8;
const DOMAIN = 53;

/** `other`: well formed, but neither to nor from a resolver. */
export function readUdp(walk: Walk, datagram: Datagram): 'datagram' | 'other' | 'stopped' {
  if (!walk.holds(HEADER, 'udp', 'a UDP header needs 8 octets')) return 'stopped';
  const { view, at } = walk;
  datagram.sourcePort = view.getUint16(at);
  datagram.destinationPort = view.getUint16(at + 2);
  if (datagram.sourcePort !== DOMAIN && datagram.destinationPort !== DOMAIN) return 'other';
  const length = view.getUint16(at + 4);
  // 0 stands for "more than 16 bits can say" (RFC 2675 4).
  if (length !== 0 && length < HEADER) {
    walk.breaks('udp', 'the length is less than the header');
    return 'stopped';
  }
  datagram.octets.start = at + HEADER;
  datagram.octets.end = length === 0 ? walk.end : Math.min(walk.end, at + length);
  return 'datagram';
}
