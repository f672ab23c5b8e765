/**
 * What the terminal UI costs beside an analysis: the whole of it, on a terminal of streams, given incidents at a rate.
 * Processor time, frames, octets written to the terminal, and memory while 100,000 incidents pass.
 */
import { Duplex, PassThrough } from 'node:stream';
import { setTimeout as later } from 'node:timers/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { endpoint } from '../../src/model/endpoint.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { MASK_SECRETS } from '../../src/sinks/secrets.ts';
import { openScreen } from '../../src/sinks/tui/screen.ts';
import { Tui } from '../../src/sinks/tui/tui.ts';
import { judge } from '../../src/verdict/judge.ts';
import { type AttemptPlan, attempt, incident } from '../kit/incidents.ts';
import { firstFrames } from './first-frame.ts';
import { onScreen } from './on-screen.ts';
import { stormLine } from './storm.ts';

const SECONDS = 10;
/** Incidents come in small lots, as records do. */
const LOT_MS = 10;
const MANY = 100_000;
const LOT = 100;
const SIZES = [
  [80, 24],
  [140, 45],
  [250, 70],
] as const;
const PLANS: readonly AttemptPlan[] = [
  { server: 'refuses' },
  { server: 'rst' },
  { server: 'fin' },
  { server: 'rst', reused: true, unread: true },
  { server: 'rst', peer: endpoint('10.0.0.8', 3000) },
];

/** A new verdict each time, as a live run has them: nothing is shared but what the pipeline shares. */
function verdictAt(n: number): Verdict {
  const plan = PLANS[n % PLANS.length] as AttemptPlan;
  return judge(incident({ attempts: [attempt(plan)], answeredMs: n, incident: { id: `i-${n}` } }));
}

interface Opened {
  readonly tui: Tui;
  readonly written: () => number;
}

function open(cols: number, rows: number): Opened {
  let octets = 0;
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: cols, rows });
  output.on('data', (piece: Buffer) => {
    octets += piece.length;
  });
  const input = Object.assign(new Duplex({ read() {} }), { isTTY: true, isRaw: false, setRawMode() {} });
  const ends = { input: input as unknown as ReadStream, output: output as unknown as WriteStream };
  const look = { unicode: true, colours: 256, background: 'dark' } as const;
  const tui = new Tui({
    mode: 'live',
    name: 'live',
    size: undefined,
    mask: MASK_SECRETS,
    look,
    open: (events) => openScreen(look, { ...ends, env: { TERM: 'xterm-256color' } }, events),
    explain: () => [],
    save: () => Promise.resolve(''),
    story: () => '',
  });
  return { tui, written: () => octets };
}

/** Share of a core while `give` is called for every incident, in percent. */
async function load(perSecond: number, verdicts: readonly Verdict[], give: (one: Verdict) => void): Promise<number> {
  const began = performance.now();
  const before = process.cpuUsage();
  let given = 0;
  while (given < perSecond * SECONDS) {
    const due = Math.min(perSecond * SECONDS, Math.floor(((performance.now() - began) * perSecond) / 1000));
    for (; given < due; given++) give(verdicts[given % verdicts.length] as Verdict);
    await later(LOT_MS);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (performance.now() - began) / 10;
}

export async function tuiTable(say: (line: string) => void): Promise<void> {
  const verdicts = Array.from({ length: 10_000 }, (_, n) => verdictAt(n));
  say('| terminal | 1,000 incidents/s | 10/s | nothing happens | octets a second, at 1,000/s |');
  say('|---|---|---|---|---|');
  const idle = await load(1000, verdicts, () => {});
  for (const [cols, rows] of SIZES) {
    const cells: string[] = [];
    let octets = 0;
    for (const rate of [1000, 10, 0]) {
      const { tui, written } = open(cols, rows);
      const before = written();
      const share = rate > 0 ? (await load(rate, verdicts, (one) => tui.verdict(one))) - idle : await quiet();
      if (rate === 1000) octets = (written() - before) / SECONDS;
      cells.push(`${Math.max(0, share).toFixed(1)} %`);
      tui.close();
    }
    say(`| ${cols}x${rows} | ${cells.join(' | ')} | ${(octets / 1000).toFixed(1)} kB |`);
  }
  say(await memory());
  say(`\n${await stormLine()}`);
  say(`\n${await firstFrames()}`);
  say(`\n${await onScreen()}`);
}

/** Share of a core of a screen on which nothing happens but its clock. */
async function quiet(): Promise<number> {
  const before = process.cpuUsage();
  await later(SECONDS * 1000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / SECONDS / 10_000;
}

/** Resident memory, and what is alive of it, at each tenth of 100,000 different incidents. */
async function memory(): Promise<string> {
  const { tui } = open(140, 45);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const resident: string[] = [];
  const alive: string[] = [];
  for (let n = 1; n <= MANY; n++) {
    tui.verdict(verdictAt(n));
    if (n % LOT === 0) await later(0);
    if (n % (MANY / 10) !== 0) continue;
    resident.push(megabytes(process.memoryUsage.rss()));
    collect();
    alive.push(megabytes(process.memoryUsage().heapUsed));
  }
  tui.close();
  const many = MANY.toLocaleString('en');
  return `\nMemory at each tenth of ${many} incidents: resident ${resident.join(', ')} MB; alive ${alive.join(', ')} MB.`;
}

function megabytes(octets: number): string {
  return (octets / 1e6).toFixed(0);
}
