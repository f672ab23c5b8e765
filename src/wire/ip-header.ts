/** What the IPv4 and IPv6 readers fill in; one object, reused. */
import type { AddressWords } from '../model/segment.ts';

export interface IpHeader {
  version: 4 | 6;
  source: AddressWords;
  destination: AddressWords;
  /** Time to live or hop limit. */
  ttl: number;
  /** IPv4 identification; -1 for IPv6. */
  id: number;
  /** Of the header at `walk.at`, behind all extension headers. */
  protocol: number;
  /** One piece of a fragmented packet: what follows is not (all of) a transport header and its payload. */
  fragment: boolean;
}

export function ipHeader(): IpHeader {
  const [source, destination] = [noAddress(), noAddress()];
  return { version: 4, source, destination, ttl: 0, id: 0, protocol: 0, fragment: false };
}

export function noAddress(): AddressWords {
  return { w0: 0, w1: 0, w2: 0, w3: 0 };
}

/** The prefix of IPv4-mapped addresses, ::ffff:0:0/96 (RFC 4291 2.5.5.2). */
const MAPPED = 0xffff;

export function readIpv4Address(view: DataView, at: number, into: AddressWords): void {
  into.w0 = 0;
  into.w1 = 0;
  into.w2 = MAPPED;
  into.w3 = view.getUint32(at);
}

export function readIpv6Address(view: DataView, at: number, into: AddressWords): void {
  into.w0 = view.getUint32(at);
  into.w1 = view.getUint32(at + 4);
  into.w2 = view.getUint32(at + 8);
  into.w3 = view.getUint32(at + 12);
}
