/** Every key, and the filter's language. */
import { FILTER_KEYS } from './filter.ts';
import { BLANK, type Line, line, type Pane, paragraph, span, wrapped } from './frame.ts';
import type { Scene } from './scene.ts';
import { textPane, wholeScreen } from './text-pane.ts';

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

/** Columns of the keys. */
const KEY = 26;

const WORDS: readonly (readonly [string, string])[] = [
  ['certain', 'the evidence admits no other cause'],
  ['likely', 'another cause would look the same, or the attempt is not tied to the request beyond doubt'],
  ['possible', 'the best of several'],
  ['so far', 'the verdict may still change'],
  ['by', 'where to look first; the process, where the kernel told whose doing it was'],
  ['tries, #', 'attempts at peers'],
  ['hidden', 'an attempt failed, a retry went well: the client got no 502'],
  ['lost', 'records that the capture lost; verdicts of that time are less sure'],
  ['p50, p99', 'half of all, and all but 1 %, stay below'],
  ['out for', 'how long nginx may leave the peer out after its failure'],
  ['margin', 'how much longer the peer keeps an idle connection than the gateway; below zero they race'],
];

export function helpPanes({ ui }: Scene): Pane[] {
  const lines = helpText(ui.cols - 2);
  return [textPane({ at: wholeScreen(ui), title: 'help', lines, scroll: ui.scroll, focused: true })];
}

export function helpText(width: number): Line[] {
  const prose = (texts: readonly string[]): Line[] => texts.flatMap((text) => paragraph(text, width));
  const table = (rows: typeof KEYS): Line[] =>
    rows.flatMap(([name, means]) =>
      wrapped(means, width - KEY - 3).map((part, at) =>
        line(span(` ${(at === 0 ? name : '').padEnd(KEY)} `, 'accent'), part),
      ),
    );
  const title = (text: string): Line[] => [BLANK, line(span(` ${text}`, 'title'))];
  return [...table(KEYS), ...title('Filter'), ...prose(FILTER), ...title('Words'), ...table(WORDS)];
}
