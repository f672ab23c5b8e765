/**
 * From a 502 to the screen: a real nginx fails, the live program runs in a terminal of its own (tmux), and the screen is read
 * again and again until the request is on it.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as later } from 'node:timers/promises';
import { Pane } from '../kit/tmux.ts';
import { missingForLoad, startLoad } from './load.ts';
import { median } from './programs.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');
const ROUNDS = 40;
/** Odd moments: between half a second and one and a half. */
const gapMs = (round: number): number => 500 + ((round * 373) % 1000);
const PATIENCE_MS = 10_000;

/** Asks for the target on each line of its input, and says when its client has the 502 (milliseconds since the epoch). */
const CLIENT = `
  const http = require('node:http');
  require('node:readline').createInterface({ input: process.stdin }).on('line', (path) => {
    http.get({ host: '127.0.0.1', port: 8080, path, agent: false }, (response) => {
      console.log(response.statusCode, Date.now());
      response.resume();
    });
  });
`;

/** Each fails in a way of its own; the last answers stand on a screen that is busy. */
const TARGETS = ['/refused/', '/closed/', '/app.php?die=1&'];

export async function onScreen(): Promise<string> {
  const missing = missingForLoad();
  if (missing) throw new Error(`from a 502 to the screen: it needs ${missing}`);
  const load = startLoad({ closing: 0 });
  const [command, words] = load.inside(process.execPath, CLI, 'live', '-i', 'lo');
  const pane = new Pane('on-screen', 140, 45, [command, ...words].map(quoted).join(' '));
  const client = spawn(...load.inside(process.execPath, '-e', CLIENT), { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
  let asked = 0;
  const seldom: number[] = [];
  const onHeels: number[] = [];
  const fail = async (times: number[]): Promise<void> => {
    const target = `${TARGETS[asked % TARGETS.length]}n=${asked++}`;
    client.stdin.write(`${target}\n`);
    const [status, at] = String((await answers.next()).value).split(' ');
    if (status !== '502') throw new Error(`${target}: ${status}`);
    times.push(shownAt(pane, target) - Number(at));
  };
  try {
    await pane.shows(/capturing on lo/);
    for (let round = 0; round < ROUNDS; round++) {
      await later(gapMs(round));
      await fail(seldom);
    }
    for (let round = 0; round < ROUNDS; round++) await fail(onHeels);
  } finally {
    client.stdin.end();
    pane.keys('q');
    pane.end();
    load.stop();
  }
  return `From the client's 502 to the screen, ${ROUNDS} of each: ${told(seldom)} where one comes a second; ${told(onHeels)} where each is asked for once the one before is on the screen, so that it waits for the next of four frames a second.`;
}

function told(times: readonly number[]): string {
  return `median ${median(times).toFixed(0)} ms, at least ${Math.min(...times)}, at most ${Math.max(...times)}`;
}

function shownAt(pane: Pane, text: string): number {
  const began = Date.now();
  while (Date.now() - began < PATIENCE_MS) if (pane.text().includes(text)) return Date.now();
  throw new Error(`never on the screen: ${text}\n${pane.text()}`);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
