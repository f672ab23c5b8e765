/**
 * What reading one capture has come to so far, whatever its format: the one reused frame, the numbers, the clock's zero.
 * Both parsers write here; the file reader makes its summary from it.
 */

import type { Frame, JournalEntry, Loss, RecordSink } from '../../model/source-record.ts';
import { type Nanos, NO_TIME } from '../../model/time.ts';
import type { Damage } from './damage.ts';

const CUT_SHORT_REMEDY =
  'Normal where the capture is still running or was killed; otherwise copy the file again. All before it was read.';

const DAMAGED_REMEDY = 'Copy the file again (binary mode) and compare checksums; all before this record was read.';

/** What a capture tells besides its records. */
export interface ReadingHooks {
  /** What Nanos 0 stands for, in nanoseconds since 1970: told before the first record that has a time. */
  epoch?(epoch: bigint): void;
  /** A comment that somebody wrote on a record (pcapng opt_comment). Unsafe to print as it is. */
  comment?(record: number, text: string): void;
}

export interface CaptureInterface {
  readonly id: number;
  /** Empty where the capture names none. Unsafe to print as it is. */
  readonly name: string;
  readonly linkType: number;
  readonly snapLength: number;
}

/** Interfaces kept for the summary; a capture of many sections may describe more than anybody wants to read. */
export const MAX_INTERFACES_TOLD = 256;

export class Reading {
  /** Frames and journal entries: the number of the last one handed on. */
  records = 0;
  frames = 0;
  journalEntries = 0;
  comments = 0;
  /** Records that the capture says were lost. */
  lost = 0;
  /** Of frames; of journal entries while there is none. */
  earliest: Nanos = Number.POSITIVE_INFINITY;
  latest: Nanos = Number.NEGATIVE_INFINITY;
  epoch: bigint | undefined;
  damage: Damage | undefined;
  readonly interfaces: CaptureInterface[] = [];
  /** Reused for every frame; whoever fills it calls `give`. */
  readonly frame: Frame;

  readonly #sink: RecordSink;
  readonly #hooks: ReadingHooks;
  #epochTold = false;

  /** With `epoch`, times are counted from there; otherwise from the first record. */
  constructor(sink: RecordSink, hooks: ReadingHooks = {}, epoch?: bigint) {
    this.#sink = sink;
    this.#hooks = hooks;
    this.epoch = epoch;
    const octets = { bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)), start: 0, end: 0 };
    this.frame = { number: 0, at: NO_TIME, linkType: 0, interfaceId: 0, octets, wireLength: 0 };
  }

  /** The epoch, which is the time of this first record unless it was given. */
  epochFrom(first: bigint): bigint {
    this.epoch ??= first;
    if (!this.#epochTold) {
      this.#epochTold = true;
      this.#hooks.epoch?.(this.epoch);
    }
    return this.epoch;
  }

  /** Numbers `frame` and hands it on. */
  give(): void {
    const { frame } = this;
    // Entries before the first one may be as old as the capture of which this is a cut.
    if (this.frames++ === 0) this.earliest = frame.at;
    frame.number = ++this.records;
    this.#seen(frame.at, true);
    this.#sink.frame(frame);
  }

  /** The next record is a journal entry; `at` undefined: as late as the record before. */
  giveJournal(at: Nanos | undefined, fields: JournalEntry['fields']): void {
    if (at !== undefined) this.frame.at = at;
    this.journalEntries++;
    this.records++;
    this.#seen(this.frame.at, this.frames === 0);
    this.#sink.journal({ number: this.records, at: this.frame.at, fields });
  }

  giveLoss(loss: Loss): void {
    this.lost += loss.count;
    this.#sink.loss(loss);
  }

  giveComment(text: string): void {
    this.comments++;
    this.#hooks.comment?.(this.records, text);
  }

  describe(described: CaptureInterface): void {
    if (this.interfaces.length < MAX_INTERFACES_TOLD) this.interfaces.push(described);
  }

  /** The record at `offset` cannot be read; nothing after it will be. */
  damaged(offset: number, text: string, remedy: string = DAMAGED_REMEDY): void {
    this.damage ??= { kind: 'damaged', offset, record: this.records + 1, text, remedy };
  }

  cutShort(offset: number, text: string): void {
    this.damage ??= { kind: 'cut-short', offset, record: this.records + 1, text, remedy: CUT_SHORT_REMEDY };
  }

  #seen(at: Nanos, mayBeFirst: boolean): void {
    if (at > this.latest) this.latest = at;
    if (mayBeFirst && at < this.earliest) this.earliest = at;
  }
}
