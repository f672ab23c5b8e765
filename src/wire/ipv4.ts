/** IPv4 (RFC 791 3.1). Checksums are not looked at: with offloading, a sender's own packets are captured without. */
import { type IpHeader, readIpv4Address } from './ip-header.ts';
import type { Walk } from './walk.ts';

const MIN_HEADER = 20;
/** More Fragments and the fragment offset; Don't Fragment and the reserved bit left out. */
const FRAGMENT_BITS = 0x3fff;

export function readIpv4(walk: Walk, ip: IpHeader): boolean {
  if (!walk.holds(MIN_HEADER, 'ipv4', 'an IPv4 header needs 20 octets')) return false;
  const { view, at } = walk;
  const first = view.getUint8(at);
  if (first >> 4 !== 4) return walk.breaks('ipv4', 'the version is not 4');
  const header = (first & 0x0f) * 4;
  if (header < MIN_HEADER) return walk.breaks('ipv4', 'the header length is less than 20 octets');
  const total = view.getUint16(at + 2);
  // 0: larger than 16 bits can say (TSO, BIG TCP), or filled in by the network card. The frame's own length decides.
  if (total !== 0 && total < header) return walk.breaks('ipv4', 'the total length is less than the header');
  if (!walk.holds(header, 'ipv4', 'the IPv4 options are cut off')) return false;
  ip.version = 4;
  ip.id = view.getUint16(at + 4);
  ip.fragment = (view.getUint16(at + 6) & FRAGMENT_BITS) !== 0;
  ip.ttl = view.getUint8(at + 8);
  ip.protocol = view.getUint8(at + 9);
  readIpv4Address(view, at + 12, ip.source);
  readIpv4Address(view, at + 16, ip.destination);
  walk.at = at + header;
  if (total !== 0) walk.narrow(at + total);
  return true;
}
