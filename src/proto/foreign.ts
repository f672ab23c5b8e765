/**
 * What octets look like that should have been another protocol's: an HTTP answer to a TLS ClientHello, a TLS alert to a
 * plain request. Every parser asks here when its own rules are broken, so that `other-protocol` means the same everywhere.
 */
import { latin1 } from './latin1.ts';

/** Detail of an `other-protocol` fault; `unknown`: none that we know. */
export type Foreign = 'http' | 'tls' | 'fastcgi' | 'http/2' | 'unknown';

/** Octets of a sample in a fault, as `Fault.sample` promises. */
export const SAMPLE_LIMIT = 64;

/** A fault's sample: at most `SAMPLE_LIMIT` of the octets, as latin1. */
export function sampleOf(bytes: Uint8Array, from: number, to: number): string {
  return latin1(bytes, from, Math.min(to, from + SAMPLE_LIMIT));
}

const HTTP = [0x48, 0x54, 0x54, 0x50, 0x2f]; // "HTTP/"

/** Names what a server's first octets look like; `undefined` while more of them are needed. */
export function foreign(bytes: Uint8Array, from: number, to: number): Foreign | undefined {
  const judges = [http, tls, fastcgi, http2] as const;
  const names = ['http', 'tls', 'fastcgi', 'http/2'] as const;
  let open = false;
  for (let i = 0; i < judges.length; i++) {
    const fits = (judges[i] as (typeof judges)[number])(bytes, from, to);
    if (fits === 'yes') return names[i] as Foreign;
    open ||= fits === 'more';
  }
  return open ? undefined : 'unknown';
}

type Fit = 'yes' | 'no' | 'more';

function http(bytes: Uint8Array, from: number, to: number): Fit {
  for (let i = 0; i < HTTP.length; i++) {
    if (from + i >= to) return 'more';
    if (bytes[from + i] !== HTTP[i]) return 'no';
  }
  return 'yes';
}

/** RFC 8446 5.1: content type 20 to 23, then a version that has begun with 3 since SSL 3.0. */
function tls(bytes: Uint8Array, from: number, to: number): Fit {
  if (from >= to) return 'more';
  const type = bytes[from] as number;
  if (type < 20 || type > 23) return 'no';
  if (from + 2 >= to) return from + 1 >= to || bytes[from + 1] === 3 ? 'more' : 'no';
  return bytes[from + 1] === 3 && (bytes[from + 2] as number) <= 4 ? 'yes' : 'no';
}

/** FastCGI 1.0, 3.3: version 1, a type of 1 to 11, and padding of at most 255 after it; requests begin with id 1 or so. */
function fastcgi(bytes: Uint8Array, from: number, to: number): Fit {
  if (from >= to) return 'more';
  if (bytes[from] !== 1) return 'no';
  if (from + 1 >= to) return 'more';
  const type = bytes[from + 1] as number;
  return type >= 1 && type <= 11 ? 'yes' : 'no';
}

/** RFC 9113 3.4: a server's first frame is SETTINGS on stream 0: whole entries of 6 octets, no acknowledgement. */
function http2(bytes: Uint8Array, from: number, to: number): Fit {
  const expected = [0, 0, -1, 4, 0, 0, 0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    if (from + i >= to) return 'more';
    const octet = bytes[from + i] as number;
    if (expected[i] === -1 ? octet % 6 !== 0 : octet !== expected[i]) return 'no';
  }
  return 'yes';
}
