/** How the two sides of an HTTP/2 connection begin (RFC 9113 3.4). */
import type { Octets } from '../../model/octets.ts';
import { foreign } from '../foreign.ts';
import type { Recognition } from '../protocol.ts';

export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** So much of it is no other protocol's, and survives a capture of 96 octets a frame. */
const PROOF = 'PRI * HTTP/2.0'.length;

export function beginsClient({ bytes, start, end }: Octets): Recognition {
  for (let i = 0; i < PREFACE.length; i++) {
    if (start + i >= end) return i >= PROOF ? 'yes' : 'more';
    if (bytes[start + i] !== PREFACE.charCodeAt(i)) return 'no';
  }
  return 'yes';
}

/** SETTINGS come first from a server. */
export function beginsServer({ bytes, start, end }: Octets): Recognition {
  const looks = foreign(bytes, start, end);
  if (looks === undefined) return 'more';
  return looks === 'http/2' ? 'yes' : 'no';
}
