/**
 * Damages captures the way disks, networks and attackers do. A mutation is data, so that a failing case can be printed,
 * repeated and shrunk; places are 32-bit numbers taken modulo the length at hand, so that any list fits any capture.
 */
import type { Random } from './random.ts';

export type Mutation =
  | { readonly kind: 'flip'; readonly place: number; readonly bit: number }
  | { readonly kind: 'write'; readonly place: number; readonly octets: readonly number[] }
  /** The rest is missing, as in a capture that is still being written. */
  | { readonly kind: 'end'; readonly place: number }
  | { readonly kind: 'remove'; readonly place: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly place: number; readonly length: number; readonly times: number }
  | { readonly kind: 'swap'; readonly place: number; readonly other: number; readonly length: number }
  /** Octets of another capture take the place of ours. */
  | { readonly kind: 'splice'; readonly place: number; readonly from: number; readonly length: number }
  /** A length, a count, a sequence number: the values at which arithmetic goes wrong. */
  | {
      readonly kind: 'extreme';
      readonly place: number;
      readonly width: 1 | 2 | 4 | 8;
      readonly value: string;
      readonly little: boolean;
    }
  /** A response turns into a 502, so that there is something to explain. */
  | { readonly kind: '502'; readonly place: number }
  /** A record of the capture (pcap record, pcapng block) is written again, dropped, or moved behind the next one. */
  | { readonly kind: 'record'; readonly what: 'repeat' | 'drop' | 'delay'; readonly place: number };

const EXTREMES = [
  '0x0',
  '0x1',
  '0x7',
  '0x8',
  '0x7f',
  '0x80',
  '0xff',
  '0x7fff',
  '0x8000',
  '0xffff',
  '0x10000',
  '0x7fffffff',
  '0x80000000',
  '0xfffffffe',
  '0xffffffff',
  '0x7fffffffffffffff',
  '0xffffffffffffffff',
] as const;

/** Words of the protocols that are read: in the wrong place they reach far deeper than random octets do. */
const WORDS = [
  'HTTP/1.1 502 Bad Gateway\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  '\r\n\r\n',
  '\r\n',
  'Content-Length: 18446744073709551615\r\n',
  'Content-Length: -1\r\n',
  'Transfer-Encoding: chunked\r\n',
  'ffffffffffffffff\r\n',
  '0\r\n\r\n',
  'Status: 999\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n',
  '\x01\x06\x00\x01\xff\xff\xff\x00',
  '\x01\x01\x00\x01\x00\x08\x00\x00',
  '\x16\x03\x01\xff\xff',
  '\x15\x03\x03\x00\x02\x02\x28',
  '\x1b[2J',
  '\x00\x00\x00',
] as const;

/** One to eight mutations, few more often than many; every other capture also gets a 502. */
export function mutations(random: Random): Mutation[] {
  const count = 1 + Math.min(random.below(8), random.below(8));
  const list = Array.from({ length: count }, () => mutation(random));
  // Before anything else, while the responses are still whole.
  return random.below(2) === 0 ? list : [{ kind: '502', place: random.next() }, ...list];
}

function mutation(random: Random): Mutation {
  const place = random.next();
  const length = random.below(random.pick([4, 16, 64, 600, 4096]));
  switch (random.below(12)) {
    case 0:
    case 1:
      return { kind: 'flip', place, bit: random.below(8) };
    case 2:
      return { kind: 'write', place, octets: Array.from({ length: 1 + random.below(8) }, () => random.below(256)) };
    case 3:
      return { kind: 'write', place, octets: [...random.pick(WORDS)].map((character) => character.charCodeAt(0)) };
    case 4:
      return { kind: 'end', place };
    case 5:
      return { kind: 'remove', place, length };
    case 6:
      return { kind: 'repeat', place, length, times: 1 + random.below(4) };
    case 7:
      return { kind: 'swap', place, other: random.next(), length };
    case 8:
      return { kind: 'splice', place, from: random.next(), length };
    case 9:
    case 10: {
      const width = random.pick<1 | 2 | 4 | 8>([1, 2, 4, 8]);
      return { kind: 'extreme', place, width, value: random.pick(EXTREMES), little: random.below(2) === 0 };
    }
    default:
      return { kind: 'record', what: random.pick(['repeat', 'drop', 'delay']), place };
  }
}

/** No case grows beyond this, so that a slow case is slow for a reason. */
export const CASE_LIMIT = 256 * 1024;

/** `capture` with the mutations done in order; `donor` is what splices are taken from. */
export function mutate(capture: Uint8Array, donor: Uint8Array, list: readonly Mutation[]): Uint8Array {
  let octets: Uint8Array = capture.slice();
  for (const step of list) octets = apply(octets, donor, step).subarray(0, CASE_LIMIT);
  return octets;
}

function apply(octets: Uint8Array, donor: Uint8Array, step: Mutation): Uint8Array {
  if (octets.length === 0) return octets;
  const at = step.place % octets.length;
  switch (step.kind) {
    case 'flip':
      octets[at] = (octets[at] ?? 0) ^ (1 << step.bit);
      return octets;
    case 'write':
      return overwrite(octets, at, Uint8Array.from(step.octets));
    case 'end':
      return octets.slice(0, at);
    case 'remove':
      return join(octets.subarray(0, at), octets.subarray(at + step.length));
    case 'repeat': {
      const piece = octets.subarray(at, at + step.length);
      return join(octets.subarray(0, at), ...Array.from({ length: step.times }, () => piece), octets.subarray(at));
    }
    case 'swap': {
      const other = step.other % octets.length;
      const mine = octets.slice(at, at + step.length);
      return overwrite(overwrite(octets, at, octets.slice(other, other + step.length)), other, mine);
    }
    case 'splice': {
      const from = donor.length > 0 ? step.from % donor.length : 0;
      return overwrite(octets, at, donor.subarray(from, from + step.length));
    }
    case 'extreme':
      return overwrite(octets, at, numberOctets(BigInt(step.value), step.width, step.little));
    case '502':
      return turnInto502(octets, step.place);
    case 'record':
      return moveRecord(octets, step.what, step.place);
  }
}

function join(...pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

function overwrite(octets: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  octets.set(piece.subarray(0, octets.length - at), at);
  return octets;
}

function numberOctets(value: bigint, width: number, little: boolean): Uint8Array {
  const octets = new Uint8Array(width);
  for (let index = 0; index < width; index++) {
    octets[little ? index : width - 1 - index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
  return octets;
}

function turnInto502(octets: Uint8Array, place: number): Uint8Array {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
  const heads = [...text.matchAll(/HTTP\/1[.]\d (?=\d{3})/g)];
  const head = heads[place % heads.length];
  if (head === undefined) return octets;
  return overwrite(octets, head.index + head[0].length, Uint8Array.from([0x35, 0x30, 0x32]));
}

function moveRecord(octets: Uint8Array, what: 'repeat' | 'drop' | 'delay', place: number): Uint8Array {
  const bounds = records(octets);
  if (bounds.length < 3) return octets;
  const index = place % (bounds.length - 2);
  const [start = 0, middle = 0, end = 0] = bounds.slice(index, index + 3);
  const record = octets.subarray(start, middle);
  const next = octets.subarray(middle, end);
  const moved = { repeat: [record, record, next], drop: [next], delay: [next, record] }[what];
  return join(octets.subarray(0, start), ...moved, octets.subarray(end));
}

/** Where the records of a pcap or pcapng file begin, and where the last whole one ends, as far as the lengths make sense. */
export function records(octets: Uint8Array): number[] {
  if (octets.length < 28) return [];
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const magic = view.getUint32(0);
  const pcapng = magic === 0x0a0d0d0a;
  const little = pcapng ? view.getUint32(8) !== 0x1a2b3c4d : magic >>> 24 !== 0xa1;
  const bounds = [];
  let at = pcapng ? 0 : 24;
  for (;;) {
    bounds.push(at);
    if (at + 16 > octets.length) return bounds;
    const length = pcapng ? view.getUint32(at + 4, little) : 16 + view.getUint32(at + 8, little);
    if (length < 12 || at + length > octets.length) return bounds;
    at += length;
  }
}
