import { expect, test } from 'vitest';
import { initialUi, type Lists, topOf, type Ui, update } from '../../../src/sinks/tui/ui.ts';

const LISTS: Lists = {
  entries: [9, 8, 7, 6, 5, 4],
  drawn: 9,
  earlier: 5,
  later: undefined,
  causes: ['connect-refused', 'unknown'],
  peers: ['a:1', 'b:2'],
  attempts: 2,
  attempt: 0,
  textLines: 50,
  listHeight: 3,
  textHeight: 10,
  newest: 9,
};

const start = initialUi(80, 24);
const selected = (number: number, line: number): Ui => ({ ...start, selected: number, line });

test('the first key shows where one is, the next one moves', () => {
  const first = update(start, { do: 'move', by: 1 }, LISTS);
  expect(first.selected).toBe(9);
  expect(update(first, { do: 'move', by: 1 }, LISTS)).toMatchObject({ selected: 8, line: 1 });
});

test('what arrives moves neither the selection nor its line', () => {
  const ui = selected(7, 2);
  const later = [12, 11, 10, ...LISTS.entries];
  expect(topOf(ui, LISTS.entries)).toBe(0);
  expect(later[topOf(ui, later) + 2]).toBe(7);
});

test('Enter opens what stood first when the screen was drawn, not what came since', () => {
  const ui = update(start, { do: 'open' }, { ...LISTS, entries: [10, ...LISTS.entries] });
  expect(ui).toMatchObject({ screen: 'story', selected: 9 });
});

test('a selection that is gone gives way to the next older one', () => {
  expect(update(selected(100, 0), { do: 'move', by: 1 }, LISTS).selected).toBe(8);
  expect(topOf(selected(100, 0), LISTS.entries)).toBe(0);
});

test('the selection stays within the list and the pane', () => {
  expect(update(selected(5, 1), { do: 'page', by: 10 }, LISTS)).toMatchObject({ selected: 4, line: 2 });
  expect(update(selected(5, 1), { do: 'last' }, LISTS).selected).toBe(4);
  expect(update(selected(5, 1), { do: 'first' }, LISTS).selected).toBeUndefined();
});

test('pausing holds the list at the newest entry; again lets it go', () => {
  const paused = update(start, { do: 'pause' }, LISTS);
  expect(paused.paused).toBe(9);
  expect(update(paused, { do: 'pause' }, LISTS).paused).toBeUndefined();
});

test('a filter is typed, mended and applied, or left', () => {
  let ui = update(start, { do: 'filter' }, LISTS);
  for (const text of ['peer:', '9000 ', 'x']) ui = update(ui, { do: 'type', text }, LISTS);
  ui = update(ui, { do: 'erase' }, LISTS);
  expect(update(ui, { do: 'cancel' }, LISTS)).toMatchObject({ filter: '', typing: undefined });
  ui = update(ui, { do: 'accept' }, LISTS);
  expect(ui).toMatchObject({ filter: 'peer:9000', typing: undefined });
  expect(update(ui, { do: 'clear' }, LISTS).filter).toBe('');
});

test('Enter on a peer or a cause narrows the hunt to it; the first one is selected to begin with', () => {
  const peers = update(start, { do: 'show', screen: 'upstreams' }, LISTS);
  expect(update(peers, { do: 'open' }, LISTS)).toMatchObject({ screen: 'hunt', filter: 'peer:a:1' });
  const second = update(peers, { do: 'move', by: 1 }, LISTS);
  expect(update(second, { do: 'open' }, LISTS)).toMatchObject({ screen: 'hunt', filter: 'peer:b:2' });
  const causes = update(update(start, { do: 'show', screen: 'causes' }, LISTS), { do: 'last' }, LISTS);
  expect(update(causes, { do: 'open' }, LISTS)).toMatchObject({ screen: 'hunt', filter: 'cause:unknown' });
});

test('where there is no peer Enter leaves all as it is', () => {
  const peers = update(start, { do: 'show', screen: 'upstreams' }, LISTS);
  expect(update(peers, { do: 'open' }, { ...LISTS, peers: [] })).toBe(peers);
});

test('a notice goes with the next command', () => {
  const told = update(start, { do: 'notice', text: 'saved', role: 'accent' }, LISTS);
  expect(told.notice?.text).toBe('saved');
  expect(update(told, { do: 'size', cols: 90, rows: 30 }, LISTS).notice?.text).toBe('saved');
  expect(update(told, { do: 'noticed' }, LISTS).notice).toBeUndefined();
});

test('back leads to where one came from', () => {
  let ui = update(start, { do: 'open' }, LISTS);
  ui = update(ui, { do: 'show', screen: 'help' }, LISTS);
  ui = update(ui, { do: 'back' }, LISTS);
  expect(ui.screen).toBe('story');
  expect(update(ui, { do: 'back' }, LISTS).screen).toBe('hunt');
});

test('left and right walk the attempts in a story, and in time on the hunt', () => {
  const story = update(start, { do: 'open' }, LISTS);
  const second = update(story, { do: 'sideways', by: 1 }, LISTS);
  expect(second.attempt).toBe(1);
  expect(update(second, { do: 'sideways', by: 1 }, LISTS).attempt).toBe(1);
  expect(update(start, { do: 'sideways', by: -1 }, LISTS).selected).toBe(5);
});

test('a click selects, a second one opens', () => {
  const once = update(start, { do: 'pick', pane: 'incidents', line: 2 }, LISTS);
  expect(once.selected).toBe(7);
  expect(update(once, { do: 'pick', pane: 'incidents', line: 2 }, LISTS).screen).toBe('story');
});

test('a text scrolls no further than its end', () => {
  const story = update(start, { do: 'open' }, LISTS);
  expect(update(story, { do: 'move', by: 1000 }, LISTS).scroll).toBe(40);
});
