/** Hands a recording to a pipe, as whoever captures would have: whole at once, or a piece whenever it had been captured. */
import { readFileSync } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** `fast`: as fast as it is read, so that hardly anything but the records tells the time. `paced`: as time went by when it was captured. */
export type Pace = 'fast' | 'paced';

/** What came within this time is handed on together: why502-capture's own block timeout. */
const TOGETHER_MS = 20;

/** A stretch of a recording: all that was captured by `atMs`, counted from the first packet. */
export interface Piece {
  readonly atMs: number;
  readonly octets: Buffer;
}

export async function feed(file: string, pace: Pace, to: Writable): Promise<void> {
  const recording = readFileSync(file);
  const pieces = pace === 'fast' ? [{ atMs: 0, octets: recording }] : piecesOf(recording);
  await pipeline(Readable.from(whenDue(pieces)), to);
}

async function* whenDue(pieces: Iterable<Piece>): AsyncGenerator<Buffer> {
  const begin = performance.now();
  for (const { atMs, octets } of pieces) {
    const wait = atMs - (performance.now() - begin);
    if (wait > 0) await delay(wait);
    yield octets;
  }
}

/** Octets before `end`, and when they were captured; `undefined`: with what stands before them. */
interface Mark {
  readonly end: number;
  readonly at: bigint | undefined;
}

/** The recording cut where time went on. */
export function* piecesOf(recording: Buffer): Generator<Piece> {
  let first: bigint | undefined;
  let begin = 0;
  let end = 0;
  let due = 0;
  for (const { end: next, at } of recording.readUInt32LE(0) === SECTION ? blocks(recording) : records(recording)) {
    first ??= at;
    const atMs = at === undefined || first === undefined ? due : Number(at - first) / 1e6;
    if (atMs > due) {
      if (end > begin) yield { atMs: due, octets: recording.subarray(begin, end) };
      begin = end;
      due = Math.ceil(atMs / TOGETHER_MS) * TOGETHER_MS;
    }
    end = next;
  }
  yield { atMs: due, octets: recording.subarray(begin) };
}

/** Of pcap, by nanoseconds, little-endian: as the lab's tcpdump writes it. */
function* records(recording: Buffer): Generator<Mark> {
  for (let at = PCAP_HEAD; at + PCAP_RECORD <= recording.length; ) {
    const time = BigInt(recording.readUInt32LE(at)) * 1_000_000_000n + BigInt(recording.readUInt32LE(at + 4));
    at += PCAP_RECORD + recording.readUInt32LE(at + 8);
    yield { end: at, at: time };
  }
}

/** Of pcapng, by nanoseconds, little-endian: as why502-capture writes it. */
function* blocks(recording: Buffer): Generator<Mark> {
  for (let at = 0; at + PCAPNG_BLOCK <= recording.length; ) {
    const packet = recording.readUInt32LE(at) === PACKET;
    const time = packet
      ? (BigInt(recording.readUInt32LE(at + 12)) << 32n) | BigInt(recording.readUInt32LE(at + 16))
      : undefined;
    at += recording.readUInt32LE(at + 4);
    yield { end: at, at: time };
  }
}

const PCAP_HEAD = 24;
const PCAP_RECORD = 16;
const SECTION = 0x0a0d0d0a;
const PACKET = 6;
/** Type, length, and the fields of a packet up to its time. */
const PCAPNG_BLOCK = 12;
