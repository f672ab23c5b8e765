/**
 * A capture of any size out of a small one: its frames again and again, each round later than the one before and with
 * other ephemeral ports, also where FastCGI parameters and header fields name them.
 */

import { MILLISECOND, type Nanos } from '../../src/model/time.ts';
import { CaptureStream } from '../../src/sources/pcap/capture-stream.ts';
import { Reading } from '../../src/sources/pcap/reading.ts';
import { LINK_TYPES } from '../kit/packets.ts';

/** Linux hands out 32768 to 60999; all of them have five digits, so octets that name one keep their length. */
const FIRST_PORT = 32_768;
const PORTS = 28_232;
/** Ports from one round to the next: prime, so that a round meets its own ports again only after PORTS rounds. */
const STRIDE = 1_009;
/** Between the last frame of a round and the first of the next. */
const PAUSE = 5 * MILLISECOND;

const LINK_HEADERS: ReadonlyMap<number, number> = new Map([
  [LINK_TYPES.ethernet, 14],
  [LINK_TYPES.sll2, 20],
]);
const TCP = 6;
/**
 * Five digits that name a port: as a parameter of FastCGI, uwsgi (with its length) or SCGI, in a field `X-Client-Port`, or behind
 * an address. Any others may be a length, and a body that is not as long as it says spoils all that follows on its connection.
 */
const NAMED_PORT = /(?<=[_-]port\W{0,2}|[\d\]]:)\d{5}(?![\d.])/gi;

interface Kept {
  readonly at: number;
  readonly octets: Uint8Array;
  readonly wireLength: number;
  /** Offsets of ports as 16-bit words, and as five digits. */
  readonly words: readonly number[];
  readonly digits: readonly number[];
}

/** Pieces of a pcap file in nanoseconds, whole rounds of `capture`, until there are at least `size` octets. */
export function* repeated(capture: Uint8Array, size: number): Generator<Uint8Array> {
  const rounds = new Rounds(capture);
  yield rounds.head;
  for (let round = 0, written = rounds.head.length; written < size; round++) {
    const piece = rounds.at(rounds.epoch + BigInt(round) * BigInt(rounds.lasts + PAUSE), round);
    written += piece.length;
    yield piece;
  }
}

/** The frames of a capture, as records of a pcap file in nanoseconds, at whatever time they are wanted. */
export class Rounds {
  readonly epoch: bigint;
  /** Of one round. */
  readonly lasts: Nanos;
  /** How such a file begins. */
  readonly head: Uint8Array;
  readonly #frames: readonly Kept[];

  constructor(capture: Uint8Array) {
    const { frames, linkType, epoch, lasts } = framesOf(capture);
    this.epoch = epoch;
    this.lasts = lasts;
    this.#frames = frames;
    const head = new DataView(new ArrayBuffer(24));
    for (const [n, word] of [0xa1b23c4d, 0x0004_0002, 0, 0, 262_144, linkType].entries())
      head.setUint32(n * 4, word, true);
    this.head = new Uint8Array(head.buffer);
  }

  /** A round that begins at `epoch`; each `round` has ports of its own. */
  at(epoch: bigint, round: number): Uint8Array {
    return roundOf(this.#frames, epoch, (round * STRIDE) % PORTS);
  }
}

function framesOf(capture: Uint8Array): { frames: Kept[]; linkType: number; epoch: bigint; lasts: number } {
  const frames: Kept[] = [];
  let linkType = 0;
  const reading = new Reading({
    frame: (frame) => {
      linkType = frame.linkType;
      const { bytes, start, end } = frame.octets;
      const octets = Uint8Array.from(bytes.subarray(start, end)); // of a Buffer, slice would be no copy
      const ports = portsOf(octets, LINK_HEADERS.get(linkType) ?? 0);
      frames.push({ at: frame.at, octets, wireLength: frame.wireLength, ...ports });
    },
    journal: () => {},
    loss: () => {},
  });
  const stream = new CaptureStream(reading);
  stream.push(capture);
  stream.end();
  return { frames, linkType, epoch: reading.epoch ?? 0n, lasts: reading.latest };
}

function portsOf(octets: Uint8Array, linkHeader: number): Pick<Kept, 'words' | 'digits'> {
  const view = new DataView(octets.buffer);
  const words: number[] = [];
  const digits: number[] = [];
  let transport = transportAt(octets, linkHeader);
  if (transport.protocol !== TCP) transport = transportAt(octets, transport.at + 8); // what an ICMP error quotes
  if (transport.protocol !== TCP || transport.at + 4 > octets.length) return { words, digits };
  for (const at of [transport.at, transport.at + 2]) if (isEphemeral(view.getUint16(at))) words.push(at);
  const text = Buffer.from(octets).toString('latin1');
  for (const found of text.matchAll(NAMED_PORT)) {
    if (found.index >= transport.at + 20 && isEphemeral(Number(found[0]))) digits.push(found.index);
  }
  return { words, digits };
}

/** Where the header behind an IPv4 or IPv6 header begins; extension headers are not looked for. */
function transportAt(octets: Uint8Array, at: number): { at: number; protocol: number } {
  const first = octets[at] ?? 0;
  if (first >> 4 === 4) return { at: at + (first & 15) * 4, protocol: octets[at + 9] ?? 0 };
  return { at: at + 40, protocol: first >> 4 === 6 ? (octets[at + 6] ?? 0) : 0 };
}

function isEphemeral(port: number): boolean {
  return port >= FIRST_PORT && port < FIRST_PORT + PORTS;
}

function roundOf(frames: readonly Kept[], epoch: bigint, shift: number): Uint8Array {
  const piece = new Uint8Array(frames.reduce((sum, { octets }) => sum + 16 + octets.length, 0));
  const view = new DataView(piece.buffer);
  const shifted = (port: number): number => FIRST_PORT + ((port - FIRST_PORT + shift) % PORTS);
  let at = 0;
  for (const { at: time, octets, wireLength, words, digits } of frames) {
    const nanos = epoch + BigInt(time);
    view.setUint32(at, Number(nanos / 1_000_000_000n), true);
    view.setUint32(at + 4, Number(nanos % 1_000_000_000n), true);
    view.setUint32(at + 8, octets.length, true);
    view.setUint32(at + 12, wireLength, true);
    at += 16;
    piece.set(octets, at);
    for (const word of words) view.setUint16(at + word, shifted(view.getUint16(at + word)));
    for (const digit of digits) {
      const text = String.fromCharCode(...octets.subarray(digit, digit + 5));
      for (let n = 0, port = String(shifted(Number(text))); n < 5; n++) piece[at + digit + n] = port.charCodeAt(n);
    }
    at += octets.length;
  }
  return piece;
}
