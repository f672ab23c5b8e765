/** The terminal UI as a user has it: the built program in a terminal, keys in, the screen out. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Pane } from '../kit/tmux.ts';
import { ROOT } from '../meta/tree.ts';

const CLI = join(ROOT, 'dist/cli.js');
const EVENING = join(ROOT, 'captures/mixed/evening.pcapng');
const HAS_TMUX = spawnSync('tmux', ['-V']).status === 0;
const RUN = `${process.execPath} ${CLI} analyze ${EVENING} --tui`;
/** The terminal as it was: no alternate screen, no mouse, a cursor. */
const SANE = '0 0 1';

let panes = 0;

function open(cols: number, rows: number, command = RUN): Pane {
  const pane = new Pane(String(++panes), cols, rows, `clear; ${command}`);
  onTestFinished(() => pane.end());
  return pane;
}

/** The program under the pane's shell. */
function programOf(pane: Pane): number {
  return Number(execFileSync('pgrep', ['-P', String(pane.shell()), 'node'], { encoding: 'utf8' }));
}

describe.runIf(HAS_TMUX)('in a terminal', () => {
  test.each([
    [80, 24],
    [140, 45],
  ])('every screen at %ix%i is as it was looked at', async (cols, rows) => {
    const pane = open(cols, rows);
    const frame = async (name: string, wanted: RegExp) => {
      const text = await pane.shows(wanted);
      await expect(text).toMatchFileSnapshot(join(import.meta.dirname, `golden/tui-${name}.${cols}x${rows}.txt`));
    };
    // Read to its end: no share of it is told any more.
    await frame('hunt', /evening[.]pcapng {2}(?!\d+ %)[\s\S]*certificate rejected/);
    pane.keys('Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Enter');
    await frame('story', /^┌ i-48 /m);
    pane.keys('x');
    await frame('octets', /Client to gateway/);
    pane.keys('Escape');
    await pane.shows(/── SYN ─/);
    pane.keys('u');
    await frame('upstreams', /^┌ upstreams /m);
    pane.keys('c');
    await frame('causes', /Recognised by/);
    pane.keys('?');
    await frame('help', /^┌ help /m);
    pane.keys('q');
    expect(await pane.shows(/code:0/)).toMatch(
      /^why502: 53 of 106 requests were a 502, 2 failures hidden by retries[.]$/m,
    );
    expect(pane.modes()).toBe(SANE);
  });

  test('a filter narrows the list, and the screen follows a new size', async () => {
    const pane = open(140, 45);
    await pane.shows(/i?certificate rejected/);
    pane.keys('/');
    await pane.shows(/Enter applies/);
    pane.type('cause:refused path:/hot');
    pane.keys('Enter');
    await pane.shows(/No incident passes the filter/);
    pane.keys('m');
    await pane.shows(/hidden: refused/);
    pane.resize(80, 24);
    expect(await pane.shows(/502: 53 {2}hidden: 2 {2}lost: 0$/m)).toMatch(/^┌ incidents with cause:refused/m);
  });

  test.each([
    ['SIGTERM', /why502: 53 of 106 requests/],
    ['SIGHUP', /why502: 53 of 106 requests/],
  ] as const)('%s leaves the terminal as it was, and a last line', async (signal, last) => {
    const pane = open(80, 24);
    await pane.shows(/certificate rejected/);
    process.kill(programOf(pane), signal);
    expect(await pane.shows(/code:/)).toMatch(last);
    expect(pane.modes()).toBe(SANE);
  });

  test('a bug leaves the terminal as it was, and says that it is one', async () => {
    const broken = 'data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("planted")})';
    const pane = open(100, 24, `${process.execPath} --import '${broken}' ${CLI} analyze ${EVENING} --tui`);
    await pane.shows(/tls-cert-rejected/);
    process.kill(programOf(pane), 'SIGUSR2');
    expect(await pane.shows(/code:70/)).toMatch(/this is a bug of why502[\s\S]*planted/);
    expect(pane.modes()).toBe(SANE);
  });

  test('keys come from the terminal where standard input is the capture', async () => {
    const pane = open(80, 24, `cat ${EVENING} | ${process.execPath} ${CLI} analyze - --tui`);
    await pane.shows(/standard input ended/);
    pane.keys('q');
    await pane.shows(/code:0/);
    expect(pane.modes()).toBe(SANE);
  });
});

test('without a terminal --tui is refused with its remedy', () => {
  const { status, stderr } = spawnSync(process.execPath, [CLI, 'analyze', EVENING, '--tui'], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^why502: --tui needs a terminal/);
});

/** Packages of blessed-contrib's own with known holes, or long out of care (npm's advisories). */
const HOLES = [
  'xml2js',
  'marked',
  'marked-terminal',
  'event-stream',
  'optimist',
  'map-canvas',
  'term-canvas',
  'png-js',
];

test('of blessed-contrib only what the charts need is loaded', () => {
  const loads = `
    import Module from 'node:module';
    import './src/sinks/tui/screen.ts';
    const files = Object.keys(Module._cache);
    const names = files.map((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(file)?.[1]).filter(Boolean);
    console.log([...new Set(names)].join(' '));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', loads], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const names = stdout.trim().split(' ');
  expect(names, stderr).toContain('blessed-contrib');
  expect(names.filter((name) => HOLES.includes(name))).toEqual([]);
  const { overrides } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(Object.keys(overrides).sort()).toEqual(['lodash', 'xml2js']);
});
