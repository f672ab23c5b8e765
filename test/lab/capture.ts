/** tcpdump, or the project's own capture program, around a run: complete before the load starts, flushed after it, and its drops counted. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, printed, start, until } from './programs/start.ts';

export interface Capture {
  readonly file: string;
  /** Ends it once the file holds the octets `last`; returns how many packets the kernel dropped. */
  finish(last: string): Promise<number>;
  readonly program: Program;
}

export interface CaptureOptions {
  readonly file: string;
  readonly interface: string;
  readonly snaplen: number;
  readonly bufferKib: number;
  readonly filter?: string;
  /** With the kernel's events, by why502-capture. */
  readonly kernel?: boolean;
}

const WITNESS = join(import.meta.dirname, '../../native/build/why502-capture');

const TAIL_OCTETS = 65_536;

export async function startCapture(dir: string, options: CaptureOptions): Promise<Capture> {
  const name = options.kernel === true ? 'why502-capture' : 'tcpdump';
  const [command, args] = options.kernel === true ? [WITNESS, witnessWords(options)] : [name, tcpdumpWords(options)];
  const program = start(name, dir, command, args, 'stderr');
  let said = '';
  program.process.stderr?.on('data', (octets: Buffer) => {
    said += octets.toString();
  });
  await printed(program, options.kernel === true ? 'capturing on' : 'listening on');
  return {
    file: options.file,
    program,
    async finish(last) {
      await waitForLast(program, options.file, last);
      await program.stop('SIGINT');
      const dropped = /(\d+) packets? dropped by (?:the )?kernel/.exec(said)?.[1];
      if (dropped === undefined) throw new Error(`${name} did not say what it dropped: ${said}`);
      return Number(dropped);
    },
  };
}

function tcpdumpWords({ interface: from, bufferKib, snaplen, file, filter }: CaptureOptions): string[] {
  const words = ['-i', from, '-B', String(bufferKib), '-s', String(snaplen), '--nano', '-n', '-U', '-Z', 'root'];
  words.push('-w', file);
  if (filter !== undefined) words.push(filter);
  return words;
}

function witnessWords({ bufferKib, file }: CaptureOptions): string[] {
  return ['--syscalls', '--ring', `${bufferKib}K`, '-w', file];
}

function waitForLast(program: Program, file: string, last: string): Promise<void> {
  return until('the last packet is in the capture', () => readTail(file).includes(last), program, 60_000);
}

function readTail(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const tail = Buffer.alloc(Math.min(TAIL_OCTETS, size));
    readSync(descriptor, tail, 0, tail.length, size - tail.length);
    return tail;
  } finally {
    closeSync(descriptor);
  }
}
