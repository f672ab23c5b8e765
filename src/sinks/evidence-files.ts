/**
 * The files of `--save-evidence`. This may run as root in a directory that others can write to, so a file is only ever
 * created new (O_EXCL), never through a link, readable by its owner alone: captures hold secrets in clear.
 */
import { closeSync, constants, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Frame } from '../model/source-record.ts';
import type { EvidencePlan } from './evidence.ts';

/** Octets of frames in one file; a large upload before the failure explains nothing more. */
export const EVIDENCE_OCTETS_LIMIT: number = 32 * 1024 * 1024;
/** Names tried for one file before giving up; more re-runs into one directory are a mistake. */
export const NAMES_TRIED = 100;

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Writes pcapng blocks (sources/pcap/writer.ts). */
export interface Blocks {
  sectionBlock(spec: { application: string; comment: string }): Uint8Array;
  interfaceBlock(spec: { linkType: number }): Uint8Array;
  packetBlock(spec: { interfaceId: number; at: bigint; octets: Uint8Array; wireLength: number }): Uint8Array;
}

interface EvidenceFile {
  readonly descriptor: number;
  /** Interface of the capture -> its number in this file. */
  readonly interfaces: Map<number, number>;
  octets: number;
}

export class EvidenceWriter {
  /** Frames left out because their file was full. */
  omitted = 0;
  readonly #files = new Map<EvidencePlan, EvidenceFile>();
  readonly #directory: string;
  readonly #capture: string;
  readonly #epoch: bigint;
  readonly #blocks: Blocks;

  constructor(directory: string, capture: { readonly file: string; readonly epoch: bigint }, blocks: Blocks) {
    this.#directory = directory;
    this.#capture = capture.file;
    this.#epoch = capture.epoch;
    this.#blocks = blocks;
  }

  /** How many files there are. */
  get files(): number {
    return this.#files.size;
  }

  /** Throws what the system says. The frame is borrowed. */
  keep(plan: EvidencePlan, frame: Frame): void {
    const file = this.#fileOf(plan);
    const octets = frame.octets.bytes.subarray(frame.octets.start, frame.octets.end);
    if (file.octets + octets.length > EVIDENCE_OCTETS_LIMIT) {
      this.omitted++;
      return;
    }
    file.octets += octets.length;
    const interfaceId = this.#interfaceOf(file, frame);
    const at = this.#epoch + BigInt(frame.at);
    writeAll(file.descriptor, this.#blocks.packetBlock({ interfaceId, at, octets, wireLength: frame.wireLength }));
  }

  close(): void {
    for (const { descriptor } of this.#files.values()) closeSync(descriptor);
  }

  #fileOf(plan: EvidencePlan): EvidenceFile {
    const known = this.#files.get(plan);
    if (known) return known;
    const created = createFile(this.#directory, evidenceStem(this.#capture, plan), '.pcapng');
    const file = { descriptor: created.descriptor, interfaces: new Map(), octets: 0 };
    this.#files.set(plan, file);
    writeAll(file.descriptor, this.#blocks.sectionBlock({ application: 'why502', comment: plan.comment }));
    return file;
  }

  #interfaceOf(file: EvidenceFile, { interfaceId, linkType }: Frame): number {
    const known = file.interfaces.get(interfaceId);
    if (known !== undefined) return known;
    const own = file.interfaces.size;
    file.interfaces.set(interfaceId, own);
    writeAll(file.descriptor, this.#blocks.interfaceBlock({ linkType }));
    return own;
  }
}

/** With those above it. Throws what the system says; mkdirSync's own `recursive` never comes back from below /proc. */
export function makeDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(directory);
  if (above !== directory) makeDirectory(above);
  mkdirSync(directory, { mode: 0o700 });
}

/** A text beside the packets of the same incident; its path. Throws what the system says. */
export function saveText(directory: string, capture: string, plan: EvidencePlan, text: string): string {
  const { descriptor, path } = createFile(directory, evidenceStem(capture, plan), '.txt');
  writeAll(descriptor, Buffer.from(text, 'utf8'));
  closeSync(descriptor);
  return path;
}

function evidenceStem(capture: string, { id, cause }: EvidencePlan): string {
  return [captureStem(capture), id, cause].map(fileName).join('-');
}

/** A new file `DIR/STEM.pcapng`; `-2`, `-3` ... where the name is taken. */
function createFile(directory: string, stem: string, ending: string): { descriptor: number; path: string } {
  for (let turn = 1; ; turn++) {
    const path = join(directory, `${stem}${turn === 1 ? '' : `-${turn}`}${ending}`);
    try {
      return { descriptor: openSync(path, CREATE, 0o600), path };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || turn >= NAMES_TRIED) throw error;
    }
  }
}

function writeAll(descriptor: number, octets: Uint8Array): void {
  for (let written = 0; written < octets.length; ) written += writeSync(descriptor, octets, written);
}

function captureStem(capture: string): string {
  return basename(capture).replace(/(?:\.(?:pcapng|pcap|cap|gz|dmp))+$/i, '');
}

/** Letters, digits, `.`, `_`, `-`; never empty, never hidden, of bounded length. */
function fileName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^\.+/, '');
  return safe.slice(0, 80) || 'capture';
}
