/** A capture program that delivers these octets and ends with that code once it is told to, or when all is read. */
import { Readable } from 'node:stream';
import type { StartCapture } from '../../../src/commands/capture-run.ts';
import type { CaptureWish } from '../../../src/sources/capture/program.ts';

export interface FakeProgram {
  readonly start: StartCapture;
  /** What it was asked for, so far. */
  readonly wishes: CaptureWish[];
}

export function fakeProgram(octets: Uint8Array | Iterable<Uint8Array>, code: number): FakeProgram {
  const wishes: CaptureWish[] = [];
  const start: StartCapture = async (wish, _, meanwhile) => {
    wishes.push(wish);
    await meanwhile?.();
    let tell = (_: number): void => {};
    const ended = new Promise<number>((resolve) => {
      tell = resolve;
    });
    const stream = Readable.from(octets instanceof Uint8Array ? [octets] : octets);
    stream.once('close', () => tell(code));
    return { stream, ended, stop: () => tell(code) };
  };
  return { start, wishes };
}
