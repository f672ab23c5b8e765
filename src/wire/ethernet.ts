/** Ethernet II (IEEE 802.3 3.2.6) and the VLAN tags in front of the Ethernet type (IEEE 802.1Q 9.6). */
import type { Walk } from './walk.ts';

const HEADER = 14;
const TAG = 4;

const CUSTOMER_TAG = 0x8100;
const SERVICE_TAG = 0x88a8;
/** QinQ of before 802.1ad. */
const OLD_SERVICE_TAG = 0x9100;

/** Tags followed in one frame. 802.1ad nests two; a few switches three; more is not traffic. */
export const MAX_TAGS = 4;

/** Moves to what the Ethernet type announces. Values below 1536 are lengths (802.3): no type we decode. */
export function readEthernet(walk: Walk): boolean {
  if (!walk.holds(HEADER, 'ethernet', 'an Ethernet header needs 14 octets')) return false;
  walk.etherType = walk.view.getUint16(walk.at + 12);
  walk.at += HEADER;
  return isTag(walk.etherType) ? readTags(walk) : true;
}

/** Moves behind the VLAN tags at `at`, if `walk.etherType` says that there are any. */
export function readTags(walk: Walk): boolean {
  for (let tags = 0; isTag(walk.etherType); tags++) {
    if (tags === MAX_TAGS) return walk.breaks('vlan', 'more VLAN tags than anybody nests');
    if (!walk.holds(TAG, 'vlan', 'a VLAN tag needs 4 octets')) return false;
    walk.etherType = walk.view.getUint16(walk.at + 2);
    walk.at += TAG;
  }
  return true;
}

function isTag(etherType: number): boolean {
  return etherType === CUSTOMER_TAG || etherType === SERVICE_TAG || etherType === OLD_SERVICE_TAG;
}
