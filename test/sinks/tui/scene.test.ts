import { expect, test } from 'vitest';
import { SHOW_SECRETS } from '../../../src/sinks/secrets.ts';
import { Book } from '../../../src/sinks/tui/book.ts';
import type { PeerRow } from '../../../src/sinks/tui/peers.ts';
import {
  attemptShown,
  causeCounts,
  marginOf,
  seriesOf,
  sortedPeers,
  visibleEntries,
  waitingEntries,
} from '../../../src/sinks/tui/scene.ts';
import { PEER_COLUMNS } from '../../../src/sinks/tui/ui.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt, incident } from '../../kit/incidents.ts';
import { after, emptyScene, eveningScene } from './scenes.ts';

function bookOf(count: number): Book {
  const book = new Book({ mask: SHOW_SECRETS, live: true });
  for (let n = 0; n < count; n++) book.verdict(judge(incident({ attempts: [attempt({ server: 'rst' })] })));
  return book;
}

test('paused, what arrives waits and is counted; the capture goes on', () => {
  const book = bookOf(3);
  const paused = after({ ...emptyScene(80, 24), book }, { do: 'pause' });
  for (let n = 0; n < 4; n++) book.verdict(judge(incident()));
  expect(visibleEntries(paused)).toHaveLength(3);
  expect(waitingEntries(paused)).toBe(4);
  expect(book.found).toBe(7);
  expect(visibleEntries(after(paused, { do: 'pause' }))).toHaveLength(7);
});

test('hidden failures are listed only where they are asked for', () => {
  const book = bookOf(1);
  const attempts = [attempt({ server: 'rst' }), attempt({ n: 2, response: {} })];
  book.verdict(judge(incident({ kind: 'masked', attempts })));
  const scene = { ...emptyScene(80, 24), book };
  expect(visibleEntries(scene)).toHaveLength(1);
  expect(visibleEntries(after(scene, { do: 'hidden' }))).toHaveLength(2);
});

test('causes are ranked by their counts, and keep their colours', async () => {
  const scene = await eveningScene(80, 24);
  const counts = causeCounts(scene).map(({ count }) => count);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  expect(counts.reduce((all, count) => all + count, 0)).toBe(53);
  expect(seriesOf(scene).size).toBe(counts.length);
});

test('peers are sorted by each column', async () => {
  const scene = await eveningScene(80, 24);
  const firsts = PEER_COLUMNS.map((sort) => sortedPeers({ ...scene, ui: { ...scene.ui, sort } })[0]);
  expect(firsts[PEER_COLUMNS.indexOf('reuse')]?.reuse).toBeCloseTo(0.67, 1);
  expect(firsts[PEER_COLUMNS.indexOf('failed')]?.failed).toBe(6);
});

test('the margin is what the peer’s keep-alive leaves; unknown where one of the two is', () => {
  const row = { longestIdle: 4e9, closesAfter: 5e9 } as PeerRow;
  expect(marginOf(row)).toBe(1e9);
  expect(marginOf({ ...row, closesAfter: undefined })).toBeUndefined();
});

test('where the verdict is about no attempt, the last one is looked at', () => {
  const { ui } = emptyScene(80, 24);
  const attempts = [attempt({ server: 'rst' }), attempt({ n: 2, server: 'refuses' })];
  const verdict = judge(incident({ attempts }));
  expect(attemptShown({ ui }, verdict)).toBe(1);
  expect(attemptShown({ ui: { ...ui, attempt: 0 } }, verdict)).toBe(0);
  expect(attemptShown({ ui }, judge(incident()))).toBe(0);
});
