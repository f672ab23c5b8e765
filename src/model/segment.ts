/**
 * Boundary 2, wire -> conn: what one frame says. Every object here is reused by the decoder: valid during the call only.
 * Addresses are four 32-bit words, network order; IPv4 is written as an IPv4-mapped IPv6 address (RFC 4291 2.5.5.2).
 */
import type { Octets } from './octets.ts';
import type { Nanos } from './time.ts';

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

export interface AddressWords {
  w0: number;
  w1: number;
  w2: number;
  w3: number;
}

/** Where a frame came from: enough to cite it and to recognise a duplicate seen on another interface. */
export interface FrameOrigin {
  at: Nanos;
  frame: number;
  interfaceId: number;
}

/** One TCP segment (RFC 9293 3.1). */
export interface Segment extends FrameOrigin {
  source: AddressWords;
  sourcePort: number;
  destination: AddressWords;
  destinationPort: number;
  /** IPv4 time to live or IPv6 hop limit. */
  ttl: number;
  /** IPv4 identification; -1 for IPv6, which has none. */
  ipId: number;
  seq: number;
  ack: number;
  /** The eight flag bits, CWR to FIN. */
  flags: number;
  window: number;
  /** Payload octets held by the capture. */
  octets: Octets;
  /** Payload octets on the wire, by the IP header; more than the octets held where the snap length cut the frame. */
  length: number;
}

/** An ICMP or ICMPv6 destination unreachable and the TCP or UDP ports it quotes (RFC 792, RFC 4443 3.1). */
export interface Unreachable extends FrameOrigin {
  version: 4 | 6;
  /** Who says so. */
  reporter: AddressWords;
  code: number;
  quotedProtocol: number;
  /** The quoted packet's addresses and ports: source is whoever tried to send. */
  source: AddressWords;
  sourcePort: number;
  destination: AddressWords;
  destinationPort: number;
}

/** ARP (RFC 826) or IPv6 neighbour discovery (RFC 4861): somebody asks for, or answers with, a link-layer address. */
export interface Neighbour extends FrameOrigin {
  what: 'asks' | 'answers';
  /** Who asks; for an answer, who is told. */
  asker: AddressWords;
  /** The address in question. */
  target: AddressWords;
}

/** A UDP datagram to or from port 53: what a resolver was asked and said. */
export interface Datagram extends FrameOrigin {
  source: AddressWords;
  sourcePort: number;
  destination: AddressWords;
  destinationPort: number;
  octets: Octets;
}

/** The next station's input. */
export interface SegmentSink {
  segment(segment: Segment): void;
  unreachable(unreachable: Unreachable): void;
  neighbour(neighbour: Neighbour): void;
  datagram(datagram: Datagram): void;
}
