import { Duplex, PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { type Frame, type Look, line, type Pane, span } from '../../../src/sinks/tui/frame.ts';
import type { Key } from '../../../src/sinks/tui/keys.ts';
import { openScreen, type Screen } from '../../../src/sinks/tui/screen.ts';
import { view } from '../../../src/sinks/tui/view.ts';
import { ASCII, eveningScene, UNICODE } from './scenes.ts';

/** Stands for the escape character. */
const ESC = '␛';
const COLS = 100;
const ROWS = 40;

interface Opened {
  readonly screen: Screen;
  readonly keys: Key[];
  readonly clicks: string[];
  readonly wheel: number[];
  readonly sizes: string[];
  /** What was written since it was last asked, with a sign for the escape character. */
  written(): Promise<string>;
  type(text: string): Promise<void>;
  resize(cols: number, rows: number): void;
}

/** A screen on a terminal that is none: streams that say that they are one. */
function open(look: Look, env: Record<string, string> = {}): Opened {
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: COLS, rows: ROWS });
  const input = Object.assign(new Duplex({ read() {} }), { isTTY: true, isRaw: false, setRawMode() {} });
  const seen = { keys: [] as Key[], clicks: [] as string[], wheel: [] as number[], sizes: [] as string[] };
  const ends = { input: input as unknown as ReadStream, output: output as unknown as WriteStream };
  const screen = openScreen(
    look,
    { ...ends, env: { TERM: 'xterm-256color', ...env } },
    {
      key: (key) => seen.keys.push(key),
      size: (cols, rows) => seen.sizes.push(`${cols}x${rows}`),
      click: (pane, at) => seen.clicks.push(`${pane} ${at}`),
      wheel: (by) => seen.wheel.push(by),
    },
  );
  onTestFinished(() => screen.close());
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    screen,
    ...seen,
    async written() {
      await turn();
      return String(output.read() ?? '').replaceAll('\x1b', ESC);
    },
    async type(text) {
      input.push(Buffer.from(text, 'latin1'));
      await turn();
    },
    resize(cols, rows) {
      Object.assign(output, { columns: cols, rows });
      output.emit('resize');
    },
  };
}

function pane(text: string, over: Partial<Pane> = {}): Pane {
  const at = { left: 0, top: 1, width: 60, height: 6 };
  const lines = text.split('\n').map((one) => line(one));
  return { id: 'text', at, border: true, title: 'a title', note: '', focused: true, lines, graph: undefined, ...over };
}

const frame = (...panes: readonly Pane[]): Frame => ({ cols: COLS, rows: ROWS, panes });

/** Sequences that move the cursor, colour, clear, or switch the modes that a screen uses. */
const OWN = /␛\[[\d;]*[ABCDGHJKdmr]|␛\[\?[\d;]+[hlc]|␛\[>?[\d;]*c|␛[()][0AB]|␛[=>78M]|␛\[!p|␛\[4l|␛\[\d* q|[\r\n]/g;

test('opening takes the alternate screen and the mouse; closing gives them back, with the cursor', async () => {
  const { screen, written } = open(UNICODE);
  screen.paint(frame(pane('hello')));
  const opened = await written();
  expect(opened).toContain('␛[?1049h');
  expect(opened).toContain('␛[?25l');
  expect(opened).toMatch(/␛\[\?100[02]h/);
  screen.close();
  const closed = await written();
  expect(closed).toContain('␛[?1049l');
  expect(closed).toMatch(/␛\[\?25h/);
  expect(closed).toMatch(/␛\[\?100[02]l/);
  screen.close();
  expect(await written()).toBe('');
});

test('only what changed is written', async () => {
  const { screen, written } = open(UNICODE);
  screen.paint(frame(pane('one\ntwo\nthree')));
  expect((await written()).length).toBeGreaterThan(100);
  screen.paint(frame(pane('one\ntwo\nthree')));
  expect(await written()).toBe('');
  screen.paint(frame(pane('one\ntwX\nthree')));
  const changed = await written();
  expect(changed).toContain('X');
  expect(changed).not.toContain('three');
  expect(changed.length).toBeLessThan(40);
});

test('nothing from the wire reaches the terminal raw', async () => {
  const { screen, written } = open(UNICODE);
  await written();
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 20 }), async (text, more) => {
      const hostile = `\x1b]0;${more}\x07\x1b[2J\x9b31m${text}{bold}\u202e`;
      screen.paint(frame(pane(hostile, { title: hostile, note: hostile })));
      screen.paint(frame(pane('')));
      const left = (await written()).replace(OWN, '');
      expect(left).not.toMatch(/[\p{Cc}\p{Cf}␛]/u);
    }),
    { numRuns: 60 },
  );
});

test.each<[string, Look, RegExp, RegExp]>([
  ['256 on dark', UNICODE, /␛\[(?:\d+;)*38;5;203/, /38;5;160/],
  ['256 on light', { ...UNICODE, background: 'light' }, /␛\[(?:\d+;)*38;5;160/, /38;5;203/],
  ['16', { ...UNICODE, colours: 16 }, /␛\[(?:\d+;)*31/, /38;5/],
  ['none', { ...UNICODE, colours: 0 }, /␛\[1m/, /␛\[[\d;]*(?:3[0-7]|38;5;\d+|9\d)m/],
])('colours: %s', async (_, look, wanted, unwanted) => {
  const { screen, written } = open(look);
  screen.paint(frame(pane('', { lines: [line(span('502', 'bad'))] })));
  const text = await written();
  expect(text).toMatch(wanted);
  expect(text).not.toMatch(unwanted);
});

test('lines of boxes are characters, or ASCII where the terminal has no others', async () => {
  const unicode = open(UNICODE);
  unicode.screen.paint(frame(pane('x')));
  expect(await unicode.written()).toMatch(/┌[\s\S]*└/);
  const ascii = open(ASCII);
  ascii.screen.paint(frame(pane('x')));
  const text = (await ascii.written()).replace(OWN, '');
  expect(text).toMatch(/^[\x20-\x7e]*$/);
});

test('a chart is drawn in dots of colour', async () => {
  const { screen, written } = open(UNICODE);
  screen.paint(view(await eveningScene(COLS, ROWS)));
  expect(await written()).toMatch(/␛\[31m[^␛]*[\u2801-\u28ff]/);
});

test('keys, clicks, double lines of the wheel', async () => {
  const { screen, keys, clicks, wheel, type, written } = open(UNICODE);
  screen.paint(frame(pane('one\ntwo\nthree')));
  await written();
  await type('j\x1b[A\x03');
  expect(keys.map(({ name }) => name)).toEqual(['j', 'up', 'C-c']);
  // SGR mouse: button 0 down and up at column 3, row 4; the wheel down and up.
  for (const event of ['0;3;4M', '0;3;4m', '65;3;4M', '64;3;4M']) await type(`\x1b[<${event}`);
  expect(clicks).toContain('text 1');
  expect(wheel).toEqual([3, -3]);
});

test('events of the mouse that arrive together are each heard', async () => {
  const { screen, clicks, wheel, type, written } = open(UNICODE);
  screen.paint(frame(pane('one\ntwo\nthree')));
  await written();
  await type(['0;3;4M', '0;3;4m', '65;3;4M', '65;3;4M', '0;3;3M', '0;3;3m'].map((event) => `\x1b[<${event}`).join(''));
  expect(clicks).toEqual(['text 1', 'text 0']);
  expect(wheel).toEqual([3, 3]);
});

test('a new size is told, and all is painted anew', async () => {
  const { screen, sizes, resize, written } = open(UNICODE);
  screen.paint(frame(pane('one\ntwo')));
  await written();
  resize(90, 30);
  await expect.poll(() => sizes, { timeout: 10_000 }).toEqual(['90x30']);
  screen.paint({ ...frame(pane('one\ntwo')), cols: 90, rows: 30 });
  expect(await written()).toContain('two');
});

test.each([
  [{}, '␛]52;c;c3Rvcnk=\x07'],
  [{ TMUX: '/tmp/tmux' }, '␛Ptmux;␛␛]52;c;c3Rvcnk=\x07␛\\'],
  [{ TMUX: '/tmp/tmux', STY: '1.pts', TERM: 'tmux-256color' }, '␛Ptmux;␛␛]52;c;c3Rvcnk=\x07␛\\'],
  [{ STY: '1.pts', TERM: 'screen' }, '␛P␛]52;c;c3Rvcnk=\x07␛\\'],
])('the clipboard is reached by OSC 52, also from within: %j', async (env, sequence) => {
  const { screen, written } = open(UNICODE, env);
  await written();
  screen.copy('story');
  expect(await written()).toContain(sequence);
});

test('GNU screen is given no string longer than it takes, nor anything outside of one', async () => {
  const { screen, written } = open(UNICODE, { STY: '1.pts', TERM: 'screen', TMUX: '/tmp/tmux' });
  await written();
  const story = 'GET /checkout 502\n'.repeat(400);
  screen.copy(story);
  const strings = (await written()).match(/␛P[\s\S]*?␛\\/g) ?? [];
  expect(Math.max(...strings.map(({ length }) => length))).toBeLessThan(256);
  const code = strings.map((one) => one.slice(2, -2)).join('');
  expect(code).toBe(`␛]52;c;${Buffer.from(story).toString('base64')}\x07`);
});

test('a redraw writes all of it again', async () => {
  const { screen, written } = open(UNICODE);
  screen.paint(frame(pane('one\ntwo')));
  await written();
  screen.redraw();
  expect(await written()).toMatch(/one[\s\S]*two/);
});
