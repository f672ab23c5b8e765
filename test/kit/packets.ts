/**
 * Frames for tests, octet by octet: every layer is a function from a few named values (all with defaults) and a payload
 * to octets. `tcpFrame`, `udpFrame`, `unreachableFrame`, `arpFrame` and `neighbourFrame` put a whole frame together.
 * Checksums are right, so that what is written to a file also looks right in Wireshark.
 */

export type Payload = string | Uint8Array;

/** How a packet is wrapped; the value is its LINKTYPE_. */
export const LINK_TYPES = {
  null: 0,
  ethernet: 1,
  vlan: 1,
  qinq: 1,
  raw: 101,
  loop: 108,
  sll: 113,
  ipv4: 228,
  ipv6: 229,
  sll2: 276,
} as const;

export type Link = keyof typeof LINK_TYPES;

export interface IpSpec {
  /** `10.0.0.1` or `fd00::1`; the version follows from it. */
  source?: string;
  destination?: string;
  protocol?: number;
  ttl?: number;
  /** IPv4 only. */
  id?: number;
  /** IPv4 flags and fragment offset, as the 16-bit word. */
  fragment?: number;
  options?: Uint8Array;
  /** Overrides IPv4 total length or IPv6 payload length. */
  length?: number;
}

export interface TcpSpec {
  sourcePort?: number;
  destinationPort?: number;
  seq?: number;
  ack?: number;
  /** Words out of `FIN SYN RST PSH ACK URG ECE CWR`, separated by spaces. */
  flags?: string;
  window?: number;
  options?: Uint8Array;
}

export interface FrameSpec extends Omit<IpSpec, 'source' | 'destination' | 'protocol' | 'options' | 'length'> {
  link?: Link;
  /** `10.0.0.1:40000` or `[fd00::1]:40000`. */
  from?: string;
  to?: string;
  payload?: Payload;
  /** Pad to the 60 octets that Ethernet demands. */
  pad?: boolean;
}

export interface TcpFrameSpec extends FrameSpec, Omit<TcpSpec, 'sourcePort' | 'destinationPort'> {}

export const CLIENT = '10.0.0.1:40000';
export const SERVER = '10.0.0.2:80';

const FLAGS: Record<string, number> = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ECE: 64, CWR: 128 };

/** A whole frame with one TCP segment: by default an ACK from 10.0.0.1:40000 to 10.0.0.2:80 over Ethernet. */
export function tcpFrame(spec: TcpFrameSpec = {}): Uint8Array {
  const [source, sourcePort] = splitEndpoint(spec.from ?? CLIENT);
  const [destination, destinationPort] = splitEndpoint(spec.to ?? SERVER);
  const segment = tcp({ ...spec, sourcePort, destinationPort }, spec.payload);
  const { options: _, ...ipSpec } = spec;
  return wrap(spec, ip({ ...ipSpec, source, destination, protocol: 6 }, checked(segment, 16, 6, source, destination)));
}

/** A whole frame with one UDP datagram: by default from 10.0.0.1:40000 to 10.0.0.53:53. */
export function udpFrame(spec: FrameSpec = {}): Uint8Array {
  const [source, sourcePort] = splitEndpoint(spec.from ?? CLIENT);
  const [destination, destinationPort] = splitEndpoint(spec.to ?? '10.0.0.53:53');
  const datagram = checked(udp({ sourcePort, destinationPort }, spec.payload), 6, 17, source, destination);
  return wrap(spec, ip({ ...spec, source, destination, protocol: 17 }, datagram));
}

/** Destination unreachable from `from` to `to`, quoting `quote` (an IP packet, perhaps cut). */
export function unreachableFrame(spec: FrameSpec & { code?: number; quote: Uint8Array }): Uint8Array {
  const [source] = splitEndpoint(spec.from ?? '10.0.0.254:0');
  const [destination] = splitEndpoint(spec.to ?? CLIENT);
  const six = source.includes(':');
  const message = concat(octets(six ? 1 : 3, spec.code ?? 1, 0, 0, 0, 0, 0, 0), spec.quote);
  const protocol = six ? 58 : 1;
  const whole = six ? checked(message, 2, 58, source, destination) : put16(message, 2, checksum(message));
  return wrap(spec, ip({ ...spec, source, destination, protocol }, whole));
}

/** ARP: `asker` asks for `target`, or (`answers`) is told where `target` is. */
export function arpFrame(spec: { asker?: string; target?: string; answers?: boolean; link?: Link } = {}): Uint8Array {
  const asker = addressOctets(spec.asker ?? '10.0.0.1');
  const target = addressOctets(spec.target ?? '10.0.0.2');
  const mac = new Uint8Array(6);
  const [sender, receiver] = spec.answers ? [target, asker] : [asker, target];
  const body = concat(octets(0, 1, 8, 0, 6, 4, 0, spec.answers ? 2 : 1), mac, sender, mac, receiver);
  return linkHeader(spec.link ?? 'ethernet', 0x0806, body);
}

/** ICMPv6 neighbour solicitation, or (`answers`) advertisement. */
export function neighbourFrame(
  spec: { asker?: string; target?: string; answers?: boolean; ttl?: number } = {},
): Uint8Array {
  const asker = spec.asker ?? 'fd00::1';
  const target = spec.target ?? 'fd00::2';
  const [source, destination] = spec.answers ? [target, asker] : [asker, target];
  const message = concat(octets(spec.answers ? 136 : 135, 0, 0, 0, 0, 0, 0, 0), addressOctets(target));
  const whole = checked(message, 2, 58, source, destination);
  return ethernet(0x86dd, ip({ source, destination, protocol: 58, ttl: spec.ttl ?? 255 }, whole));
}

/** An IP packet behind the link header that `spec.link` names. */
export function wrap(spec: { link?: Link; pad?: boolean }, packet: Uint8Array): Uint8Array {
  const frame = linkHeader(spec.link ?? 'ethernet', (packet[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800, packet);
  return spec.pad && frame.length < 60 ? concat(frame, new Uint8Array(60 - frame.length).fill(0x55)) : frame;
}

export function linkHeader(link: Link, etherType: number, payload: Uint8Array): Uint8Array {
  if (link === 'ethernet') return ethernet(etherType, payload);
  if (link === 'vlan') return ethernet(0x8100, vlan(7, etherType, payload));
  if (link === 'qinq') return ethernet(0x88a8, vlan(100, 0x8100, vlan(7, etherType, payload)));
  if (link === 'sll') return concat(u16(0, 1, 6), new Uint8Array(8), u16(etherType), payload);
  if (link === 'sll2') return concat(u16(etherType, 0, 0, 3, 1), octets(0, 6), new Uint8Array(8), payload);
  if (link === 'null') return concat(octets(etherType === 0x86dd ? 30 : 2, 0, 0, 0), payload);
  if (link === 'loop') return concat(octets(0, 0, 0, etherType === 0x86dd ? 24 : 2), payload);
  return payload;
}

export function ethernet(etherType: number, payload: Uint8Array): Uint8Array {
  return concat(octets(2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1), u16(etherType), payload);
}

/** What follows an Ethernet type of 0x8100 or 0x88a8. */
export function vlan(id: number, etherType: number, payload: Uint8Array): Uint8Array {
  return concat(u16(id, etherType), payload);
}

/** IPv4 or IPv6, as the source address says. */
export function ip(spec: IpSpec, payload: Uint8Array): Uint8Array {
  const source = spec.source ?? '10.0.0.1';
  return source.includes(':') ? ipv6({ ...spec, source }, payload) : ipv4({ ...spec, source }, payload);
}

export function ipv4(spec: IpSpec, payload: Uint8Array): Uint8Array {
  const options = spec.options ?? new Uint8Array(0);
  const total = spec.length ?? 20 + options.length + payload.length;
  const header = concat(
    octets(0x45 + options.length / 4, 0),
    u16(total, spec.id ?? 1, spec.fragment ?? 0x4000),
    octets(spec.ttl ?? 64, spec.protocol ?? 6, 0, 0),
    addressOctets(spec.source ?? '10.0.0.1'),
    addressOctets(spec.destination ?? '10.0.0.2'),
    options,
  );
  return concat(put16(header, 10, checksum(header)), payload);
}

/** `options` are whole extension headers; `protocol` is then the first one's number. */
export function ipv6(spec: IpSpec, payload: Uint8Array): Uint8Array {
  const options = spec.options ?? new Uint8Array(0);
  return concat(
    octets(0x60, 0, 0, 0),
    u16(spec.length ?? options.length + payload.length),
    octets(spec.protocol ?? 6, spec.ttl ?? 64),
    addressOctets(spec.source ?? 'fd00::1'),
    addressOctets(spec.destination ?? 'fd00::2'),
    options,
    payload,
  );
}

/** A TCP header (checksum 0) and its payload. */
export function tcp(spec: TcpSpec = {}, payload: Payload = ''): Uint8Array {
  const options = spec.options ?? new Uint8Array(0);
  return concat(
    u16(spec.sourcePort ?? 40000, spec.destinationPort ?? 80),
    u32(spec.seq ?? 1, spec.ack ?? 0),
    octets((5 + options.length / 4) << 4, flagBits(spec.flags ?? 'ACK')),
    u16(spec.window ?? 64240, 0, 0),
    options,
    text(payload),
  );
}

export function udp(spec: { sourcePort?: number; destinationPort?: number; length?: number }, payload: Payload = '') {
  const body = text(payload);
  const length = spec.length ?? 8 + body.length;
  return concat(u16(spec.sourcePort ?? 40000, spec.destinationPort ?? 53, length, 0), body);
}

export function flagBits(flags: string): number {
  return flags.split(' ').reduce((bits, flag) => bits | (FLAGS[flag] ?? 0), 0);
}

/** Octets as they are; a string is latin1. */
export function text(payload: Payload): Uint8Array {
  return typeof payload === 'string' ? Uint8Array.from(Buffer.from(payload, 'latin1')) : payload;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function octets(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

/** Numbers in network order. */
export function u16(...values: number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value >>> 8, value]));
}

export function u32(...values: number[]): Uint8Array {
  return u16(...values.flatMap((value) => [value >>> 16, value & 0xffff]));
}

/** The 4 or 16 octets of an address. */
export function addressOctets(address: string): Uint8Array {
  if (!address.includes(':')) return Uint8Array.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const front = groups(head);
  const back = groups(tail);
  return u16(...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back);
}

function splitEndpoint(endpoint: string): [string, number] {
  const colon = endpoint.lastIndexOf(':');
  return [endpoint.slice(0, colon).replace(/^\[|\]$/g, ''), Number(endpoint.slice(colon + 1))];
}

function put16(header: Uint8Array, at: number, value: number): Uint8Array {
  header.set(u16(value), at);
  return header;
}

/** With the checksum over the pseudo header (RFC 9293 3.1, RFC 8200 8.1) written at `at`. */
function checked(message: Uint8Array, at: number, protocol: number, source: string, destination: string): Uint8Array {
  const pseudo = concat(addressOctets(source), addressOctets(destination), u32(message.length, protocol));
  return put16(message, at, checksum(concat(pseudo, message)));
}

/** RFC 1071. */
function checksum(of: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < of.length; at++) sum += (of[at] ?? 0) << (at % 2 === 0 ? 8 : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
