/** Who has this address? ARP for IPv4 (RFC 826), neighbour solicitation and advertisement for IPv6 (RFC 4861 4.3, 4.4). */
import type { Neighbour } from '../model/segment.ts';
import { type IpHeader, readIpv4Address, readIpv6Address } from './ip-header.ts';
import { IPV4_TYPE } from './loopback.ts';
import type { Walk } from './walk.ts';

const ARP_HEADER = 8;
const ARP_REQUEST = 1;
const ARP_REPLY = 2;
const IPV4_LENGTH = 4;

const SOLICITATION = 135;
const ADVERTISEMENT = 136;
const DISCOVERY_MESSAGE = 24;
/** RFC 4861 7.1: anything less has passed a router and is not to be believed. */
const ON_LINK_HOP_LIMIT = 255;

/** `other`: not about IPv4, or neither a request nor a reply. An announcement (asks for its own address) is an answer. */
export function readArp(walk: Walk, neighbour: Neighbour): 'neighbour' | 'other' | 'stopped' {
  if (!walk.holds(ARP_HEADER, 'arp', 'an ARP header needs 8 octets')) return 'stopped';
  const { view, at } = walk;
  const operation = view.getUint16(at + 6);
  if (view.getUint16(at + 2) !== IPV4_TYPE || view.getUint8(at + 5) !== IPV4_LENGTH) return 'other';
  if (operation !== ARP_REQUEST && operation !== ARP_REPLY) return 'other';
  const hardware = view.getUint8(at + 4);
  const length = ARP_HEADER + 2 * (hardware + IPV4_LENGTH);
  if (!walk.holds(length, 'arp', 'the ARP addresses are cut off')) return 'stopped';
  const sender = at + ARP_HEADER + hardware;
  const target = at + length - IPV4_LENGTH;
  const asks = operation === ARP_REQUEST && view.getUint32(sender) !== view.getUint32(target);
  neighbour.what = asks ? 'asks' : 'answers';
  readIpv4Address(view, asks ? sender : target, neighbour.asker);
  readIpv4Address(view, asks ? target : sender, neighbour.target);
  return 'neighbour';
}

/** Reads the ICMPv6 message at `at` that `ip` carried; `other` if it is neither of the two. */
export function readDiscovery(walk: Walk, ip: IpHeader, neighbour: Neighbour): 'neighbour' | 'other' | 'stopped' {
  if (!walk.holds(1, 'icmp', 'an ICMPv6 message needs a type')) return 'stopped';
  const type = walk.view.getUint8(walk.at);
  if ((type !== SOLICITATION && type !== ADVERTISEMENT) || ip.ttl !== ON_LINK_HOP_LIMIT) return 'other';
  if (!walk.holds(DISCOVERY_MESSAGE, 'icmp', 'a neighbour discovery message needs 24 octets')) return 'stopped';
  neighbour.what = type === SOLICITATION ? 'asks' : 'answers';
  const asker = type === SOLICITATION ? ip.source : ip.destination;
  neighbour.asker.w0 = asker.w0;
  neighbour.asker.w1 = asker.w1;
  neighbour.asker.w2 = asker.w2;
  neighbour.asker.w3 = asker.w3;
  readIpv6Address(walk.view, walk.at + 8, neighbour.target);
  return 'neighbour';
}
