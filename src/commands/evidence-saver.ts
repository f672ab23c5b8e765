/** Saves one incident while the terminal UI is open: its packets as pcapng, its story as text beside them. */
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordSink } from '../model/source-record.ts';
import type { Verdict } from '../model/verdict.ts';
import { evidencePicker, planOf } from '../sinks/evidence.ts';
import { EvidenceWriter, makeDirectory, saveText } from '../sinks/evidence-files.ts';
import { FrameRing } from '../sinks/frame-ring.ts';
import { safeName } from '../sinks/safe-text.ts';
import type { Mask } from '../sinks/secrets.ts';
import { readCapture } from '../sources/capture-file.ts';
import * as blocks from '../sources/pcap/writer.ts';
import { FrameDecoder } from '../wire/decode.ts';

/** Made where the program was started. */
export const EVIDENCE_FOLDER = 'why502-evidence';

export interface SaverOptions {
  /** As the user named it. */
  readonly file: string;
  /** It can be read a second time; otherwise the newest frames are kept. */
  readonly again: boolean;
  /** Where files go; a new one in the temporary directory where this user may not write there. */
  readonly directory: string;
  readonly mask: Mask;
  readonly epoch: () => bigint;
  readonly story: (verdict: Verdict) => string;
}

export class EvidenceSaver {
  readonly #options: SaverOptions;
  readonly #ring: FrameRing | undefined;
  #writable: string | undefined;

  constructor(options: SaverOptions) {
    this.#options = options;
    this.#ring = options.again ? undefined : new FrameRing();
  }

  /** What the pipeline is given, with the newest frames kept on the way. */
  before(pipeline: RecordSink): RecordSink {
    const ring = this.#ring;
    if (!ring) return pipeline;
    return {
      frame(frame) {
        ring.keep(frame);
        pipeline.frame(frame);
      },
      journal: (entry) => pipeline.journal(entry),
      loss: (loss) => pipeline.loss(loss),
    };
  }

  /** Says what was saved, and where. */
  async save(verdict: Verdict): Promise<string> {
    const { file, mask, epoch, story } = this.#options;
    this.#writable ??= writableDirectory(this.#options.directory);
    const directory = this.#writable;
    const plan = planOf(verdict, mask);
    const writer = new EvidenceWriter(directory, { file, epoch: epoch() }, blocks);
    let frames = 0;
    const pick = evidencePicker(
      [plan],
      (sink) => new FrameDecoder(sink),
      (wanted, frame) => {
        frames++;
        writer.keep(wanted, frame);
      },
    );
    try {
      if (this.#ring) this.#ring.replay(pick);
      else await readCapture(file, { frame: pick, journal: () => {}, loss: () => {} }, { countFrom: epoch() });
    } finally {
      writer.close();
    }
    const text = saveText(directory, file, plan, story(verdict));
    const packets = frames > 0 ? `${frames} packets (as captured: with secrets)` : 'no packets, they are gone';
    return `Saved ${packets} and the story: ${safeName(text.replace(/\.txt$/, ''))}`;
  }
}

function writableDirectory(wanted: string): string {
  try {
    makeDirectory(wanted);
    accessSync(wanted, constants.W_OK);
    return wanted;
  } catch {
    return mkdtempSync(join(tmpdir(), `${EVIDENCE_FOLDER}-`));
  }
}
