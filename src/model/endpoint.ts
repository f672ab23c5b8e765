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

/** Where an attempt went nobody told: connect() failed before its peer was seen. */
export const UNKNOWN_ENDPOINT: Endpoint = { address: '', port: 0, text: 'unknown' };

/** Written once somebody asks: of most clients nobody does. */
class Ipv4End implements Endpoint {
  readonly port: number;
  /** Signed: V8 keeps that unboxed. */
  readonly #word: number;
  #address: string | undefined = undefined;
  #text: string | undefined = undefined;

  constructor(word: number, port: number) {
    this.#word = word | 0;
    this.port = port;
  }

  get address(): string {
    this.#address ??= ipv4Text(this.#word);
    return this.#address;
  }

  get text(): string {
    this.#text ??= `${this.address}:${this.port}`;
    return this.#text;
  }
}

/** Ends asked for last, each in the place that its words and port lead to: a server is the end of many connections. */
const RECENT = 256;
const recent = new Array<{ readonly words: AddressWords; readonly end: Endpoint } | undefined>(RECENT).fill(undefined);

export function endpointOf(words: AddressWords, port: number): Endpoint {
  const place = (words.w3 ^ (words.w3 >>> 8) ^ Math.imul(port, 31)) & (RECENT - 1);
  const known = recent[place];
  if (known && known.end.port === port && isSame(known.words, words)) return known.end;
  const end = isMapped(words) ? new Ipv4End(words.w3, port) : endpoint(addressText(words), port);
  recent[place] = { words: { ...words }, end };
  return end;
}

function isSame(one: AddressWords, other: AddressWords): boolean {
  return one.w3 === other.w3 && one.w2 === other.w2 && one.w1 === other.w1 && one.w0 === other.w0;
}

/** An IPv4 address, as all stations have it. */
function isMapped({ w0, w1, w2 }: AddressWords): boolean {
  return w0 === 0 && w1 === 0 && w2 === 0xffff;
}

function ipv4Text(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 0xff}.${(word >>> 8) & 0xff}.${word & 0xff}`;
}

/** RFC 5952 text; IPv4-mapped addresses are written as IPv4. */
export function addressText(words: AddressWords): string {
  if (isMapped(words)) return ipv4Text(words.w3);
  const { w0, w1, w2, w3 } = words;
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

/** An end as `Endpoint.text` writes it; `undefined` where the text is none. */
export function maybeEnd(text: string): { readonly words: AddressWords; readonly port: number } | undefined {
  const [, plain, bracketed, port] = /^(?:([0-9.]+)|\[([0-9a-f:.]+)\]):(\d{1,5})$/.exec(text) ?? [];
  const words = plain === undefined ? wordsOfIpv6(bracketed ?? '') : wordsOfIpv4(plain);
  return words && { words, port: Number(port) };
}

function wordsOfIpv4(text: string): AddressWords | undefined {
  const octets = text.split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !(octet <= 255))) return undefined;
  return { w0: 0, w1: 0, w2: 0xffff, w3: octets.reduce((word, octet) => word * 256 + octet, 0) };
}

function wordsOfIpv6(text: string): AddressWords | undefined {
  const [left = [], right] = text.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(right ? Math.max(0, 8 - left.length - right.length) : 0).fill('0');
  const groups = [...left, ...zeros, ...(right ?? [])].map((group) => Number.parseInt(group, 16));
  if (groups.length !== 8 || groups.some((group) => !(group <= 0xffff))) return undefined;
  const word = (n: number): number => (groups[n] ?? 0) * 0x1_0000 + (groups[n + 1] ?? 0);
  return { w0: word(0), w1: word(2), w2: word(4), w3: word(6) };
}
