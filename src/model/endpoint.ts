/** One end of a connection, and how it is written. */
import type { AddressWords } from './segment.ts';

export interface Endpoint {
  /** Textual address: dotted IPv4, RFC 5952 IPv6 without brackets, or `unix:/path`. */
  readonly address: string;
  /** 0 for unix sockets, and where the port cannot be known. */
  readonly port: number;
  /** As printed: `127.0.0.1:80`, `[::1]:80`, `unix:/path`. Interned per connection: compare as a string. */
  readonly text: string;
}

export function endpoint(address: string, port: number): Endpoint {
  const text = address.startsWith('unix:')
    ? address
    : address.includes(':')
      ? `[${address}]:${port}`
      : `${address}:${port}`;
  return { address, port, text };
}

/** Ends asked for last, each in the place that its words and port lead to: a server is the end of many connections. */
const RECENT = 256;
const recent = new Array<{ readonly words: AddressWords; readonly end: Endpoint } | undefined>(RECENT).fill(undefined);

export function endpointOf(words: AddressWords, port: number): Endpoint {
  const place = (words.w3 ^ (words.w3 >>> 8) ^ Math.imul(port, 31)) & (RECENT - 1);
  const known = recent[place];
  if (known && known.end.port === port && isSame(known.words, words)) return known.end;
  const end = endpoint(addressText(words), port);
  recent[place] = { words: { ...words }, end };
  return end;
}

function isSame(one: AddressWords, other: AddressWords): boolean {
  return one.w3 === other.w3 && one.w2 === other.w2 && one.w1 === other.w1 && one.w0 === other.w0;
}

/** RFC 5952 text; IPv4-mapped addresses are written as IPv4. */
export function addressText(words: AddressWords): string {
  const { w0, w1, w2, w3 } = words;
  if (w0 === 0 && w1 === 0 && w2 === 0xffff) {
    return `${w3 >>> 24}.${(w3 >>> 16) & 0xff}.${(w3 >>> 8) & 0xff}.${w3 & 0xff}`;
  }
  const groups = [w0, w1, w2, w3].flatMap((word) => [word >>> 16, word & 0xffff]);
  let longest = 0;
  let longestAt = -1;
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (to < 8 && groups[to] === 0) to++;
    if (to - from > longest) {
      longest = to - from;
      longestAt = from;
    }
  }
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (longest < 2) return hex(groups);
  return `${hex(groups.slice(0, longestAt))}::${hex(groups.slice(longestAt + longest))}`;
}
