import { expect, test } from 'vitest';
import { SHOW_SECRETS } from '../../../src/sinks/secrets.ts';
import { Book } from '../../../src/sinks/tui/book.ts';
import { chartPane, chartWindow, columnAt } from '../../../src/sinks/tui/chart.ts';
import type { Scene } from '../../../src/sinks/tui/scene.ts';
import { visibleEntries } from '../../../src/sinks/tui/scene.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { incident } from '../../kit/incidents.ts';
import { ASCII, after, emptyScene, eveningScene } from './scenes.ts';

const AT = { left: 0, top: 1, width: 62, height: 14 };
const texts = ({ lines }: ReturnType<typeof chartPane>): string[] =>
  lines.map(({ spans }) => spans.map(({ text }) => text).join(''));

function live(seconds: number): Scene {
  const scene = emptyScene(120, 40, { mode: 'live', now: seconds * 1e9, elapsed: seconds * 1e9 });
  const book = new Book({ mask: SHOW_SECRETS, live: true });
  book.verdict(judge(incident({ answeredMs: seconds * 1000 - 1500 })));
  return { ...scene, book };
}

test('live, columns are as fine as the time watched allows, five minutes at the most', () => {
  for (const [seconds, step] of [
    [10, 1],
    [100, 2],
    [9000, 5],
  ] as const) {
    const { from, to, columns } = chartWindow(live(seconds), 60);
    expect((to - from) / columns).toBe(step * 1e9);
    expect(to).toBeGreaterThan(seconds * 1e9);
  }
});

test('live, columns stand still while time goes on, until a whole one is over', () => {
  const scene = live(9001);
  const window = chartWindow(scene, 60);
  expect(chartWindow({ ...scene, run: { ...scene.run, now: 9004.9e9 } }, 60)).toEqual(window);
  expect(chartWindow({ ...scene, run: { ...scene.run, now: 9005e9 } }, 60).from).toBe(window.from + 5e9);
});

test('all of a capture is in its chart, in columns of a round width', async () => {
  const scene = await eveningScene(140, 45);
  const { title, graph } = chartPane(scene, AT, visibleEntries(scene));
  expect(title).toBe('502s per 2 ms');
  expect(graph?.columns.flat().reduce((all, count) => all + count, 0)).toBe(53);
});

test('ticks stand at round moments, under the columns that they name', async () => {
  const scene = await eveningScene(140, 45);
  const [axis = '', labels = ''] = texts(chartPane(scene, AT, []));
  const ticks = [...axis].flatMap((sign, at) => (sign === '┴' ? [at] : []));
  expect(ticks.length).toBeGreaterThan(1);
  for (const at of ticks) expect(labels.slice(at)).toMatch(/^\d\d:\d\d:\d\d[.]\d[05]0/);
});

test('the selected incident is marked on the axis, at its time', async () => {
  const scene = after(await eveningScene(140, 45), { do: 'move', by: 1 }, { do: 'last' });
  const visible = visibleEntries(scene);
  const window = chartWindow(scene, 60);
  const first = visible.at(-1);
  const [axis = ''] = texts(chartPane(scene, AT, visible));
  expect([...axis].indexOf('▲')).toBe(columnAt(window, first?.exchange.response?.head?.at ?? 0));
});

test('before the first 502 of a live run it shows requests a second', () => {
  const scene = emptyScene(120, 40, { mode: 'live' });
  for (const rate of [0, 250, 100]) scene.book.rate(rate);
  const pane = chartPane(scene, AT, []);
  expect([pane.title, pane.note]).toEqual(['requests/s', 'peak 250']);
  expect(pane.graph?.columns.slice(-3).map((stack) => Math.max(...stack))).toEqual([0, 250, 100]);
  expect(texts(chartPane({ ...scene, look: ASCII }, AT, [])).join('\n')).toContain('||');
});

test('before anything was read it claims nothing', () => {
  const { title, note } = chartPane(emptyScene(80, 24, { mode: 'file' }), AT, []);
  expect([title, note]).toEqual(['502s', '']);
});
