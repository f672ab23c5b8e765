/** The first line: the state of the run. The last one: the keys of this screen, a notice, or the filter as it is typed. */
import { SECOND } from '../../model/time.ts';
import { gatewayWords } from '../gateways-text.ts';
import { columnsOf } from '../safe-text.ts';
import { countText, shareText, sizeText } from '../text/words.ts';
import { spanText } from '../time-text.ts';
import { filterProblem } from './filter.ts';
import { type Line, line, type Pane, paintable, type Span, span } from './frame.ts';
import { clockOf, type RunState, type Scene, visibleEntries, waitingEntries } from './scene.ts';
import type { Screen } from './ui.ts';

/** A part of a line that gives way to more important ones where there is no room. */
interface Part {
  readonly spans: readonly Span[];
  /** The higher, the sooner it goes. */
  readonly rank: number;
  /** What takes its place where there is less room, the longest first. */
  readonly shorter?: readonly (readonly Span[])[];
}

/** Columns of the bar that shows how far a file was read. */
const PROGRESS = 10;

export function headerPane(scene: Scene): Pane {
  const { ui, run, book } = scene;
  const hidden = book.masked.count;
  const veiled = run.counters['incidents.veiled'] ?? 0;
  const [gateways = [], ...shorter] = gatewayWords(run.gateways).map((words) => text(`gateway ${words}`));
  const parts: Part[] = [
    { rank: 0, spans: [span(' why502', 'title')] },
    { rank: 1, spans: stateSpans(scene) },
    { rank: 7, spans: text(run.interfaces.join(' ')) },
    { rank: 6, spans: gateways, shorter },
    { rank: 8, spans: text(run.rungs.join(' + ')) },
    { rank: 5, spans: text(elapsedText(run)) },
    { rank: 3, spans: text(rateText(scene)) },
    { rank: 0, spans: [span(`502: ${countText(book.found)}`, book.found > 0 ? 'bad' : 'good')] },
    { rank: 4, spans: text(book.found > 0 ? `(${shareText(book.found, run.requests)})` : '') },
    { rank: 1, spans: veiled > 0 ? [span(`in TLS: ${countText(veiled)} or more`, 'bad')] : [] },
    { rank: 2, spans: hidden > 0 ? [span(`hidden: ${countText(hidden)}`, 'warn')] : text('hidden: 0') },
    { rank: 2, spans: book.lost > 0 ? [span(`lost: ${countText(book.lost)}`, 'warn')] : text('lost: 0') },
    { rank: 9, spans: text(clockOf(scene)) },
  ];
  return bar('header', 0, ui.cols, joined(parts, ui.cols, '  '));
}

function stateSpans({ run, ui }: Scene): Span[] {
  if (ui.paused !== undefined) return [span('paused', 'warn')];
  if (run.mode === 'live' && !run.ended) return [run.begun ? span('live', 'good') : span('starting', 'accent')];
  if (run.ended) return [span(run.name, 'plain'), span(run.mode === 'file' ? '' : ' ended', 'quiet')];
  if (run.size === undefined || run.size === 0) return [span(run.name), span(` ${sizeText(run.octets)}`, 'quiet')];
  const share = Math.min(1, run.octets / run.size);
  const done = Math.floor(share * PROGRESS);
  return [
    span(`${run.name} `),
    span('█'.repeat(done), 'accent'),
    span('░'.repeat(PROGRESS - done), 'quiet'),
    span(` ${Math.floor(100 * share)} %`, 'accent'),
  ];
}

/** Live, a clock that counts seconds; of a capture the time it covers. */
export function elapsedText({ mode, elapsed }: RunState): string {
  return mode === 'file' || elapsed >= 60 * SECOND ? spanText(elapsed) : `${Math.floor(elapsed / SECOND)} s`;
}

function rateText({ run }: Scene): string {
  if (run.mode === 'file') return `${countText(run.requests)} requests`;
  return `${countText(Math.round(run.perSecond))} req/s`;
}

function text(words: string): Span[] {
  return words === '' ? [] : [span(words)];
}

const KEYS: Readonly<Record<Screen, readonly (readonly [string, string])[]>> = {
  hunt: [
    ['↑↓', 'select'],
    ['Enter', 'story'],
    ['?', 'help'],
    ['q', 'quit'],
    ['/', 'filter'],
    ['u', 'upstreams'],
    ['c', 'causes'],
    ['Space', 'pause'],
    ['m', 'hidden'],
    ['s', 'save'],
    ['t', 'time'],
    ['h', 'health'],
    ['←→', 'in time'],
    ['Tab', 'pane'],
  ],
  story: [
    ['Esc', 'back'],
    ['n p', 'next, previous'],
    ['↑↓', 'scroll'],
    ['q', 'quit'],
    ['←→', 'attempt'],
    ['x', 'octets'],
    ['s', 'save'],
    ['y', 'copy'],
    ['?', 'help'],
  ],
  upstreams: [
    ['Esc', 'back'],
    ['↑↓', 'select'],
    ['Enter', 'its incidents'],
    ['o', 'sort'],
    ['?', 'help'],
    ['q', 'quit'],
  ],
  causes: [
    ['Esc', 'back'],
    ['↑↓', 'select'],
    ['Enter', 'its incidents'],
    ['PgDn', 'scroll'],
    ['?', 'help'],
    ['q', 'quit'],
  ],
  health: [
    ['Esc', 'back'],
    ['↑↓', 'scroll'],
    ['?', 'help'],
    ['q', 'quit'],
  ],
  help: [
    ['Esc', 'back'],
    ['↑↓', 'scroll'],
    ['q', 'quit'],
  ],
};

export function footerPane(scene: Scene): Pane {
  const { ui } = scene;
  const { cols, rows } = ui;
  if (ui.typing !== undefined) {
    return bar('footer', rows - 1, cols, typedLine(scene, ui.typing));
  }
  if (ui.notice) return bar('footer', rows - 1, cols, line(span(` ${ui.notice.text}`, ui.notice.role)));
  const parts = KEYS[ui.screen].map(
    ([key, does], rank): Part => ({ rank, spans: [span(key, 'accent'), span(` ${does}`)] }),
  );
  const waiting = waitingEntries(scene);
  if (ui.paused !== undefined)
    parts.unshift({ rank: -1, spans: [span(`paused, ${countText(waiting)} waiting`, 'warn')] });
  return bar('footer', rows - 1, cols, joined([{ rank: -2, spans: [span('')] }, ...parts], cols, '  '));
}

/** The filter as it is typed, and what it would do. */
function typedLine({ ui, book }: Scene, typing: string): Line {
  const problem = filterProblem(typing);
  const passing = visibleEntries({ ui: { ...ui, filter: typing }, book }).length;
  const told = problem ?? `${countText(passing)} of ${countText(book.entries.length)}   Enter applies, Esc leaves it`;
  // A cursor of its own: the terminal's is hidden.
  return line(span(' / ', 'accent'), typing, span('█', 'accent'), span(`   ${told}`, problem ? 'warn' : 'quiet'));
}

/** Parts in order, as many as fit, whole; those of the lowest rank are chosen first. */
function joined(parts: readonly Part[], cols: number, between: string): Line {
  const shown = new Map<Part, readonly Span[]>();
  let left = cols + between.length;
  for (const part of parts.toSorted((a, b) => a.rank - b.rank)) {
    for (const spans of [part.spans, ...(part.shorter ?? [])]) {
      const width = widthOf(spans) + between.length;
      if (spans.length === 0 || width > left) continue;
      shown.set(part, spans);
      left -= width;
      break;
    }
  }
  const spans = parts.flatMap((part) => {
    const own = shown.get(part);
    return own ? [span(between), ...own] : [];
  });
  return { spans: spans.slice(1) };
}

function widthOf(spans: readonly Span[]): number {
  return spans.reduce((all, { text }) => all + columnsOf(paintable(text, { unicode: true })), 0);
}

function bar(id: string, top: number, cols: number, content: Line): Pane {
  const at = { left: 0, top, width: cols, height: 1 };
  return { id, at, border: false, title: '', note: '', focused: false, lines: [content], graph: undefined };
}
