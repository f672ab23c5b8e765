/**
 * Reads one capture from end to end: FILE, `-`, or a stream that somebody else opened (the capture program's output).
 * Never holds more of it than a piece and a record. What the environment refuses is a failure, what the octets spoil is
 * damage: both are values.
 */
import type { Readable } from 'node:stream';
import type { RecordSink } from '../model/source-record.ts';
import type { Nanos } from '../model/time.ts';
import { codeOf, failureOf, type InputFailure, notACapture } from './failure.ts';
import { looksLike } from './looks-like.ts';
import { CaptureStream } from './pcap/capture-stream.ts';
import type { Damage } from './pcap/damage.ts';
import { type CaptureInterface, Reading, type ReadingHooks } from './pcap/reading.ts';
import { type Opened, openPieces, openStream, type Pieces, unpacked } from './pieces.ts';

export interface ReadOptions extends ReadingHooks {
  /** After each piece, once there was a record: all that it held were handed on. `latest` is the highest time so far. */
  batch?(latest: Nanos): void;
  /** Before each piece is read: octets so far, of how many. */
  progress?(octets: number, size: number | undefined): void;
  /** Times are counted from here (nanoseconds since 1970) instead of from the first record. */
  readonly countFrom?: bigint;
  /** Ends the reading after the piece that is being read; what was read stands. */
  readonly signal?: AbortSignal;
}

export interface CaptureSummary {
  readonly kind: 'summary';
  /** As given: unsafe to print as it is. */
  readonly name: string;
  /** `undefined` where the signal came before the first octets. */
  readonly format: 'pcap' | 'pcapng' | undefined;
  /** Octets read from the file, packed or not. */
  readonly octets: number;
  readonly frames: number;
  readonly journalEntries: number;
  readonly comments: number;
  /** Records that the capture itself says were lost. */
  readonly lost: number;
  /** What Nanos 0 stands for, in nanoseconds since 1970. */
  readonly epoch: bigint;
  readonly earliest: Nanos;
  readonly latest: Nanos;
  /** At most `MAX_INTERFACES_TOLD`. A pcap file has one, without a name. */
  readonly interfaces: readonly CaptureInterface[];
  readonly linkTypes: readonly number[];
  readonly damage: Damage | undefined;
  /** The signal ended it. */
  readonly aborted: boolean;
}

/** Octets looked at to say what a file is that is no capture. */
const LOOK = 512;

/** Hands every record of FILE (`-`: standard input) to `sink`. Never rejects for what a file or a file system does. */
export async function readCapture(
  path: string,
  sink: RecordSink,
  options: ReadOptions = {},
): Promise<CaptureSummary | InputFailure> {
  const name = path === '-' ? 'standard input' : path;
  let opened: Opened;
  try {
    opened = await openPieces(path, options.signal);
  } catch (error) {
    return failureOf(name, error);
  }
  return readOpened(name, opened, sink, options);
}

/** The same for a stream, which is destroyed afterwards. */
export async function readCaptureStream(
  name: string,
  stream: Readable,
  sink: RecordSink,
  options: ReadOptions = {},
): Promise<CaptureSummary | InputFailure> {
  return readOpened(name, openStream(stream, options.signal), sink, options);
}

async function readOpened(
  name: string,
  opened: Opened,
  sink: RecordSink,
  options: ReadOptions,
): Promise<CaptureSummary | InputFailure> {
  try {
    return await new CaptureRead(name, sink, options).run(opened);
  } finally {
    await opened.close();
  }
}

class CaptureRead {
  readonly #name: string;
  readonly #options: ReadOptions;
  readonly #reading: Reading;
  readonly #stream: CaptureStream;
  #octets = 0;
  #handingOn = false;
  #look = Buffer.alloc(0);

  constructor(name: string, sink: RecordSink, options: ReadOptions) {
    this.#name = name;
    this.#options = options;
    this.#reading = new Reading(sink, options, options.countFrom);
    this.#stream = new CaptureStream(this.#reading);
  }

  async run(opened: Opened): Promise<CaptureSummary | InputFailure> {
    try {
      for await (const piece of unpacked(this.#counted(opened))) {
        if (this.#stream.format === undefined) this.#look = Buffer.concat([this.#look, piece.subarray(0, LOOK)]);
        this.#handOn(piece);
        if (this.#finished) break;
      }
      if (!this.#aborted) this.#stream.end();
    } catch (error) {
      if (this.#handingOn) throw error; // not the file's fault
      if (!this.#aborted) this.#broken(error);
    }
    return this.#result();
  }

  get #aborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  get #finished(): boolean {
    return this.#aborted || this.#reading.damage !== undefined || this.#stream.format === 'unknown';
  }

  #handOn(piece: Uint8Array): void {
    this.#handingOn = true;
    this.#stream.push(piece);
    if (this.#reading.records > 0) this.#options.batch?.(this.#reading.latest);
    this.#handingOn = false;
  }

  async *#counted({ pieces, size }: Opened): Pieces {
    for await (const piece of pieces) {
      this.#octets += piece.length;
      this.#options.progress?.(this.#octets, size);
      yield piece;
    }
  }

  /** The octets stopped coming for a reason that is not in them, or not in the capture's own format. */
  #broken(error: unknown): void {
    const code = codeOf(error);
    const offset = this.#stream.received;
    if (code === 'Z_BUF_ERROR') this.#reading.cutShort(offset, 'the gzip data ends too early');
    else if (code.startsWith('Z_')) this.#reading.damaged(offset, 'the gzip data is damaged');
    else this.#reading.damaged(offset, `reading stopped: ${code}`);
  }

  #result(): CaptureSummary | InputFailure {
    const { format } = this.#stream;
    const { damage, interfaces, epoch, earliest, latest } = this.#reading;
    if (format === 'unknown' || (format === undefined && !this.#aborted)) {
      const { what, remedy } = looksLike(this.#look);
      return notACapture(this.#name, damage ? damage.text : what, damage ? damage.remedy : remedy);
    }
    const { frames, journalEntries, comments, lost } = this.#reading;
    const times = latest >= earliest ? { earliest, latest } : { earliest: 0, latest: 0 };
    const linkTypes = [...new Set(interfaces.map(({ linkType }) => linkType))];
    const counts = { octets: this.#octets, frames, journalEntries, comments, lost };
    const found = { interfaces, linkTypes, damage, aborted: this.#aborted };
    return { kind: 'summary', name: this.#name, format, ...counts, epoch: epoch ?? 0n, ...times, ...found };
  }
}
