/** IPv6 (RFC 8200) with its extension headers, and jumbograms (RFC 2675), which Linux writes for BIG TCP. */
import { type IpHeader, readIpv6Address } from './ip-header.ts';
import type { Walk } from './walk.ts';

const HEADER = 40;
const FRAGMENT_HEADER = 8;

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;

const PAD1 = 0;
const JUMBO_PAYLOAD = 0xc2;

/** Extension headers followed in one packet. RFC 8200 4.1 knows six, one of them twice; more is an evasion. */
export const MAX_EXTENSION_HEADERS = 8;

export function readIpv6(walk: Walk, ip: IpHeader): boolean {
  if (!walk.holds(HEADER, 'ipv6', 'an IPv6 header needs 40 octets')) return false;
  const { view, at } = walk;
  if (view.getUint8(at) >> 4 !== 6) return walk.breaks('ipv6', 'the version is not 6');
  const payloadLength = view.getUint16(at + 4);
  ip.version = 6;
  ip.id = -1;
  ip.fragment = false;
  ip.protocol = view.getUint8(at + 6);
  ip.ttl = view.getUint8(at + 7);
  readIpv6Address(view, at + 8, ip.source);
  readIpv6Address(view, at + 24, ip.destination);
  walk.at = at + HEADER;
  // 0: a jumbogram, or BIG TCP as captured on its sender, without the option. The frame's own length decides then.
  let wireEnd = payloadLength === 0 ? walk.wireEnd : walk.at + payloadLength;
  if (payloadLength === 0 && ip.protocol === HOP_BY_HOP) wireEnd = jumboEnd(walk) ?? wireEnd;
  if (isExtension(ip.protocol) && !readExtensions(walk, ip)) return false;
  walk.narrow(wireEnd);
  return true;
}

function readExtensions(walk: Walk, ip: IpHeader): boolean {
  for (let headers = 0; isExtension(ip.protocol); headers++) {
    if (headers === MAX_EXTENSION_HEADERS) return walk.breaks('ipv6', 'more extension headers than anybody needs');
    if (!walk.holds(FRAGMENT_HEADER, 'ipv6', 'an extension header needs 8 octets')) return false;
    const { view, at } = walk;
    const here = ip.protocol;
    if (here === FRAGMENT) {
      // Offset 0 and no more to come is an "atomic fragment": a whole packet (RFC 6946).
      ip.fragment ||= (view.getUint16(at + 2) & 0xfff9) !== 0;
    }
    const length = here === FRAGMENT ? FRAGMENT_HEADER : (view.getUint8(at + 1) + 1) * 8;
    if (!walk.holds(length, 'ipv6', 'an extension header is cut off')) return false;
    ip.protocol = view.getUint8(at);
    walk.at = at + length;
    if (ip.fragment) return true;
  }
  return true;
}

/** Where the packet ends by the jumbo payload option of the hop-by-hop header at `at`, if it has one. */
function jumboEnd(walk: Walk): number | undefined {
  const { view, at, end } = walk;
  if (at + 8 > end) return undefined;
  const last = Math.min(end, at + (view.getUint8(at + 1) + 1) * 8);
  for (let option = at + 2; option + 2 <= last; ) {
    const type = view.getUint8(option);
    if (type === JUMBO_PAYLOAD && option + 6 <= last) return at + view.getUint32(option + 2);
    option += type === PAD1 ? 1 : 2 + view.getUint8(option + 1);
  }
  return undefined;
}

function isExtension(protocol: number): boolean {
  return protocol === HOP_BY_HOP || protocol === ROUTING || protocol === FRAGMENT || protocol === DESTINATION_OPTIONS;
}
