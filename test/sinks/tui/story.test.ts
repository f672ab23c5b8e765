import { expect, test } from 'vitest';
import { SHOW_SECRETS } from '../../../src/sinks/secrets.ts';
import { Book } from '../../../src/sinks/tui/book.ts';
import { storyText } from '../../../src/sinks/tui/story.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt, incident } from '../../kit/incidents.ts';
import { goldenFrames, matches, SIZES, textOf } from './frames.ts';
import { after, captureScene, emptyScene, eveningScene, KILLED } from './scenes.ts';

const OPEN = [{ do: 'move', by: 1 }, { do: 'open' }] as const;

goldenFrames('story');

test.each(SIZES)('with kernel events it is as it was looked at, at %ix%i', async (cols, rows) => {
  const scene = after(await captureScene(KILLED, cols, rows), ...OPEN);
  await matches(scene, `story-kernel.${cols}x${rows}.txt`);
});

test('it opens on the attempt that failed last; left and right walk the others', async () => {
  const scene = after(await eveningScene(100, 40), { do: 'move', by: 1 }, { do: 'move', by: 5 }, { do: 'open' });
  expect(textOf(scene)).toContain('attempt 2 of 2');
  const first = after(scene, { do: 'sideways', by: -1 });
  expect(textOf(first)).toContain('attempt 1 of 2');
  expect(textOf(after(first, { do: 'step', by: 1 }, { do: 'step', by: -1 }))).toContain('attempt 2 of 2');
});

test('evidence stands in order of time, whoever saw it', async () => {
  const text = textOf(after(await captureScene(KILLED, 140, 45), ...OPEN));
  const times = [...text.matchAll(/([\d.]+) ms {2}(?:frame|event) /g)].map(([, time]) => Number(time));
  expect(times.length).toBeGreaterThan(4);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('while its attempts are worked out it says so', () => {
  const scene = emptyScene(80, 24, { mode: 'live' });
  scene.book.early(incident().exchange, undefined);
  expect(textOf(after(scene, ...OPEN))).toContain('502 to 203.0.113.9:58884. Its attempts are being worked out.');
});

test('one that was let go is told to be gone', () => {
  const scene = emptyScene(80, 24);
  expect(textOf({ ...scene, ui: { ...scene.ui, screen: 'story', selected: 4 } })).toContain('no longer kept');
});

test('a hidden failure says what the client got, and losses are told', () => {
  const book = new Book({ mask: SHOW_SECRETS, live: true });
  const attempts = [attempt({ server: 'rst' }), attempt({ n: 2, response: {} })];
  book.verdict(judge(incident({ kind: 'masked', attempts, incident: { losses: 2 } })));
  const scene = after({ ...emptyScene(100, 60), book }, { do: 'hidden' }, ...OPEN);
  expect(textOf(scene)).toMatch(/hidden: the client got 200[\s\S]*2 records the capture lost/);
  expect(storyText(scene, book.entries[0] as Book['entries'][number]).length).toBeGreaterThan(10);
});
