/** Many cases in a process of their own, watched: no case may crash, hang or grow. Failures are kept as files. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../corpus/corpus.ts';
import { caseOf, octetsOfCase } from './case.ts';
import type { Mutation } from './mutate.ts';

export interface Job {
  /** Module with `run(octets)`, which throws for whatever is wrong. */
  readonly target: string;
  readonly captures: readonly [string, ...string[]];
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The captures as they are, `from` and `to` counting them, instead of mutations of them. */
  readonly replay: boolean;
  readonly progress: string;
}

export interface Failure {
  readonly number: number;
  readonly wrong: string;
  readonly list: readonly Mutation[];
  /** base64; empty in a replay. */
  readonly octets: string;
}

/** A case takes milliseconds; this is for a machine on which everything stands still for a while, and for the start. */
const HANG_MS = 20_000;
const HEAP_MB = 400;

export const SEEDS: string = join(import.meta.dirname, 'seeds');

export type Plan = Omit<Job, 'progress'> & { readonly hangMs?: number };

/** Runs the plan; what failed, in order. */
export async function campaign(plan: Plan): Promise<Failure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-'));
  try {
    return await inChild({ ...plan, progress: join(folder, 'progress') }, plan.hangMs ?? HANG_MS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inChild(job: Job, hangMs: number): Promise<Failure[]> {
  writeFileSync(job.progress, '');
  const child = spawn(
    process.execPath,
    ['--expose-gc', `--max-old-space-size=${HEAP_MB}`, '--import', 'tsx', join(import.meta.dirname, 'child.ts')],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let out = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  child.stdin.end(JSON.stringify(job));

  let last = '';
  let since = Date.now();
  let hung = false;
  const watch = setInterval(() => {
    const now = readFileSync(job.progress, 'utf8');
    if (now !== last) {
      last = now;
      since = Date.now();
    } else if (Date.now() - since > (now === '' ? HANG_MS : hangMs)) {
      hung = true;
      child.kill('SIGKILL');
    }
  }, 200);
  const exit = await new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `exit ${code ?? signal}`));
  });
  clearInterval(watch);

  const failures: Failure[] = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  if (exit === '') return failures;
  const number = Number(readFileSync(job.progress, 'utf8') || '-1');
  const wrong = hung ? `no end after ${hangMs} ms` : `${exit}: ${complaints}`;
  if (number < 0 || job.replay) return [...failures, { number, wrong, list: [], octets: '' }];
  const ended = caseOf(job.seed, number, job.captures);
  return [
    ...failures,
    { number, wrong, list: ended.list, octets: Buffer.from(octetsOfCase(ended)).toString('base64') },
  ];
}

/** Writes the octets of a failure to `folder`, where every later run replays them; the file's path. */
export function keep(failure: Failure, folder: string): string {
  const octets = Buffer.from(failure.octets, 'base64');
  const path = join(folder, `${sha256(octets).slice(0, 12)}.capture`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, octets);
  return path;
}
