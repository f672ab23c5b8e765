/** The terminal UI on a live capture, as a user has it: root starts it in a terminal, nginx fails, keys go in. */
import { expect, onTestFinished, test } from 'vitest';
import { Pane } from '../kit/tmux.ts';
import { inside } from '../lab/netns.ts';
import { make, newPlace, type Place } from './capture-program.ts';
import { startTraffic } from './capture-traffic.ts';
import { captureProgramOf } from './live-run.ts';
import { CLI } from './stage.ts';

const LIMIT_MS = 90_000;
/** The terminal as it was: no alternate screen, no mouse, a cursor. */
const SANE = '0 0 1';

let panes = 0;

function open({ namespace }: Place, cols: number, rows: number, ...options: readonly string[]): Pane {
  make();
  const [command, words] = inside(namespace, process.execPath, [...options, CLI, 'live', '-i', 'lo']);
  const pane = new Pane(`live-${++panes}`, cols, rows, `clear; ${[command, ...words].join(' ')}`);
  onTestFinished(() => pane.end());
  return pane;
}

test.each([
  [80, 24],
  [140, 45],
])(
  'a 502 is on the screen while it happens, and can be walked through, at %ix%i',
  async (cols, rows) => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const pane = open(place, cols, rows);
    await pane.shows(/No 502 yet[.][\s\S]*capturing on lo/);
    await traffic.ask(['/page', '/page?two']);
    await pane.shows(/ 2 requests seen, /);
    await traffic.ask(['/closed/a', '/reset?b', '/broken?c']);
    await pane.shows(/\/broken[\s\S]*\/reset[\s\S]*\/closed/);
    await pane.shows(/502: 3 /);
    pane.keys('Down', 'Down', 'Down', 'Enter');
    await pane.shows(/^┌ i-1 [\s\S]*GET \/closed\/a[\s\S]*SYN[\s\S]*RST: refused/m);
    pane.keys('x');
    await pane.shows(/HTTP\/1.1 502/);
    pane.keys('Escape');
    await pane.shows(/RST: refused/);
    pane.keys('p');
    await pane.shows(/^┌ i-2 [\s\S]*\/reset\?b/m);
    pane.keys('u');
    await pane.shows(/^│127[.]0[.]0[.]1:3000 +\d+ +\d+/m);
    pane.keys('c');
    await pane.shows(/Recognised by|The gateway/);
    pane.keys('h');
    await pane.shows(/sees +packets, kernel/);
    pane.keys('?');
    await pane.shows(/^┌ help /m);
    pane.keys('q');
    expect(await pane.shows(/code:0/)).toMatch(
      /^why502: 3 of 5 requests were a 502, 0 failures hidden by retries[.]$/m,
    );
    expect(pane.modes()).toBe(SANE);
  },
  LIMIT_MS,
);

test(
  'while the list is held the capture goes on, and what waits is counted',
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const pane = open(place, 100, 30);
    await pane.shows(/capturing on lo/);
    await traffic.ask(['/closed/a']);
    await pane.shows(/\/closed\/a/);
    pane.keys('Space');
    await traffic.ask(['/closed/b', '/closed/c']);
    expect(await pane.shows(/paused, 2 waiting/)).not.toMatch(/\/closed\/[bc]/);
    pane.keys('Space');
    await pane.shows(/\/closed\/c[\s\S]*\/closed\/b[\s\S]*\/closed\/a/);
  },
  LIMIT_MS,
);

test.each([
  ['SIGTERM', /code:0/],
  ['SIGHUP', /code:0/],
] as const)(
  '%s leaves the terminal as it was, and a last line',
  async (signal, code) => {
    const pane = open(newPlace(), 100, 30);
    await pane.shows(/capturing on lo/);
    process.kill(pane.program('node'), signal);
    expect(await pane.shows(code)).toMatch(/^why502: 0 of 0 requests were a 502/m);
    expect(pane.modes()).toBe(SANE);
  },
  LIMIT_MS,
);

test(
  'its capture program killed, it leaves the terminal as it was and says why it ended',
  async () => {
    const pane = open(newPlace(), 100, 30);
    await pane.shows(/capturing on lo/);
    process.kill(await captureProgramOf(pane.program('node')), 'SIGKILL');
    expect(await pane.shows(/code:4/)).toMatch(/the capture program was killed[\s\S]*^why502: 0 of 0 requests/m);
    expect(pane.modes()).toBe(SANE);
  },
  LIMIT_MS,
);

test(
  'a bug leaves the terminal as it was, says that it is one, and no capture program behind',
  async () => {
    const broken = `'data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("planted")})'`;
    const pane = open(newPlace(), 100, 30, '--import', broken);
    await pane.shows(/capturing on lo/);
    process.kill(pane.program('node'), 'SIGUSR2');
    expect(await pane.shows(/code:70/)).toMatch(/this is a bug of why502[\s\S]*planted/);
    expect(pane.modes()).toBe(SANE);
  },
  LIMIT_MS,
);
