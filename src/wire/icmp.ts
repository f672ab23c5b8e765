/**
 * ICMP destination unreachable (RFC 792, type 3) and its ICMPv6 twin (RFC 4443 3.1, type 1). The quote may end after
 * eight octets of the transport header: ports are all that is taken from it.
 */
import type { Unreachable } from '../model/segment.ts';
import type { IpHeader } from './ip-header.ts';
import { readIpv4 } from './ipv4.ts';
import { readIpv6 } from './ipv6.ts';
import type { Walk } from './walk.ts';

const HEADER = 8;
const PORTS = 4;
const UNREACHABLE_4 = 3;
const UNREACHABLE_6 = 1;
const TCP = 6;
const UDP = 17;

/** `other`: another ICMP message, or a quote without ports. `outer` is the header that carried the message. */
export function readUnreachable(
  walk: Walk,
  outer: IpHeader,
  quoted: IpHeader,
  unreachable: Unreachable,
): 'unreachable' | 'other' | 'stopped' {
  const { version } = outer;
  if (!walk.holds(HEADER, 'icmp', 'an ICMP header needs 8 octets')) return 'stopped';
  const { view, at, wireEnd } = walk;
  if (view.getUint8(at) !== (version === 4 ? UNREACHABLE_4 : UNREACHABLE_6)) return 'other';
  walk.at = at + HEADER;
  if (!(version === 4 ? readIpv4(walk, quoted) : readIpv6(walk, quoted))) return 'stopped';
  if (quoted.fragment || (quoted.protocol !== TCP && quoted.protocol !== UDP)) return 'other';
  // The quoted header tells how long the packet was; the message that quotes it ends earlier.
  walk.wireEnd = wireEnd;
  if (!walk.holds(PORTS, 'icmp', 'the quote ends before the ports')) return 'stopped';
  unreachable.version = version;
  unreachable.code = view.getUint8(at + 1);
  unreachable.quotedProtocol = quoted.protocol;
  unreachable.sourcePort = view.getUint16(walk.at);
  unreachable.destinationPort = view.getUint16(walk.at + 2);
  return 'unreachable';
}
