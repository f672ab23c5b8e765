/** Writes a pcap file in nanoseconds, frame by frame, in large pieces. */
import { closeSync, openSync, writeSync } from 'node:fs';

const PIECE = 4 << 20;
const RECORD_HEADER = 16;

export class CaptureWriter {
  readonly #file: number;
  readonly #buffer = Buffer.alloc(PIECE);
  #filled = 24;
  frames = 0;

  constructor(path: string, linkType: number) {
    this.#file = openSync(path, 'w');
    for (const [n, word] of [0xa1b23c4d, 0x0004_0002, 0, 0, 262_144, linkType].entries()) {
      this.#buffer.writeUInt32LE(word, n * 4);
    }
  }

  /** `at` in nanoseconds; `wireLength` where the file holds less than the wire carried. */
  frame(at: number, octets: Uint8Array, wireLength: number = octets.length): void {
    if (this.#filled + RECORD_HEADER + octets.length > PIECE) this.#flush();
    const buffer = this.#buffer;
    let to = buffer.writeUInt32LE(Math.floor(at / 1e9), this.#filled);
    to = buffer.writeUInt32LE(Math.floor(at % 1e9), to);
    to = buffer.writeUInt32LE(octets.length, to);
    to = buffer.writeUInt32LE(wireLength, to);
    buffer.set(octets, to);
    this.#filled = to + octets.length;
    this.frames++;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#buffer, 0, this.#filled);
    this.#filled = 0;
  }
}
