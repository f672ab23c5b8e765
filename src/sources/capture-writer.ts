/**
 * Writes frames and journal entries of one capture into a new pcapng file: the evidence of one incident, for example.
 * Interfaces are described as they are met. The file may hold secrets: nobody but its owner may read it.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Frame, JournalEntry } from '../model/source-record.ts';
import { interfaceBlock, journalBlock, packetBlock, type SectionSpec, sectionBlock } from './pcap/writer.ts';

/** Octets gathered before they are written. */
const BUFFER = 256 * 1024;
const OWNER_ONLY = 0o600;

export class CaptureWriter {
  readonly #epoch: bigint;
  readonly #fd: number;
  readonly #buffer = new Uint8Array(BUFFER);
  #filled = 0;
  /** Ids in the new file, by id and link type in the old one: what is read back may have changed its mind. */
  readonly #interfaces = new Map<string, number>();

  /** Creates `path`, which must not exist yet; throws the system's error. `epoch` is that of the frames' times. */
  constructor(path: string, epoch: bigint, section: SectionSpec = {}) {
    this.#epoch = epoch;
    this.#fd = openSync(path, 'wx', OWNER_ONLY);
    this.#append(sectionBlock({ application: 'why502', ...section }));
  }

  /** Copies the frame; it is only borrowed. */
  frame(frame: Frame, comment?: string): void {
    const { bytes, start, end } = frame.octets;
    const packet = { interfaceId: this.#interface(frame), at: this.#epoch + BigInt(Math.round(frame.at)) };
    const octets = bytes.subarray(start, end);
    const spec = { ...packet, octets, wireLength: frame.wireLength };
    this.#append(packetBlock(comment === undefined ? spec : { ...spec, comment }));
  }

  journal(entry: JournalEntry): void {
    this.#append(journalBlock(entry.fields));
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #interface({ interfaceId, linkType }: Frame): number {
    const key = `${interfaceId}/${linkType}`;
    const known = this.#interfaces.get(key);
    if (known !== undefined) return known;
    const id = this.#interfaces.size;
    this.#interfaces.set(key, id);
    this.#append(interfaceBlock({ linkType }));
    return id;
  }

  #append(block: Uint8Array): void {
    if (this.#filled + block.length > BUFFER) this.#flush();
    if (block.length > BUFFER) {
      this.#write(block);
      return;
    }
    this.#buffer.set(block, this.#filled);
    this.#filled += block.length;
  }

  #flush(): void {
    this.#write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #write(octets: Uint8Array): void {
    for (let at = 0; at < octets.length; ) at += writeSync(this.#fd, octets, at);
  }
}
