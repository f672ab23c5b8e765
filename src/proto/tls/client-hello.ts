/** The server_name of a ClientHello (RFC 8446 4.1.2, RFC 6066 3), as far as its octets go. */
import { latin1 } from '../latin1.ts';

export const CLIENT_HELLO = 1;
export const SERVER_HELLO = 2;

/**
 * Octets of a ClientHello that are looked at: hybrid key shares make it 1.8 KiB, session tickets a little more; a name
 * beyond this is not found. Below a record's 16 KiB so that one record always suffices.
 */
export const CLIENT_HELLO_LIMIT = 8192;

const HANDSHAKE_HEADER = 4;
const RANDOM = 32;
const SERVER_NAME = 0;
/** server_name list length, name type and name length before the name. */
const NAME_AT = 5;
/** A host name of DNS (RFC 1035 2.3.4). */
const NAME_LIMIT = 255;

/** Empty where there is none, or the octets end before it. */
export function serverName(bytes: Uint8Array, length: number): string {
  let at = HANDSHAKE_HEADER + 2 + RANDOM;
  at += 1 + octet(bytes, at, length); // legacy_session_id
  at += 2 + pair(bytes, at, length); // cipher_suites
  at += 1 + octet(bytes, at, length); // legacy_compression_methods
  const end = Math.min(length, at + 2 + pair(bytes, at, length));
  at += 2;
  while (at + 4 <= end) {
    const type = pair(bytes, at, end);
    const size = pair(bytes, at + 2, end);
    at += 4;
    if (type === SERVER_NAME) return name(bytes, at, Math.min(end, at + size));
    at += size;
  }
  return '';
}

function name(bytes: Uint8Array, at: number, end: number): string {
  const length = Math.min(pair(bytes, at + 3, end), NAME_LIMIT);
  return at + NAME_AT + length <= end ? latin1(bytes, at + NAME_AT, at + NAME_AT + length) : '';
}

function octet(bytes: Uint8Array, at: number, end: number): number {
  return at < end ? (bytes[at] as number) : 0;
}

function pair(bytes: Uint8Array, at: number, end: number): number {
  return at + 1 < end ? ((bytes[at] as number) << 8) | (bytes[at + 1] as number) : 0;
}
