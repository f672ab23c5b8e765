/** A small run of the lab, in a process of its own that takes its namespaces and programs with it, and what is said of it. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { VerdictLine } from '../captures/analysis.ts';
import { until } from '../lab/programs/start.ts';
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
export function labRun(stage: Stage, ...words: readonly string[]): Promise<LabRun> {
  return labRunBeside(stage, async () => {}, ...words);
}

/** The same; `beside` is given the gateway's namespace as soon as it is there, long before the load begins. */
export async function labRunBeside(
  stage: Stage,
  beside: (gateway: string) => Promise<void>,
  ...words: readonly string[]
): Promise<LabRun> {
  const out = join(stage.dir, 'run');
  const lab = stage.start('lab', [process.execPath, ['--import', 'tsx', LAB, 'run', '--out', out, ...words]]);
  const ended = once(lab.process, 'exit');
  const gateway = `w502-${lab.process.pid}-gw`;
  await until('the gateway has its namespace', () => existsSync(`/run/netns/${gateway}`), lab);
  await beside(gateway);
  const [code] = await ended;
  if (code !== 0) throw new Error(`the lab ended with ${code}:\n${readFileSync(join(stage.dir, 'lab.log'), 'utf8')}`);
  const capture = join(out, 'capture.pcap');
  const lines = await verdicts(capture);
  return { capture, truth: readLines<TruthRow>(readFileSync(join(out, 'truth.ndjson'), 'utf8')), lines };
}

/** What why502 says of a capture: incidents and masked failures. */
export async function verdicts(capture: string): Promise<VerdictLine[]> {
  const found = readLines<VerdictLine>(await why502('analyze', capture, '--format', 'ndjson'));
  return found.filter(({ type }) => type === 'incident' || type === 'masked');
}

/** What the built program prints. */
export async function why502(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { maxBuffer: MAX_OUTPUT });
  return stdout;
}

function readLines<T>(text: string): T[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}
