/** Captures made of another one: cut to a snap length, or with frames lost, doubled and out of order. */
import type { Frame } from '../../src/model/source-record.ts';
import { readCapture } from '../../src/sources/capture-file.ts';
import { Random } from '../properties/random.ts';
import { CaptureWriter } from './capture-writer.ts';

interface Kept {
  readonly at: number;
  readonly octets: Uint8Array;
  readonly wireLength: number;
}

async function eachFrame(path: string, take: (frame: Frame) => void): Promise<void> {
  const summary = await readCapture(path, { frame: take, journal: () => {}, loss: () => {} });
  if (summary.kind === 'failure' || summary.damage) throw new Error(`${path} cannot be read`);
}

function octetsOf({ octets: { bytes, start, end } }: Frame, most = Number.POSITIVE_INFINITY): Uint8Array {
  return bytes.subarray(start, Math.min(end, start + most));
}

/** The same frames with `snapLength` octets of each. */
export async function writeCut(source: string, path: string, snapLength: number): Promise<void> {
  let writer: CaptureWriter | undefined;
  await eachFrame(source, (frame) => {
    writer ??= new CaptureWriter(path, frame.linkType);
    writer.frame(frame.at, octetsOf(frame, snapLength), frame.wireLength);
  });
  writer?.close();
}

/** How many frames later a frame that is out of order comes, at most. */
const DISPLACED = 8;

/** One frame in ten out of order, one in a hundred lost, one in fifty twice; the same ones every time. */
export async function writeBad(source: string, path: string): Promise<void> {
  const random = new Random(502);
  const late: { due: number; frame: Kept }[] = [];
  let writer: CaptureWriter | undefined;
  let count = 0;
  await eachFrame(source, (frame) => {
    writer ??= new CaptureWriter(path, frame.linkType);
    count++;
    const chance = random.below(1000);
    if (chance < 100) {
      const octets = Uint8Array.from(octetsOf(frame));
      const due = count + 1 + random.below(DISPLACED);
      late.push({ due, frame: { at: frame.at, octets, wireLength: frame.wireLength } });
    } else if (chance >= 110) {
      writer.frame(frame.at, octetsOf(frame), frame.wireLength);
      if (chance < 130) writer.frame(frame.at + 1000, octetsOf(frame), frame.wireLength);
    }
    while (late[0] && late[0].due <= count) {
      const { octets, wireLength } = (late.shift() as (typeof late)[number]).frame;
      // A capture is in the order of its own clock: what comes late has a late time.
      writer.frame(frame.at, octets, wireLength);
    }
  });
  writer?.close();
}
