/** A capture of the load, taken by tcpdump. */
import { spawn } from 'node:child_process';
import { startLoad } from './load.ts';

/** Longer than any recording takes: the load goes on until it is told to stop. */
const ENOUGH_SECONDS = 600;

/** Records the first `frames` frames of the load to `path`. tcpdump says when it listens and ends by itself. */
export async function record(path: string, frames: number): Promise<void> {
  const load = startLoad({ closing: 0 });
  try {
    const words = ['-i', 'lo', '-s', '0', '-B', '65536', '-Z', 'root', '-c', String(frames), '-w', path];
    const tcpdump = spawn(...load.inside('tcpdump', ...words), { stdio: ['ignore', 'ignore', 'pipe'] });
    const over = new Promise((resolve) => tcpdump.once('close', resolve));
    await new Promise((resolve) => tcpdump.stderr.once('data', resolve));
    const loader = load.ask(ENOUGH_SECONDS);
    await over;
    loader.kill('SIGINT');
    await new Promise((resolve) => loader.once('close', resolve));
  } finally {
    load.stop();
  }
}
