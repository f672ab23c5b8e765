/** A live run as live tests use it: started in a namespace, waited for until it captures, its lines and their times of arrival. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import { inside } from '../lab/netns.ts';
import { until } from '../lab/programs/start.ts';
import { make, type Place, READY } from './capture-program.ts';
import { CLI } from './stage.ts';

export interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface LiveRun {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Of its capture program. */
  readonly program: number;
  readonly lines: readonly Line[];
  /** When each line arrived. */
  readonly arrived: readonly number[];
  /** From its start until it captured. */
  readonly startedIn: number;
  /** Code and signal. */
  readonly ended: Promise<unknown>;
  said(): string;
}

export async function startLive({ stage, namespace }: Place, ...args: readonly string[]): Promise<LiveRun> {
  make();
  const started = Date.now();
  const [command, words] = inside(namespace, process.execPath, [
    CLI,
    'live',
    '-i',
    'lo',
    '--format',
    'ndjson',
    ...args,
  ]);
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  stage.atEnd(() => void child.kill('SIGKILL'));
  const lines: Line[] = [];
  const arrived: number[] = [];
  let said = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line));
    arrived.push(Date.now());
  });
  child.stderr.on('data', (octets: Buffer) => {
    said += octets.toString();
  });
  const ended = once(child, 'close');
  await until('it captures', () => said.includes(READY));
  const startedIn = Date.now() - started;
  const program = await captureProgramOf(child.pid ?? Number.NaN);
  return { child, program, lines, arrived, startedIn, ended, said: () => said };
}

/** What captures for this run, the one process that it starts, once it is there. */
export async function captureProgramOf(node: number): Promise<number> {
  let found: number | undefined;
  await until(`process ${node} has its capture program`, () => {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    found = pids.map(Number).find((pid) => field(pid, 'PPid') === String(node));
    return found !== undefined;
  });
  return found ?? expect.fail('there is none');
}

/** A field of /proc/PID/status (proc(5)); nothing if there is no such process. */
export function field(pid: number, name: string): string | undefined {
  const status = statusOf(pid);
  return new RegExp(`^${name}:\t(.*)$`, 'm').exec(status)?.[1]?.trim();
}

/** Is it there, and not just waiting to be collected? */
export function runs(pid: number): boolean {
  return field(pid, 'State')?.startsWith('Z') === false;
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
