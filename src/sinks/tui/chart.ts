/** When 502s happened, by cause: a stack a column. Before the first one: requests a second, to show that it is alive. */
import { type Nanos, SECOND } from '../../model/time.ts';
import { columnsOf } from '../safe-text.ts';
import { countText } from '../text/words.ts';
import { axisText, roundMoment, roundStep, stepText, tickStep } from './clock.ts';
import type { Entry } from './entry.ts';
import { type Line, line, type Pane, type Rect, SERIES, type Span, span } from './frame.ts';
import { entryWords, type Scene, seriesOf } from './scene.ts';
import { hasDots, seriesLetter, seriesRole } from './series.ts';

/** How far back the live chart looks. */
const WINDOW_SECONDS = 300;
/** Columns between two labels of the time axis, at the least. */
const LABEL_EVERY = 16;
/** The colour of a rate: the last one, which few causes get. */
const RATE_SERIES = SERIES - 1;

export interface ChartWindow {
  readonly from: Nanos;
  readonly to: Nanos;
  readonly columns: number;
}

/** What the chart's columns stand for. Live: as fine as the time watched allows, in whole seconds. */
export function chartWindow({ book, run }: Pick<Scene, 'book' | 'run'>, columns: number): ChartWindow {
  if (book.live) {
    const seconds = Math.min(WINDOW_SECONDS, Math.ceil(run.elapsed / SECOND));
    return slidingWindow(run.now, Math.max(1, Math.ceil(seconds / columns)) * SECOND, columns);
  }
  const span = book.timeline.span;
  const from = Math.min(run.started, span?.from ?? run.started);
  const step = roundStep((Math.max(run.now, span?.to ?? run.now, from + 1) - from) / columns);
  return { from, to: from + step * columns, columns };
}

/** Ends with the column that `now` lies in. */
function slidingWindow(now: Nanos, step: Nanos, columns: number): ChartWindow {
  const to = (Math.floor(now / step) + 1) * step;
  return { from: to - step * columns, to, columns };
}

export function columnAt({ from, to, columns }: ChartWindow, at: Nanos): number {
  return Math.floor(((at - from) / (to - from)) * columns);
}

export function chartPane(scene: Scene, at: Rect, visible: readonly Entry[]): Pane {
  const { book, ui } = scene;
  if (book.incidents.count === 0 && book.live) return ratePane(scene, at);
  const window = chartWindow(scene, at.width - 2);
  const { from, to, columns } = window;
  const series = seriesOf(scene);
  const stacks = book.timeline.columns(from, to, columns).map((counts) => stackOf(counts, series));
  const selected = visible.find(({ number }) => number === ui.selected);
  const known = book.timeline.span !== undefined;
  return {
    ...barsPane(scene, at, { stacks, letter: seriesLetter, window, selected }),
    title: known ? `502s per ${stepText((to - from) / columns)}` : '502s',
    note: known ? `peak ${countText(Math.max(...stacks.map(sum)))}` : '',
  };
}

/** Requests a second: what there is to see before the first 502. */
function ratePane(scene: Scene, at: Rect): Pane {
  const { book, run } = scene;
  const columns = at.width - 2;
  const rates = book.rates.slice(-columns);
  const stacks = [...new Array<number>(columns - rates.length).fill(0), ...rates].map((rate) => {
    const stack = new Array<number>(SERIES + 1).fill(0);
    stack[RATE_SERIES] = rate;
    return stack;
  });
  const window = slidingWindow(run.now, SECOND, columns);
  return {
    ...barsPane(scene, at, { stacks, letter: () => '|', window, selected: undefined }),
    title: 'requests/s',
    note: `peak ${countText(Math.round(Math.max(0, ...rates)))}`,
  };
}

interface Bars {
  /** A column each, oldest first: counts by series. */
  readonly stacks: readonly (readonly number[])[];
  /** The sign of a series where there are no dots. */
  readonly letter: (series: number) => string;
  readonly window: ChartWindow;
  readonly selected: Entry | undefined;
}

function barsPane(scene: Scene, at: Rect, { stacks, letter, window, selected }: Bars): Omit<Pane, 'title' | 'note'> {
  const height = Math.max(1, at.height - 4);
  const max = Math.max(1, ...stacks.map(sum));
  const dots = hasDots(scene.look);
  const ticks = ticksOf(scene, window);
  const marked = selected ? columnAt(window, entryWords(scene, selected).at) : -1;
  return {
    id: 'chart',
    at,
    border: true,
    focused: false,
    lines: [
      ...(dots ? [] : letterLines(stacks, height, max, letter)),
      axisLine(window.columns, ticks, marked),
      labelLine(ticks),
    ],
    graph: dots ? { height, columns: stacks, max } : undefined,
  };
}

/** Counts by series; what is beyond the colours is one. */
function stackOf(counts: ReadonlyMap<string, number>, series: ReadonlyMap<string, number>): number[] {
  const stack = new Array<number>(SERIES + 1).fill(0);
  for (const [cause, count] of counts) {
    const at = Math.min(SERIES, series.get(cause) ?? SERIES);
    stack[at] = (stack[at] as number) + count;
  }
  return stack;
}

function sum(stack: readonly number[]): number {
  return stack.reduce((all, count) => all + count, 0);
}

/** Bars of letters, one a series. */
function letterLines(
  columns: readonly (readonly number[])[],
  height: number,
  max: number,
  letter: (series: number) => string,
): Line[] {
  return Array.from({ length: height }, (_, row) => {
    const spans: Span[] = columns.map((stack) => {
      const tall = Math.ceil((sum(stack) * height) / max);
      const from = height - 1 - row;
      if (from >= tall) return span(' ');
      const at = seriesAt(stack, ((from + 0.5) * sum(stack)) / tall);
      return span(letter(at), seriesRole(at));
    });
    return { spans };
  });
}

/** The series that the `n`th of a stack belongs to. */
function seriesAt(stack: readonly number[], n: number): number {
  let left = n;
  for (let at = 0; at < stack.length; at++) {
    left -= stack[at] as number;
    if (left < 0) return at;
  }
  return stack.length - 1;
}

interface Tick {
  readonly column: number;
  readonly label: string;
}

/** At round moments, as far apart as their labels need. */
function ticksOf({ clock }: Scene, window: ChartWindow): Tick[] {
  const { from, to, columns } = window;
  // No time has been covered yet.
  if (to - from <= columns) return [];
  const every = tickStep(((to - from) / columns) * LABEL_EVERY);
  const ticks: Tick[] = [];
  for (let at = roundMoment(clock, from, every); at < to; at += every) {
    const column = columnAt(window, at);
    const label = axisText(clock, at, every);
    if (column >= 0 && column + columnsOf(label) <= columns) ticks.push({ column, label });
  }
  return ticks;
}

/** The line under the bars: a tick at each label, and the moment of the selected incident. */
function axisLine(columns: number, ticks: readonly Tick[], marked: number): Line {
  const axis = Array.from({ length: columns }, () => '─');
  for (const { column } of ticks) axis[column] = '┴';
  if (marked < 0 || marked >= columns) return line(span(axis.join(''), 'quiet'));
  return line(
    span(axis.slice(0, marked).join(''), 'quiet'),
    span('▲', 'accent'),
    span(axis.slice(marked + 1).join(''), 'quiet'),
  );
}

function labelLine(ticks: readonly Tick[]): Line {
  const labels = ticks.reduce((text, { column, label }) => text.padEnd(column) + label, '');
  return line(span(labels, 'quiet'));
}
