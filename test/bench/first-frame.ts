/** How long a user waits for the first frame of the terminal UI: whole processes on a terminal of their own (`script`). */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { median } from './programs.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'dist/cli.js');
const EVENING = join(ROOT, 'captures/mixed/evening.pcapng');
const ROUNDS = 15;

const PROGRAMS: Readonly<Record<string, string>> = {
  node: `${process.execPath} -e 'console.log("why502")'`,
  file: `${process.execPath} ${CLI} analyze ${EVENING} --tui`,
  live: `${process.execPath} ${CLI} live -i lo`,
};

/** Milliseconds from its start until the terminal has the program's name from it. */
async function firstWords(program: string): Promise<number> {
  const began = performance.now();
  const child = spawn('script', ['-qfec', `stty cols 140 rows 45; exec ${program}`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
  });
  let said = '';
  let at = Number.NaN;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (!Number.isNaN(at) || !said.includes('why502')) return;
    at = performance.now() - began;
    child.stdin.write('q');
  });
  await new Promise((resolve) => child.once('close', resolve));
  if (Number.isNaN(at)) throw new Error(`${program}: ${said}`);
  return at;
}

/** In turn, so that what else the machine does falls on all of them. */
export async function firstFrames(): Promise<string> {
  const times = new Map(Object.keys(PROGRAMS).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, program] of Object.entries(PROGRAMS)) times.get(name)?.push(await firstWords(program));
  }
  const told = (name: string): string => {
    const all = times.get(name) as number[];
    return `${median(all).toFixed(0)} ms (at most ${Math.max(...all).toFixed(0)})`;
  };
  const ratio = (name: string): string =>
    (median(times.get(name) as number[]) / median(times.get('node') as number[])).toFixed(1);
  return (
    `First frame, medians of ${ROUNDS}: of a capture ${told('file')}, ${ratio('file')} x \`node -e 0\`; ` +
    `live ${told('live')}, ${ratio('live')} x; \`node -e 0\` ${told('node')}.`
  );
}
