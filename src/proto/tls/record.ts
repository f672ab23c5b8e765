/** The header of a record (RFC 8446 5.1; the same since SSL 3.0). */
import type { Recognition } from '../protocol.ts';

export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;

export const RECORD_HEADER = 5;
const MAJOR = 3;
const MINOR_LIMIT = 4;
/** TLSCiphertext.length in TLS 1.2 (RFC 5246 6.2.3), the largest of all versions: 2^14 + 2048. */
export const RECORD_LIMIT = 16384 + 2048;

/** Could these octets begin a record? `more`: so far they could. */
export function beginsRecord(bytes: Uint8Array, from: number, to: number): Recognition {
  if (from >= to) return 'more';
  const type = bytes[from] as number;
  if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) return 'no';
  if (from + 1 < to && bytes[from + 1] !== MAJOR) return 'no';
  if (from + 2 < to && (bytes[from + 2] as number) > MINOR_LIMIT) return 'no';
  if (from + RECORD_HEADER > to) return 'more';
  const length = recordLength(bytes, from);
  return length > 0 && length <= RECORD_LIMIT ? 'yes' : 'no';
}

export function recordLength(bytes: Uint8Array, from: number): number {
  return ((bytes[from + 3] as number) << 8) | (bytes[from + 4] as number);
}
