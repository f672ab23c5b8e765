/**
 * What it costs a saturated nginx to be watched: its requests/s alone and with a tap beside it, in pairs whose order
 * alternates, and a tap that does nothing (`sleep`) as the measure of the method's own noise. And the processor time that a
 * request takes of all of them, which says the same on a machine that has other things to do.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Load, missingForLoad, startLoad } from './load.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'dist/cli.js');
const CAPTURE = join(ROOT, 'native/build/why502-capture');

export const PAIRS = 11;
const SECONDS = 2;
/** What is measured is being watched for days: until then Node compiles, and tables fill. What does neither needs less. */
const WARM_UP_SECONDS = 30;
const SHORT_WARM_UP_SECONDS = 1;
/** Rounds in which the start is measured, and how long each asks. */
const STARTS = 5;
const START_SECONDS = 4;
/** One request in five on a connection of its own. */
export const CLOSING = 200;
/** The kernel counts processor time in these. */
const TICKS_A_SECOND = 100;

interface Tap {
  readonly name: string;
  readonly command: readonly string[];
  /** What it says, on either stream, once it captures; none: at once. */
  readonly ready?: RegExp;
  /** In what it says at the end: packets that were dropped. */
  readonly dropped?: RegExp;
  /** It prints incidents as NDJSON. */
  readonly tells?: boolean;
  /** Packets that were dropped are told in its last line. */
  readonly lost?: boolean;
}

const live = (...words: readonly string[]): readonly string[] => [
  process.execPath,
  CLI,
  'live',
  '-i',
  'lo',
  '--format',
  'ndjson',
  ...words,
];
export const CAPTURE_COMMAND = [CAPTURE, '-i', 'lo', '-w', '/dev/null'];
const SUMMARY = '{"type":"summary"';
const INCIDENT = '{"type":"incident"';
const DROPPED = /(\d+) packets dropped by the kernel/;

const TAPS: readonly Tap[] = [
  { name: 'nothing (`sleep`)', command: ['sleep', '1000'] },
  { name: '`why502 live`', command: live(), ready: /capturing on/, dropped: DROPPED, tells: true },
  {
    name: '`why502-capture -w /dev/null`',
    command: CAPTURE_COMMAND,
    ready: /capturing on/,
    dropped: DROPPED,
  },
  {
    name: '`tcpdump -i lo -s 0 -w /dev/null`',
    command: ['tcpdump', '-i', 'lo', '-s', '0', '-w', '/dev/null'],
    ready: /listening on/,
    dropped: /(\d+) packets dropped by kernel/,
  },
  {
    name: '`--engine pcap`',
    command: live('--engine', 'pcap'),
    ready: /capturing on/,
    lost: true,
    tells: true,
  },
  { name: '`--engine cap`', command: live('--engine', 'cap'), ready: /capturing on/, tells: true },
];

/** A load that was asked for some seconds. */
interface Asked {
  readonly requests: number;
  readonly perSecond: number;
  /** Of processor time a request, of all sides and the tap: what else the machine does hardly counts. */
  readonly micros: number;
}

interface Watched extends Asked {
  /** Processor time of the tap, in percent of one processor. */
  readonly processor: number;
  readonly dropped: number;
  readonly logged: number;
  readonly told: number;
  /** Milliseconds from each 502 to its line, once warm. */
  readonly delays: readonly number[];
}

/** The tables, in Markdown. `words` choose taps by a part of their names; none: all. */
export async function liveTable(words: readonly string[], pairs: number, say: (line: string) => void): Promise<void> {
  const missing = missingForLoad();
  if (missing) throw new Error(`the live bench needs ${missing}`);
  const taps = TAPS.filter(({ name }, n) => n === 0 || words.length === 0 || words.some((word) => name.includes(word)));
  const rows = taps.map((tap) => ({ tap, alone: [] as Asked[], watched: [] as Watched[] }));
  const load = startLoad({ closing: CLOSING });
  try {
    await ask(load, SECONDS);
    for (let pair = 0; pair < pairs; pair++) {
      for (const { tap, alone, watched } of rows) {
        if (pair % 2 === 0) alone.push(await ask(load, SECONDS));
        watched.push(await watch(load, tap));
        if (pair % 2 === 1) alone.push(await ask(load, SECONDS));
      }
    }
  } finally {
    load.stop();
  }
  say(
    '| beside nginx | nginx alone | with it | cost, median of pairs | after the null run | processor time a request, alone | with it | cost, median of pairs | its own | dropped | 502s logged / told | from the 502 to its line: median, 99th of 100 |',
  );
  say('|---|---|---|---|---|---|---|---|---|---|---|---|');
  const [noise = 0] = rows.map(({ alone, watched }) => medianLoss(alone, watched));
  for (const { tap, alone, watched } of rows) {
    const cost = medianLoss(alone, watched);
    const sum = (of: (each: Watched) => number): number => watched.reduce((all, each) => all + of(each), 0);
    const cells = [
      tap.name,
      ...[alone, watched].map((all) => `${median(all.map(({ perSecond }) => perSecond)).toFixed(0)}/s`),
      percent(cost),
      percent(cost - noise),
      ...[alone, watched].map((all) => `${median(all.map(({ micros }) => micros)).toFixed(0)} us`),
      percent(median(watched.map(({ micros }, n) => 100 * (micros / (alone[n]?.micros ?? Number.NaN) - 1)))),
      `${median(watched.map(({ processor }) => processor)).toFixed(0)} %`,
      tap.dropped || tap.lost ? String(sum(({ dropped }) => dropped)) : '',
      tap.tells ? `${sum(({ logged }) => logged)} / ${sum(({ told }) => told)}` : '',
      tap.tells ? delayText(watched.flatMap(({ delays }) => delays)) : '',
    ];
    say(`| ${cells.join(' | ')} |`);
  }
}

/** From the command to the first 502, beside a client that asks for one thing after the other. */
export async function liveStart(say: (line: string) => void): Promise<void> {
  const load = startLoad({ closing: CLOSING });
  const [ready, first, delays] = [[] as number[], [] as number[], [] as number[]];
  try {
    for (let round = 0; round < STARTS; round++) {
      const asking = load.ask(START_SECONDS, 1);
      const over = once(asking, 'close');
      const started = Date.now();
      const child = spawn(...load.inside(...live()), { stdio: ['ignore', 'pipe', 'pipe'] });
      const ended = once(child, 'close');
      const said = gathered(child);
      let told = 0;
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (!line.startsWith(INCIDENT)) return;
        if (told++ === 0) first.push(Date.now() - started);
        delays.push(Date.now() - Date.parse(JSON.parse(line).time));
      });
      await saidThat(child, said, /capturing on/);
      ready.push(Date.now() - started);
      await over;
      child.kill('SIGINT');
      await ended;
    }
  } finally {
    load.stop();
  }
  const milliseconds = (values: readonly number[]): string => `${median(values).toFixed(0)} ms`;
  say(
    `Start, beside one client, medians of ${STARTS}: capturing after ${milliseconds(ready)}, the first 502 told after ${milliseconds(first)}; from each 502 to its line: median, 99th of 100: ${delayText(delays)}.`,
  );
}

async function watch(load: Load, tap: Tap): Promise<Watched> {
  const child = spawn(...load.inside(...tap.command), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const said = gathered(child);
  const delays: number[] = [];
  let losses = 0;
  let told = 0;
  let measuring = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith(SUMMARY)) losses = JSON.parse(line).losses;
    if (!line.startsWith(INCIDENT)) return;
    told++;
    if (measuring) delays.push(Date.now() - Date.parse(JSON.parse(line).time));
  });
  if (tap.ready) await saidThat(child, said, tap.ready);
  // Not earlier: nginx may have been busy with the last requests of the round before.
  const before = load.failed().length;
  await ask(load, tap.tells ? WARM_UP_SECONDS : SHORT_WARM_UP_SECONDS);
  measuring = true;
  const started = process.hrtime.bigint();
  const usedBefore = processorTime(child.pid ?? 0);
  const asked = await ask(load, SECONDS);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const processor = (100 * (processorTime(child.pid ?? 0) - usedBefore)) / seconds;
  child.kill(tap.ready ? 'SIGINT' : 'SIGKILL');
  await ended;
  return {
    ...asked,
    processor,
    dropped: tap.lost ? losses : Number(tap.dropped?.exec(said())?.[1] ?? 0),
    logged: load.failed().length - before,
    told,
    delays,
  };
}

export function gathered({ stdout, stderr }: ChildProcess): () => string {
  const pieces: string[] = [];
  for (const stream of [stdout, stderr]) stream?.setEncoding('utf8').on('data', (text: string) => pieces.push(text));
  return () => pieces.join('');
}

export async function saidThat(child: ChildProcess, said: () => string, what: RegExp): Promise<void> {
  while (!what.test(said())) {
    const gone = once(child, 'close').then(() => 'gone');
    const more = Promise.race([child.stdout, child.stderr].map((stream) => once(stream as never, 'data')));
    if ((await Promise.race([gone, more])) === 'gone') throw new Error(`it ended early: ${said()}`);
  }
}

/** As wrk counts requests. */
export async function ask(load: Load, seconds: number): Promise<Asked> {
  const before = load.used();
  const wrk = load.ask(seconds);
  const said = gathered(wrk);
  await once(wrk, 'close');
  const [, perSecond] = /Requests\/sec:\s*([\d.]+)/.exec(said()) ?? [];
  const [, count] = /(\d+) requests in/.exec(said()) ?? [];
  if (perSecond === undefined) throw new Error(`wrk: ${said()}`);
  const requests = Number(count);
  return { requests, perSecond: Number(perSecond), micros: (load.used() - before) / 1000 / requests };
}

/** Seconds of processor time that a process and its children have used so far (proc(5)). */
function processorTime(pid: number): number {
  const family = [pid, ...childrenOf(pid)];
  return family.reduce((sum, each) => sum + ticksOf(each), 0) / TICKS_A_SECOND;
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => Number(statOf(pid)[1]) === parent);
}

function ticksOf(pid: number): number {
  const fields = statOf(pid);
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/** The fields of /proc/PID/stat that follow the name. */
function statOf(pid: number): readonly string[] {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Of requests/s, in percent. */
function medianLoss(alone: readonly Asked[], watched: readonly Watched[]): number {
  return median(watched.map(({ perSecond }, n) => 100 * (1 - perSecond / (alone[n]?.perSecond ?? Number.NaN))));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function delayText(delays: readonly number[]): string {
  const sorted = delays.toSorted((a, b) => a - b);
  return [0.5, 0.99].map((part) => `${sorted[Math.floor(part * sorted.length)]?.toFixed(0)} ms`).join(', ');
}

function percent(value: number): string {
  return `${value.toFixed(1)} %`;
}
