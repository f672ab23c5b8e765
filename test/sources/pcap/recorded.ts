/** Everything a capture handed on, as values to compare; whole or in pieces. */
import type { Frame } from '../../../src/model/source-record.ts';
import { CaptureStream } from '../../../src/sources/pcap/capture-stream.ts';
import { Reading } from '../../../src/sources/pcap/reading.ts';

export type Recorded = Record<string, unknown> & { is: 'frame' | 'journal' | 'loss' | 'comment' | 'epoch' };

export interface Recording {
  records: Recorded[];
  frames: Recorded[];
  reading: Reading;
  format: CaptureStream['format'];
}

/** Reads `capture` in pieces of the given sizes; what is left comes as one more piece. Ends it unless told not to. */
export function record(capture: Uint8Array, sizes: number[] = [], countFrom?: bigint): Recording {
  const records: Recorded[] = [];
  const sink = {
    frame: (frame: Frame): void => void records.push(keptFrame(frame)),
    journal: (entry: object): void => void records.push({ is: 'journal', ...entry }),
    loss: (loss: object): void => void records.push({ is: 'loss', ...loss }),
  };
  const hooks = {
    comment: (number: number, text: string): void => void records.push({ is: 'comment', number, text }),
    epoch: (epoch: bigint): void => void records.push({ is: 'epoch', epoch }),
  };
  const reading = new Reading(sink, hooks, countFrom);
  const stream = new CaptureStream(reading);
  let at = 0;
  for (const size of sizes) {
    push(stream, capture.subarray(at, at + size));
    at += size;
  }
  push(stream, capture.subarray(at));
  stream.end();
  return { records, frames: records.filter(({ is }) => is === 'frame'), reading, format: stream.format };
}

/** The same capture one octet at a time. */
export function recordByOctet(capture: Uint8Array): Recording {
  return record(capture, new Array<number>(capture.length).fill(1));
}

/** Hands over a copy and spoils it afterwards: octets that were kept by reference would show. */
function push(stream: CaptureStream, piece: Uint8Array): void {
  const borrowed = piece.slice();
  stream.push(borrowed);
  borrowed.fill(0xee);
}

function keptFrame(frame: Frame): Recorded {
  const { bytes, start, end } = frame.octets;
  return { is: 'frame', ...frame, octets: Buffer.from(bytes.subarray(start, end)).toString('hex') };
}
