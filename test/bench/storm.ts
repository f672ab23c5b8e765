/**
 * A thousand 502s a second into the real program: recorded failures again and again, in real time through a named pipe, on
 * a terminal of 140x45 (`script`). How often it draws, what drawing takes of a processor beside the analysis, and whether
 * its counts are complete.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { Rounds } from './repeat.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'dist/cli.js');
/** Each is five requests of 3 ms at most, and three of them are 502s. */
const RECORDED = [
  'connect-refused/refused',
  'reset-before-response/php-by-http',
  'connect-refused/reject-reset',
  'close-before-response/uwsgi-by-http',
];
const INCIDENTS = 3;
/** 100,000 of them at a thousand a second, looked at in quarters. */
const SECONDS = 100;
const QUARTERS = 4;
/** Seldom: a profile takes memory too. */
const PROFILE_EVERY_US = 10_000;
/** Pieces of a frame come closer together than frames do. */
const BETWEEN_FRAMES_MS = 20;
/** Gone from the header once the stream is over. */
const PATIENCE_MS = 60_000;

interface Sample {
  readonly functionName: string;
  readonly url: string;
}

/** Writes rounds as their time comes; tells how many 502s there were. */
async function storm(path: string, perSecond: number): Promise<number> {
  const captures = RECORDED.map((name) => new Rounds(readFileSync(join(ROOT, `captures/${name}.pcapng`))));
  const pipe = createWriteStream(path);
  pipe.write((captures[0] as Rounds).head);
  const epoch = BigInt(Date.now()) * 1_000_000n;
  const began = performance.now();
  const everyMs = (1000 * INCIDENTS) / perSecond;
  const rounds = Math.round((SECONDS * 1000) / everyMs);
  for (let round = 0; round < rounds; ) {
    const due = Math.min(rounds, Math.floor((performance.now() - began) / everyMs));
    for (; round < due; round++) {
      const capture = captures[round % captures.length] as Rounds;
      pipe.write(capture.at(epoch + BigInt(Math.round(round * everyMs * 1e6)), round));
    }
    if (pipe.writableNeedDrain) await once(pipe, 'drain');
    await later(5);
  }
  pipe.end();
  await once(pipe, 'finish');
  return rounds * INCIDENTS;
}

export async function stormLine(perSecond = 1000): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'why502-storm-'));
  try {
    const fifo = join(folder, 'capture');
    spawnSync('mkfifo', [fifo]);
    const profile = `--cpu-prof --cpu-prof-interval=${PROFILE_EVERY_US} --cpu-prof-dir=${folder}`;
    const program = `${process.execPath} ${profile} ${CLI} analyze ${fifo} --tui`;
    const child = spawn('script', ['-qfec', `stty cols 140 rows 45; exec ${program}`, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    });
    let said = '';
    let octets = 0;
    let frames = 0;
    let last = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      octets += text.length;
      const now = performance.now();
      if (now - last > BETWEEN_FRAMES_MS) frames++;
      last = now;
    });
    const closed = new Promise((resolve) => child.once('close', resolve));
    const stormed = storm(fifo, perSecond);
    const resident: string[] = [];
    for (let quarter = 0; quarter < QUARTERS; quarter++) {
      await later((SECONDS * 1000) / QUARTERS);
      resident.push((residentOf(child.pid as number) / 1e6).toFixed(0));
    }
    const perFrame = octets / frames;
    const rate = frames / SECONDS;
    const expected = await stormed;
    const wrote = performance.now();
    while (!said.includes('ended') && performance.now() - wrote < PATIENCE_MS) await later(20);
    const late = performance.now() - wrote;
    child.stdin.write('q');
    await closed;
    const counted = /why502: ([\d,]+) of/.exec(said)?.[1]?.replaceAll(',', '') ?? 'none';
    const { view, all } = shares(folder);
    return (
      `${perSecond.toLocaleString('en')} incidents a second through a pipe into the program for ${SECONDS} s: ` +
      `${rate.toFixed(1)} frames/s of ${(perFrame / 1000).toFixed(1)} kB; the view takes ${view.toFixed(1)} % of a processor, ` +
      `all of it ${all.toFixed(0)} %; ${counted} of ${expected} counted, the last ${late.toFixed(0)} ms after it was written; ` +
      `resident after each quarter ${resident.join(', ')} MB.`
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the program that `script` runs. */
function residentOf(script: number): number {
  const [program] = readFileSync(`/proc/${script}/task/${script}/children`, 'utf8').split(' ');
  return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${program}/status`, 'utf8'))?.[1]) * 1024;
}

/** Percent of a processor while the program ran: in the terminal UI and what it calls, and in all. */
function shares(folder: string): { view: number; all: number } {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile')) ?? 'none';
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const parents = new Map<number, number>();
  const frames = new Map<number, Sample>();
  for (const { id, callFrame, children = [] } of profile.nodes) {
    frames.set(id, callFrame);
    for (const child of children) parents.set(child, id);
  }
  const inView = (id: number): boolean => {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      if (/\/dist\/tui-|\/blessed/.test(frames.get(at)?.url ?? '')) return true;
    }
    return false;
  };
  let view = 0;
  let idle = 0;
  profile.samples.forEach((id: number, n: number) => {
    if (frames.get(id)?.functionName === '(idle)') idle += profile.timeDeltas[n];
    else if (inView(id)) view += profile.timeDeltas[n];
  });
  const ran = profile.endTime - profile.startTime;
  return { view: (100 * view) / ran, all: (100 * (ran - idle)) / ran };
}
