/** tcpdump around a run: complete before the load starts, flushed after it, and its drops counted. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
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
}

const TAIL_OCTETS = 65_536;

export async function startCapture(dir: string, options: CaptureOptions): Promise<Capture> {
  const args = ['-i', options.interface, '-B', String(options.bufferKib), '-s', String(options.snaplen)];
  args.push('--nano', '-n', '-U', '-Z', 'root', '-w', options.file);
  if (options.filter !== undefined) args.push(options.filter);
  const program = start('tcpdump', dir, 'tcpdump', args, 'stderr');
  let said = '';
  program.process.stderr?.on('data', (octets: Buffer) => {
    said += octets.toString();
  });
  await printed(program, 'listening on');
  return {
    file: options.file,
    program,
    async finish(last) {
      await waitForLast(program, options.file, last);
      await program.stop('SIGINT');
      const dropped = /(\d+) packets? dropped by kernel/.exec(said)?.[1];
      if (dropped === undefined) throw new Error(`tcpdump did not say what it dropped: ${said}`);
      return Number(dropped);
    },
  };
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
