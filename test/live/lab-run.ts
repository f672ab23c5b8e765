/** A small run of the lab, in a process of its own that takes its namespaces and programs with it, and what is said of it. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { VerdictLine } from '../captures/analysis.ts';
import type { TruthRow } from '../lab/truth.ts';
import { CLI, type Stage } from './stage.ts';

const LAB = join(import.meta.dirname, '../lab/main.ts');
const MAX_OUTPUT = 1 << 28;

export interface LabRun {
  readonly capture: string;
  readonly truth: readonly TruthRow[];
  readonly lines: readonly VerdictLine[];
}

/** `words` are options of `npm run lab -- run`. */
export async function labRun(stage: Stage, ...words: readonly string[]): Promise<LabRun> {
  const out = join(stage.dir, 'run');
  const lab = stage.start('lab', [process.execPath, ['--import', 'tsx', LAB, 'run', '--out', out, ...words]]);
  const [code] = await once(lab.process, 'exit');
  if (code !== 0) throw new Error(`the lab ended with ${code}:\n${readFileSync(join(stage.dir, 'lab.log'), 'utf8')}`);
  const capture = join(out, 'capture.pcap');
  const found = readLines<VerdictLine>(await why502('analyze', capture, '--format', 'ndjson'));
  const lines = found.filter(({ type }) => type === 'incident' || type === 'masked');
  return { capture, truth: readLines<TruthRow>(readFileSync(join(out, 'truth.ndjson'), 'utf8')), lines };
}

/** What the built program prints. */
export async function why502(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { maxBuffer: MAX_OUTPUT });
  return stdout;
}

function readLines<T>(text: string): T[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}
