/** Every key, and the filter's language. */
import { FILTER_KEYS } from './filter.ts';
import { BLANK, inside, type Line, line, type Pane, span, wrapped } from './frame.ts';
import type { Scene } from './scene.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['↑ ↓  k j', 'select, or scroll'],
  ['PgUp PgDn  Ctrl-B Ctrl-F', 'a page'],
  ['Home End  g G', 'the newest, which is followed from then on; the oldest'],
  ['Enter', 'the story of the incident; the incidents of a peer or of a cause'],
  ['Esc  Backspace', 'back'],
  ['← →', 'on the hunt: earlier and later in time; in a story: the attempts'],
  ['n p', 'in a story: the next and the previous incident'],
  ['x', 'in a story: what was said on the wire, decoded'],
  ['u c h', 'upstreams, causes, health'],
  ['Tab', 'the other pane'],
  ['o', 'upstreams: the next column to sort by'],
  ['/', 'filter; c on the hunt clears it'],
  ['m', 'list failures that a retry hid, too'],
  ['Space', 'hold the list; the capture goes on'],
  ['s', 'save packets and story of the incident'],
  ['y', 'copy the story to the clipboard'],
  ['t', 'times: UTC, local, how long ago'],
  ['q  Ctrl-C', 'quit'],
];

const FILTER = [
  'Words must all be found; a blank separates them, double quotes hold them together, - before a word turns it round.',
  `A word is free text, or key:value with one of the keys ${FILTER_KEYS.join(', ')}.`,
  'As in: cause:reset peer:9000 path:/checkout -conf:possible',
];

export function helpPanes({ ui }: Scene): Pane[] {
  const pane = {
    id: 'text',
    at: { left: 0, top: 1, width: ui.cols, height: ui.rows - 2 },
    border: true,
    focused: true,
  };
  const lines = helpText(ui.cols - 2);
  const { height } = inside(pane);
  const scroll = Math.min(ui.scroll, Math.max(0, lines.length - height));
  const note =
    lines.length > height ? `${scroll + 1}-${Math.min(lines.length, scroll + height)} of ${lines.length}` : '';
  return [{ ...pane, title: 'help', note, lines: lines.slice(scroll, scroll + height), graph: undefined }];
}

export function helpText(width: number): Line[] {
  const keys = KEYS.map(([key, does]) => line(span(` ${key.padEnd(26)} `, 'accent'), does));
  const filter = FILTER.flatMap((text) => wrapped(text, width - 2).map((part) => line(` ${part}`)));
  const signs = [
    'certain: the evidence admits no other cause. likely: another one would look the same, or the link is not beyond doubt.',
    'possible: the best of several. so far: the verdict may still change.',
    'by: where to look first. #, tries: attempts at peers. hidden: the client got something else than a 502.',
  ].flatMap((text) => wrapped(text, width - 2).map((part) => line(` ${part}`)));
  return [...keys, BLANK, line(span(' Filter', 'title')), ...filter, BLANK, line(span(' Words', 'title')), ...signs];
}
