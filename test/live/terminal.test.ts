/** A live run in a terminal that is quit at once, or whose capture program is killed: the terminal is as it was. */
import { expect, onTestFinished, test } from 'vitest';
import { Pane } from '../kit/tmux.ts';
import { inside } from '../lab/netns.ts';
import { until } from '../lab/programs/start.ts';
import { make, newPlace } from './capture-program.ts';
import { captureProgramOf, runs } from './live-run.ts';
import { CLI } from './stage.ts';

const LIMIT_MS = 60_000;
/** No alternate screen, no mouse, a cursor. */
const SANE = '0 0 1';

let panes = 0;

/** The run, and its process, once the screen shows this. */
async function openLive(wanted: RegExp): Promise<{ pane: Pane; node: number }> {
  make();
  const { namespace } = newPlace();
  const [command, words] = inside(namespace, process.execPath, [CLI, 'live', '-i', 'lo']);
  const pane = new Pane(`live-${++panes}`, 100, 30, `clear; ${[command, ...words].join(' ')}`);
  onTestFinished(() => pane.end());
  await pane.shows(wanted);
  return { pane, node: pane.program('node') };
}

test(
  'quit before the program has given up root, both end',
  async () => {
    const { pane, node } = await openLive(/^ why502 {2}(?:starting|live) /m);
    pane.keys('q');
    await pane.shows(/code:0/);
    expect(pane.modes()).toBe(SANE);
    await until('both have ended', () => !runs(node));
  },
  LIMIT_MS,
);

test(
  'killed itself, its capture program gives the terminal back',
  async () => {
    const { pane, node } = await openLive(/^ why502 {2}live [\s\S]*capturing on lo/m);
    const program = await captureProgramOf(node);
    expect(pane.modes()).not.toBe(SANE);
    process.kill(node, 'SIGKILL');
    await pane.shows(/whoever drew on this terminal was killed/);
    pane.type('echo "still $((40 + 2))"\n');
    await pane.shows(/^still 42/m);
    await until('both have ended', () => !runs(node) && !runs(program));
    expect(pane.modes()).toBe(SANE);
  },
  LIMIT_MS,
);

test(
  'the terminal is left as it was, with a word on what happened',
  async () => {
    const { pane, node } = await openLive(/^ why502 {2}(?:starting|live) /m);
    expect(pane.modes()).not.toBe(SANE);
    const program = await captureProgramOf(node);
    process.kill(program, 'SIGKILL');
    expect(await pane.shows(/code:4/)).toContain('the capture program was killed');
    expect(pane.modes()).toBe(SANE);
    await until('both have ended', () => !runs(node) && !runs(program));
  },
  LIMIT_MS,
);
