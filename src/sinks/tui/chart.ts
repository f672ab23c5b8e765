/** When 502s happened, by cause: a stack a column. Before the first one: requests a second, to show that it is alive. */
import { type Nanos, SECOND } from '../../model/time.ts';
import { columnsOf } from '../safe-text.ts';
import { countText } from '../text/words.ts';
import { durationText } from '../time-text.ts';
import { axisText } from './clock.ts';
import type { Entry } from './entry.ts';
import { type Graph, type Line, line, type Pane, type Rect, type Role, SERIES, type Span, span } from './frame.ts';
import { entryWords, type Scene, seriesOf } from './scene.ts';
import { seriesLetter, seriesRole } from './series.ts';

/** How far back the live chart looks. */
const WINDOW_SECONDS = 300;
/** Columns between two labels of the time axis. */
const LABEL_EVERY = 16;

export interface ChartWindow {
  readonly from: Nanos;
  readonly to: Nanos;
  readonly columns: number;
}

/** What the chart's columns stand for. */
export function chartWindow({ book, run }: Pick<Scene, 'book' | 'run'>, columns: number): ChartWindow {
  if (book.live) {
    const step = Math.max(1, Math.ceil(WINDOW_SECONDS / columns)) * SECOND;
    const to = (Math.floor(run.now / step) + 1) * step;
    return { from: to - step * columns, to, columns };
  }
  const span = book.timeline.span;
  const from = Math.min(run.started, span?.from ?? run.started);
  return { from, to: Math.max(run.now, span?.to ?? run.now, from + 1), columns };
}

export function columnAt({ from, to, columns }: ChartWindow, at: Nanos): number {
  return Math.floor(((at - from) / (to - from)) * columns);
}

export function chartPane(scene: Scene, at: Rect, visible: readonly Entry[]): Pane {
  const width = at.width - 2;
  const height = Math.max(1, at.height - 4);
  if (scene.book.incidents.count === 0 && scene.run.mode === 'live') return ratePane(scene, at);
  const window = chartWindow(scene, width);
  const series = seriesOf(scene);
  const columns = scene.book.timeline.columns(window.from, window.to, width).map((counts) => stackOf(counts, series));
  const max = Math.max(1, ...columns.map(sum));
  const step = (window.to - window.from) / width;
  const drawn = scene.look.unicode && scene.look.colours > 0;
  const graph: Graph | undefined = drawn ? { kind: 'stack', height, columns, max } : undefined;
  const bars = drawn ? [] : letterLines(columns, height, max);
  return {
    id: 'chart',
    at,
    border: true,
    title: `502s per ${durationText(step).replace(/\.0+(?= )/, '')}`,
    note: `peak ${countText(Math.max(0, ...columns.map(sum)))}`,
    focused: false,
    lines: [...bars, axisLine(scene, window, visible), labelLine(scene, window)],
    graph,
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

/** Bars of letters, one a cause: where there are no colours or no dots. */
function letterLines(columns: readonly (readonly number[])[], height: number, max: number): Line[] {
  return Array.from({ length: height }, (_, row) => {
    const spans: Span[] = columns.map((stack) => {
      const tall = Math.ceil((sum(stack) * height) / max);
      const from = height - 1 - row;
      if (from >= tall) return span(' ');
      const at = seriesAt(stack, ((from + 0.5) * sum(stack)) / tall);
      return span(seriesLetter(at), seriesRole(at));
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

/** The line under the bars; the moment of the selected incident is marked on it. */
function axisLine(scene: Scene, window: ChartWindow, visible: readonly Entry[]): Line {
  const selected = visible.find(({ number }) => number === scene.ui.selected);
  const at = selected ? columnAt(window, entryWords(scene, selected).at) : -1;
  const role: Role = 'quiet';
  if (at < 0 || at >= window.columns) return line(span('─'.repeat(window.columns), role));
  return line(span('─'.repeat(at), role), span('▲', 'accent'), span('─'.repeat(window.columns - at - 1), role));
}

function labelLine({ clock }: Scene, { from, to, columns }: ChartWindow): Line {
  const step = (to - from) / columns;
  let labels = '';
  for (let at = 0; at + 8 < columns; at += LABEL_EVERY) {
    const label = axisText(clock, from + step * at, step * LABEL_EVERY);
    if (at + columnsOf(label) > columns) break;
    labels = labels.padEnd(at) + label;
  }
  return line(span(labels, 'quiet'));
}

function ratePane({ book, look, run }: Scene, at: Rect): Pane {
  const values = book.rates.slice(-Math.max(1, at.width - 12));
  const height = Math.max(1, at.height - 3);
  const now = ` ${countText(Math.round(run.perSecond))} requests/s now`;
  const drawn = look.unicode && look.colours > 0 && values.length > 1;
  const labels = values.map((_, n) => (values.length - 1 - n === 0 ? 'now' : `-${values.length - 1 - n}s`));
  return {
    id: 'chart',
    at,
    border: true,
    title: 'requests/s',
    note: '',
    focused: false,
    lines: [line(now)],
    graph: drawn ? { kind: 'rate', height, labels, values } : undefined,
  };
}
