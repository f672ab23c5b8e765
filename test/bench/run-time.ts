/**
 * What a request costs in the kernel: how often each BPF program of the capture program runs for it, and for how long, by
 * the kernel's own statistics (kernel.bpf_stats_enabled). Their two looks at the clock are in it, some 50 ns of each run.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ask, CAPTURE_COMMAND, CLOSING, gathered, saidThat } from './live.ts';
import { missingForLoad, startLoad } from './load.ts';

const SWITCH = '/proc/sys/kernel/bpf_stats_enabled';
const SECONDS = 4;
/** The others are the witness. */
const FILTER = /^triage_/;

interface Program {
  readonly id: number;
  readonly name: string;
  /** None: it never ran. */
  readonly run_cnt?: number;
  readonly run_time_ns?: number;
}

/** A table in Markdown, and a sentence with the sums. */
export async function runTimeTable(say: (line: string) => void): Promise<void> {
  const missing = missingForLoad();
  if (missing) throw new Error(`the live bench needs ${missing}`);
  const before = readFileSync(SWITCH, 'utf8');
  const load = startLoad({ closing: CLOSING });
  try {
    const child = spawn(...load.inside(...CAPTURE_COMMAND), { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    await saidThat(child, gathered(child), /capturing on/);
    await ask(load, 1);
    writeFileSync(SWITCH, '1');
    const started = programsOf(child.pid ?? 0);
    const { requests, perSecond } = await ask(load, SECONDS);
    const programs = programsOf(child.pid ?? 0).map((program) => since(program, started));
    child.kill('SIGINT');
    await ended;
    tell(programs, requests, perSecond, say);
  } finally {
    writeFileSync(SWITCH, before);
    load.stop();
  }
}

interface Run {
  readonly name: string;
  readonly times: number;
  readonly nanos: number;
}

function since({ id, name, run_cnt = 0, run_time_ns = 0 }: Program, started: readonly Program[]): Run {
  const then = started.find((program) => program.id === id);
  return { name, times: run_cnt - (then?.run_cnt ?? 0), nanos: run_time_ns - (then?.run_time_ns ?? 0) };
}

function tell(runs: readonly Run[], requests: number, perSecond: number, say: (line: string) => void): void {
  say('| program | runs a request | a run | a request |');
  say('|---|---|---|---|');
  for (const { name, times, nanos } of runs.toSorted((a, b) => b.nanos - a.nanos)) {
    if (times === 0) continue;
    const cells = [`\`${name}\``, (times / requests).toFixed(2), nanosText(nanos / times), nanosText(nanos / requests)];
    say(`| ${cells.join(' | ')} |`);
  }
  const micros = (some: readonly Run[]): string =>
    `${(some.reduce((sum, { nanos }) => sum + nanos, 0) / requests / 1000).toFixed(2)} us`;
  const [filter, witness] = [true, false].map((is) => runs.filter(({ name }) => FILTER.test(name) === is));
  say(
    `\nKernel time a request, at ${perSecond.toFixed(0)} requests/s: the filter ${micros(filter ?? [])}, the probes ${micros(witness ?? [])}.`,
  );
}

function nanosText(nanos: number): string {
  return `${nanos.toFixed(0)} ns`;
}

/** Those that the process holds. */
function programsOf(pid: number): readonly Program[] {
  const infos = readdirSync(`/proc/${pid}/fdinfo`).map((fd) => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'));
  const ids = new Set(infos.map((info) => Number(/^prog_id:\s*(\d+)/m.exec(info)?.[1])));
  const all: readonly Program[] = JSON.parse(execFileSync('bpftool', ['prog', 'show', '-j'], { encoding: 'utf8' }));
  return all.filter(({ id }) => ids.has(id));
}
