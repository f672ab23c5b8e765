/** Runs programs from start to end and tells what they took: seconds, and peak memory where it can be had. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';

const CLI = join(import.meta.dirname, '../../dist/cli.js');
/** GNU time tells the peak of any program. */
const TIME = '/usr/bin/time';

/** A run that takes longer is ended. */
export const PATIENCE_SECONDS = 60;

export interface Cost {
  readonly seconds: number;
  /** In MB; not a number where it cannot be had. */
  readonly peak: number;
  /** It was ended: it takes longer than `seconds`. */
  readonly ended: boolean;
}

export function why502(file: string): readonly string[] {
  return [process.execPath, CLI, 'analyze', file, '--format', 'ndjson'];
}

/** `input` goes to its standard input; what it writes is thrown away. */
export async function cost(command: readonly string[], input?: Readable, patience = PATIENCE_SECONDS): Promise<Cost> {
  const timed = existsSync(TIME) ? [TIME, '-f', 'peak %M', ...command] : command;
  const started = process.hrtime.bigint();
  // In a group of its own: what is ended is the program, not only what times it.
  const stdio = [input ? 'pipe' : 'ignore', 'ignore', 'pipe'] as const;
  const child = spawn(timed[0] as string, timed.slice(1), { stdio: [...stdio], detached: true });
  if (input && child.stdin) pipeline(input, child.stdin, () => {});
  let ended = false;
  const timer = setTimeout(() => {
    ended = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, patience * 1000);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-1000);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (code !== 0 && !ended) throw new Error(`${command.join(' ')}: ${said}`);
  return { seconds, peak: (Number(/peak (\d+)/.exec(said)?.[1] ?? Number.NaN) * 1024) / 1e6, ended };
}

/**
 * Each command `rounds` times, in turn, so that what else the machine does falls on all of them; the medians. One that
 * was ended once is not run again.
 */
export async function inTurn(commands: readonly (readonly string[])[], rounds: number): Promise<Cost[]> {
  const costs: Cost[][] = commands.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [n, command] of commands.entries()) {
      const soFar = costs[n] as Cost[];
      if (!soFar.some(({ ended }) => ended)) soFar.push(await cost(command));
    }
  }
  return costs.map((all) => ({
    seconds: all.find(({ ended }) => ended)?.seconds ?? median(all.map(({ seconds }) => seconds)),
    peak: Math.max(...all.map(({ peak }) => peak)),
    ended: all.some(({ ended }) => ended),
  }));
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
