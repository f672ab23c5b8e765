/**
 * The files of a recording: a fixed number, all made in advance, since this process may not make any later, and bounded
 * together: where a new octet would be one too many, the oldest file is emptied. Each begins with what describes the rest.
 */
import { closeSync, constants, fchownSync, fstatSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { extname } from 'node:path';

export interface RecordingLimits {
  readonly files: number;
  /** Octets of all of them together. */
  readonly octets: number;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Part of the whole that one file may take: the rest is for those before it. */
const LARGEST_PART = 2;

export class RecordingFiles {
  readonly #limits: RecordingLimits;
  readonly #names: readonly string[];
  readonly #empty: Uint8Array;
  readonly #fds: number[] = [];
  readonly #sizes: number[];
  readonly #describing: Uint8Array[] = [];
  /** The file that is written to; -1 before the first. */
  #current = -1;
  /** How many of the describing blocks it has. */
  #described = 0;
  #octets = 0;
  /** Files begun so far, and octets written, whether they are still there or not. */
  begun = 0;
  written = 0;

  /** Throws what the file system says. @param empty what a file holds that nothing was written to */
  constructor(name: string, limits: RecordingLimits, empty: Uint8Array, owner: Owner | undefined) {
    this.#limits = limits;
    this.#names = namesOf(name, limits.files);
    this.#empty = empty;
    this.#sizes = Array(limits.files).fill(0);
    for (const each of this.#names) {
      // Not through a link that somebody put where the user may write: this may be root.
      const flags =
        constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND | constants.O_NOFOLLOW;
      const fd = openSync(each, flags, 0o600);
      this.#fds.push(fd);
      if (owner && fstatSync(fd).isFile()) fchownSync(fd, owner.uid, owner.gid);
      writeSync(fd, empty);
    }
  }

  /** The file that is written to. */
  get name(): string {
    return this.#names[this.#current] ?? '';
  }

  /** A block that every file from now on needs. */
  describes(block: Uint8Array): void {
    this.#describing.push(Uint8Array.from(block));
  }

  /** The next file, emptied. */
  begin(): void {
    this.#current = (this.#current + 1) % this.#limits.files;
    this.#truncate(this.#current);
    this.#described = 0;
    this.begun++;
  }

  write(octets: Uint8Array): void {
    if (this.#current < 0 || (this.#sizes[this.#current] ?? 0) + octets.length > this.#limits.octets / LARGEST_PART) {
      this.begin();
    }
    for (const block of this.#describing.slice(this.#described)) this.#add(block);
    this.#described = this.#describing.length;
    this.#add(octets);
  }

  /** Takes away what holds nothing, where that is allowed; returns the names of what stays although it is empty. */
  close(): string[] {
    return this.#names.filter((name, n) => {
      const fd = this.#fds[n] ?? -1;
      const emptied = this.#sizes[n] === 0;
      const stays = emptied && !isRemoved(name);
      if (stays && n < this.begun) writeSync(fd, this.#empty);
      closeSync(fd);
      return stays;
    });
  }

  #add(octets: Uint8Array): void {
    for (let n = 1; n < this.#limits.files && this.#octets + octets.length > this.#limits.octets; n++) {
      this.#truncate((this.#current + n) % this.#limits.files);
    }
    const fd = this.#fds[this.#current] ?? -1;
    for (let at = 0; at < octets.length; ) at += writeSync(fd, octets, at);
    this.#sizes[this.#current] = (this.#sizes[this.#current] ?? 0) + octets.length;
    this.#octets += octets.length;
    this.written += octets.length;
  }

  #truncate(n: number): void {
    ftruncateSync(this.#fds[n] ?? -1, 0);
    this.#octets -= this.#sizes[n] ?? 0;
    this.#sizes[n] = 0;
  }
}

/** A file of a recording is taken away, if that is allowed. */
export function isRemoved(name: string): boolean {
  try {
    unlinkSync(name);
    return true;
  } catch {
    // The folder is not ours any more.
    return false;
  }
}

/** case.pcapng is case.00.pcapng, case.01.pcapng and so on, as the capture program names its own. */
export function namesOf(name: string, count: number): string[] {
  const end = extname(name);
  const stem = end === '' ? name : name.slice(0, -end.length);
  const digits = String(count - 1).length;
  return Array.from({ length: count }, (_, n) => `${stem}.${String(n).padStart(digits, '0')}${end}`);
}
