/**
 * Link layers that say little more than "IP follows": LINKTYPE_NULL (BSD and macOS loopback: an address family in the
 * capturing host's byte order), LINKTYPE_LOOP (OpenBSD: in network order), and the RAW types (nothing at all).
 */
import type { Walk } from './walk.ts';

export const IPV4_TYPE = 0x0800;
export const IPV6_TYPE = 0x86dd;

const HEADER = 4;

/** AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 23 on Windows, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS. */
const AF_INET = 2;
const AF_INET6: ReadonlySet<number> = new Set([10, 23, 24, 28, 30]);

export function readLoopback(walk: Walk): boolean {
  if (!walk.holds(HEADER, 'loopback', 'an address family needs 4 octets')) return false;
  const written = walk.view.getUint32(walk.at);
  // Families are small: a value with its upper half set was written in the other byte order.
  const family = written > 0xffff ? walk.view.getUint32(walk.at, true) : written;
  walk.etherType = family === AF_INET ? IPV4_TYPE : AF_INET6.has(family) ? IPV6_TYPE : 0;
  walk.at += HEADER;
  return true;
}

/** The packet begins at once; its first four bits are the IP version. */
export function readRaw(walk: Walk): boolean {
  if (!walk.holds(1, 'raw', 'an IP packet needs a first octet')) return false;
  const version = walk.view.getUint8(walk.at) >> 4;
  walk.etherType = version === 4 ? IPV4_TYPE : version === 6 ? IPV6_TYPE : 0;
  return true;
}
