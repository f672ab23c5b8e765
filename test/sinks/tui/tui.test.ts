import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ENTRIES_LIMIT } from '../../../src/sinks/tui/book.ts';
import { NO_RUN } from '../../../src/sinks/tui/scene.ts';
import type { RunFigures, Tui, TuiOptions } from '../../../src/sinks/tui/tui.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt, incident } from '../../kit/incidents.ts';
import { FakeScreen, tuiOn } from './fake-screen.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Opened {
  readonly tui: Tui;
  readonly screen: FakeScreen;
  /** Frames painted within so many milliseconds. */
  frames(ms: number): number;
}

function open(over: Partial<TuiOptions> = {}): Opened {
  const screen = new FakeScreen();
  const tui = tuiOn(screen, over);
  const frames = (ms: number): number => {
    const before = screen.frames.length;
    vi.advanceTimersByTime(ms);
    return screen.frames.length - before;
  };
  return { tui, screen, frames };
}

const refused = () => judge(incident({ attempts: [attempt({ server: 'refuses' })] }));
const { interfaces, rungs, gateways, named, listening, octets, started, now, counters, captureCpu, tables } = NO_RUN;
const SEEN = { interfaces, rungs, gateways, named, listening, octets, started, now, counters, captureCpu, tables };
const FIGURES: RunFigures = { ...SEEN, epoch: 0n, requests: 12, frames: 99 };

test('the first frame is there at once', () => {
  const { tui, screen, frames } = open();
  expect(screen.frames).toHaveLength(1);
  expect(screen.text).toMatch(/^ why502 {2}starting [\s\S]*The capture is starting[.]/);
  tui.follow(() => FIGURES);
  frames(1000);
  expect(screen.text).toMatch(/^ why502 {2}live [\s\S]*No 502 yet[.]/);
});

test('on a busy line a 502 is on screen within 50 ms, before its verdict is settled', () => {
  const { tui, screen, frames } = open();
  for (let ms = 0; ms < 9990; ms += 10) {
    tui.heard();
    frames(10);
  }
  tui.early(incident().exchange, undefined);
  frames(50);
  expect(screen.text).toContain('being worked out');
});

test('at a thousand incidents a second: four frames a second, a list that ends, counts that are exact', () => {
  const { tui, screen, frames } = open();
  const verdict = refused();
  const seconds = 12;
  let painted = 0;
  for (let ms = 0; ms < seconds * 1000; ms++) {
    tui.verdict(verdict);
    tui.heard();
    painted += frames(1);
  }
  expect(painted).toBeGreaterThan(seconds);
  expect(painted).toBeLessThanOrEqual(seconds * 4);
  frames(250);
  expect(tui.counts.found).toBe(seconds * 1000);
  expect(screen.text).toMatch(/502: 12,000/);
  screen.press('h');
  frames(250);
  const [, kept = '', gone = ''] = /kept to look at +([\d,]+); ([\d,]+) older ones/.exec(screen.text) ?? [];
  const [held, dropped] = [kept, gone].map((text) => Number(text.replaceAll(',', ''))) as [number, number];
  expect(held).toBeLessThanOrEqual(ENTRIES_LIMIT * 1.1);
  expect(held + dropped).toBe(seconds * 1000);
});

test('nothing new, nothing painted but the clock once a second; a key is answered at once', () => {
  const { screen, frames } = open();
  frames(1000);
  expect(frames(10_000)).toBe(10);
  frames(500);
  screen.press('?');
  expect(frames(50)).toBe(1);
  expect(screen.text).toMatch(/┌ help /);
});

test('a key that is held down is worth twenty frames a second at most', () => {
  const { screen, frames } = open();
  let painted = 0;
  for (let ms = 0; ms < 1000; ms += 5) {
    screen.press('down');
    painted += frames(5);
  }
  expect(painted).toBeLessThanOrEqual(21);
});

test('a file can be walked through while it is read', () => {
  const { tui, screen, frames } = open({ mode: 'file', name: 'a.pcap', size: 1000 });
  tui.follow(() => ({ ...FIGURES, octets: 420 }));
  tui.verdict(refused());
  frames(300);
  expect(screen.text).toMatch(/a[.]pcap ████░░░░░░ 42 %[\s\S]*refused/);
  screen.press('enter');
  frames(50);
  expect(screen.text).toMatch(/^┌ i-1 [\s\S]*RST: refused/m);
});

test('an ended capture is painted no more, until a key is pressed', () => {
  const { tui, screen, frames } = open({ mode: 'file', name: 'a.pcap' });
  tui.follow(() => FIGURES);
  tui.end({ damage: undefined } as Parameters<Tui['end']>[0]);
  frames(1000);
  expect(frames(10_000)).toBe(0);
  expect(screen.text).toMatch(/a[.]pcap[\s\S]*No 502[.]/);
  screen.press('u');
  expect(frames(50)).toBe(1);
});

test('damage is told on the screen, and again when the terminal is as it was', () => {
  const { tui, screen, frames } = open({ mode: 'file' });
  const damage = { kind: 'damaged', text: 'no such block\x1b[2J', offset: 24, record: 2, remedy: 'Look.' } as const;
  tui.end({ damage } as Parameters<Tui['end']>[0]);
  frames(300);
  const told = 'no such block\\x1b[2J at offset 24. Look.';
  expect(screen.text).toContain(told);
  expect(tui.close()).toEqual([told]);
  expect(tui.close()).toEqual([]);
  expect(screen.closed).toBe(1);
});

test('a notice gives the keys their line back', () => {
  const { tui, screen, frames } = open();
  tui.say('capturing on lo');
  frames(2000);
  expect(screen.text).toMatch(/ capturing on lo$/);
  frames(6000);
  expect(screen.text).toMatch(/Enter story/);
});

test('q ends it; so does whoever holds it', async () => {
  for (const end of [({ screen }: Opened) => screen.press('q'), ({ tui }: Opened) => tui.finish()]) {
    const opened = open();
    end(opened);
    await expect(opened.tui.quit).resolves.toBeUndefined();
    opened.tui.close();
    expect(opened.frames(5000)).toBe(0);
  }
});

test('s saves and y copies what is selected; without a selection they say so', async () => {
  const { tui, screen, frames } = open();
  tui.verdict(refused());
  frames(300);
  screen.press('s');
  frames(50);
  expect(screen.text).toMatch(/Select an incident first[.]$/);
  screen.press('down', 'y');
  frames(50);
  expect(screen.copied).toEqual(['the story']);
  screen.press('s');
  await vi.advanceTimersByTimeAsync(50);
  expect(screen.text).toMatch(/ Saved it$/);
});

test('what could not be saved is told', async () => {
  const { tui, screen, frames } = open({ save: () => Promise.reject(new Error('disk full')) });
  tui.verdict(refused());
  frames(300);
  screen.press('down', 's');
  await vi.advanceTimersByTimeAsync(50);
  expect(screen.text).toMatch(/ Not saved: disk full$/);
});

test('a click selects, a second one opens, the wheel moves', () => {
  const { tui, screen, frames } = open();
  for (let n = 0; n < 9; n++) tui.verdict(refused());
  frames(300);
  screen.click('incidents', 3);
  frames(50);
  screen.wheel(2);
  frames(50);
  const selected = (): number =>
    screen.frames
      .at(-1)
      ?.panes.find(({ id }) => id === 'incidents')
      ?.lines.findIndex((one) => one.selected) ?? -1;
  expect(selected()).toBe(5);
  screen.click('incidents', 5);
  frames(50);
  expect(screen.text).toMatch(/^┌ i-1 /m);
});

test('a new size is followed; C-l and C-z are the terminal’s', () => {
  const { screen, frames } = open();
  screen.resize(140, 50);
  frames(50);
  expect(screen.frames.at(-1)).toMatchObject({ cols: 140, rows: 50 });
  screen.press('C-l', 'C-z');
  expect([screen.redrawn, screen.suspended]).toEqual([1, 1]);
});

test('rates are those of the last second, silence is counted from the last records', () => {
  const { tui, screen, frames } = open();
  let requests = 0;
  tui.follow(() => ({ ...FIGURES, requests }));
  frames(1000);
  requests = 250;
  frames(1250);
  expect(screen.text).toMatch(/250 req\/s/);
  expect(screen.text).toMatch(/last packet 2[.]\d\d s ago/);
});
