/**
 * Linux "cooked" captures, what `-i any` writes: LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2 (tcpdump.org/linktypes).
 * The protocol field is an Ethernet type except for the device types (ARPHRD_) listed below.
 */
import { readTags } from './ethernet.ts';
import type { Walk } from './walk.ts';

const SLL_HEADER = 16;
const SLL2_HEADER = 20;

const ARPHRD_FRAD = 770;
const ARPHRD_NETLINK = 824;

export function readSll(walk: Walk): boolean {
  if (!walk.holds(SLL_HEADER, 'sll', 'a cooked header needs 16 octets')) return false;
  return enter(walk, SLL_HEADER, walk.view.getUint16(walk.at + 2), walk.view.getUint16(walk.at + 14));
}

export function readSll2(walk: Walk): boolean {
  if (!walk.holds(SLL2_HEADER, 'sll', 'a cooked v2 header needs 20 octets')) return false;
  return enter(walk, SLL2_HEADER, walk.view.getUint16(walk.at + 8), walk.view.getUint16(walk.at));
}

/** A device whose protocol field is no Ethernet type. */
export function isOddDevice(device: number): boolean {
  return device === ARPHRD_FRAD || device === ARPHRD_NETLINK;
}

function enter(walk: Walk, header: number, device: number, protocol: number): boolean {
  walk.etherType = isOddDevice(device) ? 0 : protocol;
  walk.at += header;
  return readTags(walk);
}
