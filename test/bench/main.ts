/**
 * `npm run bench [-- WHAT...] [--write]`: time and memory of the built program beside others, whole processes, the median
 * of five in turn. WHAT: big, small, many, bad, stream, start; all of them where none is named. `--write` puts the table
 * into the README. `tui` is what the terminal UI costs. `live [TAP...] [--pairs=N]` is a table of its own: what being watched
 * costs nginx; `live probes` is the kernel's part of it, by program. Nothing here fails for a figure: they are for reading.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ABOUT, captureOf, KINDS, type Kind } from './captures.ts';
import { liveStart, liveTable, PAIRS } from './live.ts';
import { type Cost, cost, inTurn, why502 } from './programs.ts';
import { writeTable } from './readme-table.ts';
import { repeated } from './repeat.ts';
import { runTimeTable } from './run-time.ts';
import { tuiTable } from './tui.ts';

const ROOT = join(import.meta.dirname, '../..');
const README = join(ROOT, 'README.md');
const ROUNDS = 5;
/** A stream of 10 GB takes a while. */
const STREAM_PATIENCE_SECONDS = 1200;
const FILTER = ['-Y', 'http.response.code==502', '-T', 'fields', '-e', 'frame.number'];

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const wanted = (what: string): boolean => words.length === 0 || words.includes(what);
const lines: string[] = [];

function say(line: string): void {
  lines.push(line);
  console.log(line);
}

function framesOf(path: string): number {
  const { stdout } = spawnSync('capinfos', ['-c', '-M', path], { encoding: 'utf8' });
  return Number(/packets:\s*(\d+)/i.exec(stdout)?.[1] ?? Number.NaN);
}

async function compare(kind: Kind): Promise<void> {
  const path = await captureOf(kind);
  const others = [
    ['tcpdump', '-r', path, '-w', '/dev/null'],
    ['capinfos', '-c', path],
    ['cat', path],
  ];
  const [ours, tcpdump, capinfos, cat] = (await inTurn([why502(path), ...others], ROUNDS)) as [Cost, Cost, Cost, Cost];
  const tshark = await cost(['tshark', '-r', path, ...FILTER]);
  const packets = framesOf(path);
  const octets = statSync(path).size;
  const more = ours.ended ? '> ' : '';
  const less = ours.ended ? '< ' : '';
  const cells = [
    `${kind}: ${ABOUT[kind]}`,
    `${(octets / 1e9).toFixed(2)} GB, ${(packets / 1e6).toFixed(1)} M`,
    `${more}${ours.seconds.toFixed(2)} s`,
    less + (packets / ours.seconds / 1e6).toFixed(2),
    less + (octets / ours.seconds / 1e9).toFixed(2),
    ours.ended ? 'ended' : `${ours.peak.toFixed(0)} MB`,
    ...[tcpdump, capinfos, cat].map(({ seconds }) => `${seconds.toFixed(2)} s`),
    tshark.ended ? `> ${tshark.seconds.toFixed(0)} s` : `${tshark.seconds.toFixed(1)} s, ${tshark.peak.toFixed(0)} MB`,
    `${more}${(ours.seconds / tcpdump.seconds).toFixed(1)} x`,
    tshark.ended ? '' : `${less}${(tshark.seconds / ours.seconds).toFixed(1)} x`,
  ];
  say(`| ${cells.join(' | ')} |`);
}

/** A stream has no size: 1 GB and 10 GB of the big capture, times and ports going on. */
async function stream(): Promise<void> {
  const capture = readFileSync(await captureOf('big'));
  for (const gigabytes of [1, 10]) {
    const pieces = Readable.from(repeated(capture, gigabytes * 1e9));
    const { seconds, peak, ended } = await cost(why502('-'), pieces, STREAM_PATIENCE_SECONDS);
    const told = ended
      ? `ended after ${seconds.toFixed(0)} s`
      : `${seconds.toFixed(1)} s, ${peak.toFixed(0)} MB at its peak`;
    say(`A stream of ${gigabytes} GB through a pipe: ${told}.`);
  }
}

async function start(): Promise<void> {
  const small = join(ROOT, 'captures/close-before-response/scgi-fin.pcapng');
  const commands = [[process.execPath, '-e', '0'], why502(small)];
  const [node, ours] = (await inTurn(commands, 4 * ROUNDS)) as [Cost, Cost];
  const kilobytes = (statSync(small).size / 1000).toFixed(0);
  const times = `${(ours.seconds * 1000).toFixed(0)} ms, \`node -e 0\` ${(node.seconds * 1000).toFixed(0)} ms`;
  say(`Start: a capture of ${kilobytes} kB in ${times}: ${(ours.seconds / node.seconds).toFixed(1)} x.`);
}

async function all(): Promise<void> {
  say(`Medians of ${ROUNDS} on ${machine}; captures in the page cache.\n`);
  if (KINDS.some(wanted)) {
    say(
      '| capture | size, packets | why502 | M packets/s | GB/s | peak | tcpdump -w | capinfos | cat | tshark 502 | of tcpdump | than tshark |',
    );
    say('|---|---|---|---|---|---|---|---|---|---|---|---|');
  }
  for (const kind of KINDS) if (wanted(kind)) await compare(kind);
  say('');
  if (wanted('start')) await start();
  if (wanted('stream')) await stream();
  if (process.argv.includes('--write')) writeTable(README, lines.join('\n'), 'bench');
}

const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}`;
if (words[0] === 'live' && words[1] === 'probes') {
  await runTimeTable(say);
} else if (words[0] === 'live') {
  const pairs = Number(/^--pairs=(\d+)$/.exec(process.argv.at(-1) ?? '')?.[1] ?? PAIRS);
  say(`Medians of ${pairs} pairs on ${machine}.\n`);
  const taps = words.slice(1);
  await liveTable(taps, pairs, say);
  say('');
  if (taps.length === 0 || taps.includes('live')) await liveStart(say);
  if (taps.length === 0) say('');
  if (taps.length === 0) await runTimeTable(say);
  if (process.argv.includes('--write')) writeTable(README, lines.join('\n'), 'bench live');
} else if (words[0] === 'tui') {
  say(`Of one processor, means of 10 s, on ${machine}.\n`);
  await tuiTable(say);
  if (process.argv.includes('--write')) writeTable(README, lines.join('\n'), 'bench tui');
} else await all();
