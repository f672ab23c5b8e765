/** The `score` command: makes or finds runs, analyzes their captures, prints the scoreboard. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { feed, type Pace } from './feed.ts';
import { type Clients, DEFAULTS, type RunOptions } from './options.ts';
import { runLab } from './run.ts';
import { type Line, type Score, scoreRun } from './score.ts';
import { causeTable, certainList, checkBars, complaintTable, sumScores, totalTable } from './scoreboard.ts';
import type { TruthRow } from './truth.ts';

export interface Variant {
  readonly concurrency: number;
  readonly plainTargets: boolean;
  readonly hotUrl: boolean;
  readonly clients: Clients;
}

export interface ScoreOptions {
  readonly variants: readonly Variant[];
  readonly seeds: number;
  /** The first of the seeds; fresh ones where absent. */
  readonly firstSeed: number | undefined;
  readonly workers: number;
  readonly connections: number;
  /** Existing runs to score instead of making any. */
  readonly from: readonly string[];
  readonly cache: string;
  /** Take runs of the cache where they exist, and leave new ones there. */
  readonly reuse: boolean;
  readonly json: boolean;
  readonly check: boolean;
  readonly details: string | undefined;
  readonly analyzer: string;
  /** With the kernel's events in the captures. */
  readonly kernel: boolean;
  /** Each capture is also analyzed as it comes out of a pipe, where requests are settled within a shorter window. */
  readonly stream: Pace | undefined;
}

export const CACHE = join(tmpdir(), 'why502-lab', 'runs');
const MAX_OUTPUT = 1 << 30;

/** Runs of one kind, all analyzed the same way. */
interface Group {
  readonly name: string;
  readonly concurrency: number;
  /** `undefined`: as a file. */
  readonly pace: Pace | undefined;
  readonly scores: readonly Score[];
}

/** Prints the tables; the exit code is 1 only where bars are checked and missed. */
export async function scoreRuns(options: ScoreOptions): Promise<number> {
  const groups: Group[] = [];
  for (const dir of options.from) groups.push(...(await groupsOf(basename(dir), concurrencyOf(dir), [dir], options)));
  for (const variant of options.from.length > 0 ? [] : options.variants) {
    const dirs = await dirsFor(variant, options);
    groups.push(...(await groupsOf(nameOf(variant), variant.concurrency, dirs, options)));
    if (!options.reuse) for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
  }
  const totals = groups.map(({ name, scores }) => sumScores(name, scores));
  const failures = groups.flatMap(({ concurrency, scores }, index) => {
    const total = totals[index];
    return scores.length === 0 || total === undefined ? [] : checkBars(total, concurrency);
  });
  const details = totals.flatMap((total) => total.details);
  if (options.details !== undefined)
    writeFileSync(options.details, details.map((detail) => `${JSON.stringify(detail)}\n`).join(''));
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ totals: totals.map((total) => ({ ...total, details: total.details.length })), failures })}\n`,
    );
  else print(groups, totals, failures);
  return options.check && failures.length > 0 ? 1 : 0;
}

function print(groups: readonly Group[], totals: readonly Score[], failures: readonly string[]): void {
  const runs = groups.flatMap(({ scores }) => scores);
  const ways = [...new Set(groups.map(({ pace }) => pace))];
  const parts = ways.map((way) => {
    const all = sumScores(
      titleOf('all', way),
      totals.filter((_, at) => groups[at]?.pace === way),
    );
    return [ways.length > 1 ? `${all.run}:` : '', causeTable(all), complaintTable(all), certainList(all)];
  });
  const tables = [runs.length > totals.length ? totalTable(runs) : '', totalTable(totals)];
  const texts = [...parts.flat(), ...tables, failures.join('\n')];
  process.stdout.write(`${texts.filter((text) => text !== '').join('\n\n')}\n`);
}

/** The same runs as files and, where it is asked for, as they come out of a pipe. */
async function groupsOf(
  name: string,
  concurrency: number,
  dirs: readonly string[],
  { analyzer, stream }: ScoreOptions,
): Promise<readonly Group[]> {
  const groups: Group[] = [];
  for (const pace of stream === undefined ? [undefined] : [undefined, stream]) {
    const scores: Score[] = [];
    for (const dir of dirs) scores.push(await scoreDir(dir, analyzer, pace));
    groups.push({ name: titleOf(name, pace), concurrency, pace, scores });
  }
  return groups;
}

function titleOf(name: string, pace: Pace | undefined): string {
  return pace === undefined ? name : `${name}, ${pace} pipe`;
}

async function scoreDir(dir: string, analyzer: string, pace: Pace | undefined): Promise<Score> {
  const truth = readLines<TruthRow>(readFileSync(join(dir, 'truth.ndjson'), 'utf8'));
  const name = titleOf(basename(dir), pace);
  const lines = await analyze(join(dir, 'capture.pcap'), name, analyzer, pace);
  return scoreRun(name, truth, lines, optionsOf(dir)?.kernel === true);
}

async function analyze(capture: string, name: string, analyzer: string, pace: Pace | undefined): Promise<Line[]> {
  const args = [analyzer, 'analyze', pace === undefined ? capture : '-', '--format', 'ndjson'];
  const begin = performance.now();
  const analysis = promisify(execFile)(process.execPath, args, { maxBuffer: MAX_OUTPUT });
  if (pace !== undefined && analysis.child.stdin) await feed(capture, pace, analysis.child.stdin);
  const { stdout } = await analysis;
  const seconds = (performance.now() - begin) / 1000;
  process.stderr.write(`${name}: analyzed in ${seconds.toFixed(2)} s\n`);
  return readLines<Line>(stdout).filter((line) => line.type === 'incident' || line.type === 'masked');
}

function readLines<T>(text: string): T[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}

function nameOf({ concurrency, plainTargets, hotUrl, clients }: Variant): string {
  return `c${concurrency}${plainTargets ? '-plain' : ''}${hotUrl ? '-hot' : ''}${clients === 'clear' ? '' : `-${clients}`}`;
}

async function dirsFor(variant: Variant, options: ScoreOptions): Promise<readonly string[]> {
  const prefix = `${nameOf(variant)}-s`;
  if (options.reuse && existsSync(options.cache)) {
    const pattern = new RegExp(`^${prefix}\\d+$`);
    const found = readdirSync(options.cache).filter((name) => pattern.test(name));
    const complete = found.map((name) => join(options.cache, name)).filter((dir) => isAsAsked(dir, options));
    if (complete.length >= options.seeds) return complete.slice(0, options.seeds);
  }
  const first = options.firstSeed ?? Math.floor(Math.random() * 1_000_000);
  const dirs: string[] = [];
  for (let seed = first; seed < first + options.seeds; seed++) {
    const out = join(options.cache, `${prefix}${seed}`);
    const run: RunOptions = {
      ...DEFAULTS,
      ...variant,
      out,
      seed,
      workers: options.workers,
      connections: options.connections,
      kernel: options.kernel,
    };
    await runLab(run);
    dirs.push(out);
  }
  return dirs;
}

/** Is it a finished run of the size that is asked for? */
function isAsAsked(dir: string, { workers, connections, kernel }: ScoreOptions): boolean {
  if (!existsSync(join(dir, 'truth.ndjson'))) return false;
  const made = optionsOf(dir);
  return made?.workers === workers && made.connections === connections && made.kernel === kernel;
}

function concurrencyOf(dir: string): number {
  return optionsOf(dir)?.concurrency ?? 0;
}

/** What a run was asked for; `undefined` where nobody wrote it down. */
function optionsOf(dir: string): RunOptions | undefined {
  const file = join(dir, 'options.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
