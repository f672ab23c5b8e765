/** Inside the namespace: starts everything once and makes one recording after the other. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { captureLoad } from './load.ts';
import { makePlan } from './plan.ts';
import { type AllOptions, startAll } from './programs/all.ts';
import { workersOf } from './programs/nginx.ts';
import { type Program, until } from './programs/start.ts';
import { RECORDINGS, type Recording } from './recordings.ts';
import type { Scenario } from './scenario.ts';
import { chooseScenarios } from './scenarios/choose.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { readTruth, type TruthRow, writeTruth } from './truth.ts';

export interface RecordOptions {
  /** The captures' folder. */
  readonly to: string;
  /** Names of recordings; empty: all that this nginx can show. */
  readonly only: readonly string[];
}

const MAX_OCTETS = 300_000;
/** Some causes are won in a race only. */
const TRIES = 40;

export async function recordInside(
  options: AllOptions,
  { to, only }: RecordOptions,
  started: Program[],
): Promise<void> {
  const newer = isNewer(options.nginx);
  const wanted = RECORDINGS.filter(({ name, newer: needs }) =>
    only.length > 0 ? only.includes(name) : (needs ?? false) === newer,
  );
  await startAll(options, SCENARIOS, started);
  for (const recording of wanted) {
    const missed = await record(options, recording, to, started);
    const name = `${recording.cause}/${recording.name}`;
    process.stderr.write(missed === '' ? `${name}\n` : `${name}: ${missed}\n`);
    if (missed !== '') process.exitCode = 1;
  }
}

/** Tries until the log shows the cause; returns what is wrong with the last try, or nothing. */
async function record(options: AllOptions, recording: Recording, to: string, started: Program[]): Promise<string> {
  let missed = '';
  for (let n = 1; n <= TRIES; n++) {
    const pcap = join(options.out, 'recording.pcap');
    rmSync(pcap, { force: true });
    const rows = await withSysctl(recording.sysctl ?? {}, () =>
      withFiles(recording.files, options.workers, started, () => capture(options, recording, pcap, n, started)),
    );
    missed = whatIsMissing(recording, rows, statSync(pcap).size);
    if (missed !== '') continue;
    const folder = join(to, recording.cause);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${recording.name}.pcapng`);
    if (recording.kernel === true) copyFileSync(pcap, file);
    else execFileSync('editcap', ['-F', 'pcapng', pcap, file]);
    writeTruth(join(folder, `${recording.name}.truth.ndjson`), rows);
    return '';
  }
  return missed;
}

async function capture(
  options: AllOptions,
  recording: Recording,
  file: string,
  n: number,
  started: Program[],
): Promise<readonly TruthRow[]> {
  const scenarios = chooseScenarios(recording.scenarios).map((scenario) => small(scenario, recording.slow ?? 1));
  const plan = makePlan(scenarios, {
    seed: recording.seed ?? n,
    connections: recording.connections ?? 2,
    plainTargets: recording.plainTargets ?? false,
    hotUrl: false,
  });
  const before = readTruth(options.out, SCENARIOS).length;
  const settings = { ...options, file, interface: recording.interface ?? 'any', kernel: recording.kernel === true };
  await captureLoad(options.out, settings, plan, recording.concurrency ?? 1, started);
  started.pop();
  return readTruth(options.out, SCENARIOS).slice(before);
}

/** Without the large answers, and with so many requests only where a scenario waits. */
function small(scenario: Scenario, slow: number): Scenario {
  const { words, ...load } = scenario.load ?? {};
  const short = words?.filter((word) => word !== 'large' && word !== 'photo.bin');
  const limit = load.slow === undefined ? {} : { slow };
  return { ...scenario, load: { ...load, ...limit, ...(short === undefined ? {} : { words: short }) } };
}

function whatIsMissing(recording: Recording, rows: readonly TruthRow[], octets: number): string {
  if (octets > MAX_OCTETS) return `${octets} octets`;
  switch (recording.cause) {
    case 'mixed':
      return rows.filter((row) => row.status === 502).length >= 25 ? '' : 'too few 502s';
    case 'masked':
      return rows.some((row) => row.masked) ? '' : 'nothing masked';
    case 'neighbours':
      return rows.length > 0 && rows.every((row) => row.status !== 502) ? '' : 'a 502';
    default:
      return rows.some((row) => row.verdictCause === recording.cause) ? '' : 'the cause did not show';
  }
}

async function withSysctl<T>(settings: Readonly<Record<string, string>>, act: () => Promise<T>): Promise<T> {
  const path = (name: string) => `/proc/sys/${name.replaceAll('.', '/')}`;
  const before = Object.keys(settings).map((name) => [name, readFileSync(path(name), 'utf8').trim()] as const);
  const set = (name: string, value: string) => execFileSync('sysctl', ['-qw', `${name}=${value}`]);
  for (const [name, value] of Object.entries(settings)) set(name, value);
  try {
    return await act();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

/** Leaves each worker of the outer gateway so many file descriptors. */
async function withFiles<T>(
  left: number | undefined,
  workerCount: number,
  started: readonly Program[],
  act: () => Promise<T>,
): Promise<T> {
  if (left === undefined) return await act();
  const master = started.find(({ name }) => name === 'nginx-outer')?.process.pid ?? 0;
  const serving = () => workersOf(master).map(String);
  // It listens before they are there.
  await until('the gateway has its workers', () => serving().length === workerCount);
  const workers = serving();
  // As its own user: root may need more to do it than it has here.
  const asUser = ['--reuid', 'www-data', '--regid', 'www-data', '--clear-groups', 'prlimit', '--pid'];
  const prlimit = (worker: string, ...words: readonly string[]) =>
    execFileSync('setpriv', [...asUser, worker, ...words], { encoding: 'utf8' }).trim();
  const before = workers.map((worker) => prlimit(worker, '--nofile', '--noheadings', '--output', 'SOFT'));
  for (const worker of workers) {
    const open = new Set(readdirSync(`/proc/${worker}/fd`).map(Number));
    const free = Array.from({ length: open.size + left }, (_, n) => n).filter((n) => !open.has(n));
    prlimit(worker, `--nofile=${(free[left - 1] ?? 0) + 1}:`);
  }
  try {
    return await act();
  } finally {
    workers.forEach((worker, n) => {
      prlimit(worker, `--nofile=${before[n]}:`);
    });
  }
}

/** Since 1.23 nginx refuses conflicting lengths. */
function isNewer(nginx: string): boolean {
  const said = execFileSync('sh', ['-c', '"$0" -v 2>&1', nginx], { encoding: 'utf8' });
  const [, major, minor] = /nginx\/(\d+)\.(\d+)/.exec(said) ?? [];
  return Number(major) > 1 || Number(minor) >= 23;
}
