/** The terminal UI as a user has it: the built program in a terminal, keys in, the screen out. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Pane } from '../kit/tmux.ts';
import { ROOT } from '../meta/tree.ts';

const CLI = join(ROOT, 'dist/cli.js');
const EVENING = join(ROOT, 'captures/mixed/evening.pcapng');
const HAS_TMUX = spawnSync('tmux', ['-V']).status === 0;
const RUN = `${process.execPath} ${CLI} analyze ${EVENING} --tui`;
/** Three incidents: enough where it does not matter what they are. */
const KILLED = join(ROOT, 'captures/reset-before-response/php-kill-kernel.pcapng');
const SHORT = `${process.execPath} ${CLI} analyze ${KILLED} --tui`;
/** The terminal as it was: no alternate screen, no mouse, a cursor. */
const SANE = '0 0 1';

let panes = 0;

function open(cols: number, rows: number, command = RUN, env: readonly string[] = []): Pane {
  const pane = new Pane(String(++panes), cols, rows, `clear; ${command}`, env);
  onTestFinished(() => pane.end());
  return pane;
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
    await pane.shows(/certificate rejected/);
    pane.keys('/');
    await pane.shows(/Enter applies/);
    pane.type('cause:refused path:/hot');
    pane.keys('Enter');
    await pane.shows(/No incident passes the filter/);
    pane.keys('m');
    await pane.shows(/hidden: refused/);
    pane.resize(250, 70);
    await pane.shows(/^┌ incidents with cause:refused.{200,}┐$/m);
    pane.resize(80, 24);
    expect(await pane.shows(/502: 53 {2}\(50[.]0 %\) {2}hidden: 2 {2}lost: 0$/m)).toMatch(
      /^┌ incidents with cause:refused/m,
    );
  });

  test('a click selects, a second one on it opens', async () => {
    const pane = open(80, 24);
    const lines = (await pane.shows(/certificate rejected/)).split('\n');
    const at = lines.findIndex((line) => line.includes('header too big'));
    pane.click(at, 30);
    await expect.poll(() => pane.styled().split('\n')[at], { timeout: 20_000 }).toContain('^[7m');
    pane.click(at, 30);
    await pane.shows(/^┌ i-52 [\s\S]*header-too-big/m);
  });

  test('y copies the story to the clipboard of whoever looks', async () => {
    const pane = open(80, 24, SHORT);
    await pane.shows(/reset before/);
    pane.keys('Down', 'y');
    await pane.shows(/Story copied/);
    expect(pane.clipboard()).toMatch(/^i-3 [\s\S]*reset-before-response[\s\S]*Do first: /);
  });

  test('s saves packets and story of the incident', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'why502-tui-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const pane = open(120, 24, `cd ${folder}; ${SHORT}`);
    await pane.shows(/reset before/);
    pane.keys('Down', 's');
    await pane.shows(/Saved \d+ packets .* and the story: why502-evidence\//);
    expect(readdirSync(join(folder, 'why502-evidence')).toSorted()).toEqual([
      'php-kill-kernel-i-3-reset-before-response.pcapng',
      'php-kill-kernel-i-3-reset-before-response.txt',
    ]);
  });

  test.each<[string, readonly string[], RegExp, RegExp]>([
    ['a terminal of 256 colours', [], /\^\[38;5;31m/, /\^\[38;5;(?:80|25)m/],
    ['a dark one', ['COLORFGBG=15;0'], /\^\[38;5;80m/, /\^\[38;5;25m/],
    ['a light one', ['COLORFGBG=0;15'], /\^\[38;5;25m/, /\^\[38;5;80m/],
    ['one of sixteen', ['TERM=screen'], /\^\[(?:1;)?3[0-7]m/, /38;5/],
    ['one without', ['NO_COLOR=1'], /\^\[1m/, /\^\[(?:[\d;]+;)?(?:3[0-7]|38;5;\d+|9\d)m/],
  ])('on %s it is drawn in what there is', async (_, env, wanted, unwanted) => {
    const pane = open(100, 30, SHORT, env);
    await pane.shows(/reset before/);
    expect(pane.styled()).toMatch(wanted);
    expect(pane.styled()).not.toMatch(unwanted);
  });

  test('where the locale is not UTF-8 it is drawn in ASCII', async () => {
    const pane = open(80, 24, SHORT, ['LANG=C', 'LC_ALL=C']);
    await pane.shows(/reset before/);
    expect(pane.text()).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('a capture can be walked through before it is finished', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'why502-tui-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const fifo = join(folder, 'capture');
    spawnSync('mkfifo', [fifo]);
    const pane = open(100, 30, `${process.execPath} ${CLI} analyze ${fifo} --tui`);
    const capture = readFileSync(EVENING);
    const writer = openSync(fifo, 'w');
    writeSync(writer, capture.subarray(0, capture.length * 0.7));
    await pane.shows(/capture \d+ kB[\s\S]*502s per[\s\S]*127[.]0[.]0[.]1:/);
    pane.keys('Down', 'Enter');
    await pane.shows(/^┌ i-\d+ [\s\S]*│── /m);
    writeSync(writer, capture.subarray(capture.length * 0.7));
    closeSync(writer);
    await pane.shows(/capture ended[\s\S]*^┌ i-\d+ /m);
    pane.keys('q');
    expect(await pane.shows(/code:0/)).toMatch(/why502: 53 of 106 requests/);
  });

  test.each([
    ['SIGTERM', /why502: 3 of 5 requests/],
    ['SIGHUP', /why502: 3 of 5 requests/],
  ] as const)('%s leaves the terminal as it was, and a last line', async (signal, last) => {
    const pane = open(80, 24, SHORT);
    await pane.shows(/reset before/);
    process.kill(pane.program('node'), signal);
    expect(await pane.shows(/code:/)).toMatch(last);
    expect(pane.modes()).toBe(SANE);
  });

  test('a bug leaves the terminal as it was, and says that it is one', async () => {
    const broken = 'data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("planted")})';
    const pane = open(100, 24, `${process.execPath} --import '${broken}' ${CLI} analyze ${KILLED} --tui`);
    await pane.shows(/reset before/);
    process.kill(pane.program('node'), 'SIGUSR2');
    expect(await pane.shows(/code:70/)).toMatch(/this is a bug of why502[\s\S]*planted/);
    expect(pane.modes()).toBe(SANE);
  });

  test('keys come from the terminal where standard input is the capture', async () => {
    const pane = open(80, 24, `cat ${KILLED} | ${process.execPath} ${CLI} analyze - --tui`);
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

/** What the screen loads: blessed-contrib depends on some 50 packages more, several with known holes (xml2js, marked, ...). */
const LOADED: readonly string[] = [
  'blessed',
  'blessed-contrib',
  'bresenham',
  'drawille-blessed-contrib',
  'drawille-canvas-blessed-contrib',
  'gl-matrix',
  'x256',
];

test.runIf(HAS_TMUX)('of blessed-contrib only what the chart needs is loaded', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'why502-tui-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const list = join(folder, 'modules');
  writeFileSync(
    join(folder, 'tell.mjs'),
    `import Module from 'node:module';
    import { writeFileSync } from 'node:fs';
    process.on('exit', () => writeFileSync('${list}', Object.keys(Module._cache).join('\\n')));`,
  );
  const pane = open(80, 24, `${process.execPath} --import ${folder}/tell.mjs ${CLI} analyze ${KILLED} --tui`);
  await pane.shows(/reset before/);
  for (const key of ['Enter', 'x', 'u', 'c', 'h', '?', 'q']) pane.keys(key);
  await pane.shows(/code:0/);
  const names = readFileSync(list, 'utf8').match(/(?<=node_modules\/)(?:@[^/]+\/)?[^/]+/g) ?? [];
  expect([...new Set(names)].toSorted()).toEqual(LOADED);
  const { overrides } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(Object.keys(overrides).sort()).toEqual(['lodash', 'xml2js']);
});
