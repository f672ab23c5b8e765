/** The first screen: when 502s happened, why, and each of them. */
import { columnsOf } from '../safe-text.ts';
import { countText } from '../text/words.ts';
import { durationText } from '../time-text.ts';
import { chartPane } from './chart.ts';
import { MOMENT_COLUMNS, momentText, SHORT_COLUMNS } from './clock.ts';
import type { Entry } from './entry.ts';
import { BLANK, column, type Line, line, type Pane, type Rect, type Role, span } from './frame.ts';
import { causeCounts, entryWords, type Scene, seriesOf, visibleEntries } from './scene.ts';
import { seriesRole } from './series.ts';
import { topOf, type Ui } from './ui.ts';

interface Areas {
  readonly chart: Rect;
  readonly causes: Rect;
  readonly incidents: Rect;
}

/** Where the panes of the hunt lie. */
export function huntAreas({ cols, rows }: Pick<Ui, 'cols' | 'rows'>): Areas {
  const upper = Math.max(6, Math.min(18, Math.round((rows - 2) * 0.36)));
  const left = cols < 100 ? Math.floor(cols * 0.48) : Math.floor(cols * 0.52);
  return {
    chart: { left: 0, top: 1, width: left, height: upper },
    causes: { left, top: 1, width: cols - left, height: upper },
    incidents: { left: 0, top: 1 + upper, width: cols, height: Math.max(4, rows - 2 - upper) },
  };
}

/** Lines of the list, without its heading. */
export function listHeight(ui: Pick<Ui, 'cols' | 'rows'>): number {
  return Math.max(1, huntAreas(ui).incidents.height - 3);
}

export function huntPanes(scene: Scene): Pane[] {
  const areas = huntAreas(scene.ui);
  const visible = visibleEntries(scene);
  return [
    chartPane(scene, areas.chart, visible),
    causesPane(scene, areas.causes),
    incidentsPane(scene, areas.incidents, visible),
  ];
}

function causesPane(scene: Scene, at: Rect): Pane {
  const counts = causeCounts(scene);
  const series = seriesOf(scene);
  const width = at.width - 2;
  const focused = scene.ui.focus === 'causes';
  const most = counts[0]?.count ?? 1;
  const lines: Line[] = [];
  const room = at.height - 2;
  const chosen = counts.findIndex(({ cause }) => cause === scene.ui.cause);
  const from = Math.max(0, Math.min(chosen - room + 1, counts.length - room));
  // Subcauses are told where there is room for more than the causes.
  let spare = room - (counts.length - from);
  for (const { cause, count, subcauses, peers } of counts.slice(from)) {
    const role = seriesRole(series.get(cause));
    lines.push(
      causeLine({
        cause,
        count,
        most,
        role,
        peer: peers[0]?.[0] ?? '',
        width,
        selected: focused && cause === scene.ui.cause,
      }),
    );
    for (const [name, number] of subcauses.slice(0, Math.max(0, spare))) {
      spare--;
      lines.push(line(span(`    ${column(name, Math.min(22, width - 12))}${String(number).padStart(6)}`, 'quiet')));
    }
  }
  if (counts.length === 0) lines.push(line(span(' none yet', 'quiet')));
  return pane('causes', at, `causes`, counts.length > room ? `${counts.length} in all` : '', focused, lines);
}

interface CauseLine {
  readonly cause: string;
  readonly count: number;
  readonly most: number;
  readonly role: Role;
  readonly peer: string;
  readonly width: number;
  readonly selected: boolean;
}

/** Columns that the longest name of a cause takes. */
const NAME = 25;

function causeLine({ cause, count, most, role, peer, width, selected }: CauseLine): Line {
  const wide = width >= 60;
  const name = Math.min(NAME, width - 14);
  const bar = Math.max(0, width - 2 - name - 7 - (wide ? 23 : 0));
  const length = Math.max(1, Math.round((bar * count) / Math.max(1, most)));
  return {
    spans: [
      span('■ ', role),
      span(column(cause, name)),
      span(`${countText(count).padStart(6)} `, 'title'),
      span(column('█'.repeat(Math.min(length, bar)), bar), role),
      ...(wide ? [span(` ${column(peer, 22)}`, 'quiet')] : []),
    ],
    selected,
  };
}

/** Columns of the list, for its width. */
interface ListColumns {
  readonly time: number;
  readonly request: number;
  readonly peer: number;
  readonly cause: number;
  readonly by: number;
  readonly confidence: number;
  readonly attempts: number;
}

const CONFIDENCE = 8;

function listColumns(width: number): ListColumns {
  const wide = width >= 98;
  const fixed = {
    time: wide ? MOMENT_COLUMNS : SHORT_COLUMNS,
    by: wide ? 8 : 0,
    confidence: CONFIDENCE,
    attempts: wide ? 5 : 2,
  };
  const peer = wide ? 21 : 15;
  const gaps = wide ? 2 : 1;
  const taken = fixed.time + fixed.by + fixed.confidence + fixed.attempts + peer + gaps * (wide ? 6 : 5);
  const rest = Math.max(20, width - taken);
  const cause = Math.min(60, Math.ceil(rest * (wide ? 0.5 : 0.52)));
  return { ...fixed, peer, cause, request: rest - cause };
}

function incidentsPane(scene: Scene, at: Rect, visible: readonly Entry[]): Pane {
  const { ui, book } = scene;
  const columns = listColumns(at.width - 2);
  const height = listHeight(ui);
  const top = topOf(
    ui,
    visible.map(({ number }) => number),
  );
  const rows = visible.slice(top, top + height).map((entry) => entryLine(scene, entry, columns));
  const newer = ui.selected === undefined ? 0 : top;
  const title = ui.filter === '' ? 'incidents' : `incidents with ${ui.filter}`;
  const notes = [
    ...(newer > 0 ? [`↑ ${countText(newer)} newer`] : []),
    ...(ui.filter === '' ? [] : [`${countText(visible.length)} of ${countText(book.entries.length)}`]),
    ...(book.dropped > 0 ? [`the newest ${countText(book.entries.length)}`] : []),
    ...(ui.hidden ? ['with hidden failures'] : []),
  ];
  const lines = visible.length === 0 ? emptyLines(scene) : [heading(columns), ...rows];
  return pane('incidents', at, title, notes.join(', '), ui.focus === 'incidents', lines);
}

function heading(columns: ListColumns): Line {
  return line(
    span(
      cells(columns, ['time', 'request', 'peer', 'cause', 'by', 'sure', columns.attempts > 2 ? 'tries' : '#']),
      'quiet',
    ),
  );
}

function cells(
  { time, request, peer, cause, by, confidence, attempts }: ListColumns,
  texts: readonly [string, string, string, string, string, string, string],
): string {
  const gap = by > 0 ? '  ' : ' ';
  const [t, r, p, c, b, s, n] = texts;
  return [
    column(t, time),
    column(r, request),
    peerColumn(p, peer),
    column(c, cause),
    ...(by > 0 ? [column(b, by)] : []),
    column(s, confidence),
    column(n, attempts, 'right'),
  ].join(gap);
}

/** Where it does not fit, the port says more than the first octets of the address. */
function peerColumn(peer: string, columns: number): string {
  return columnsOf(peer) <= columns ? column(peer, columns) : `…${peer.slice(1 - columns)}`;
}

function entryLine(scene: Scene, entry: Entry, columns: ListColumns): Line {
  const words = entryWords(scene, entry);
  const selected = entry.number === scene.ui.selected && scene.ui.focus === 'incidents';
  const gap = span(columns.by > 0 ? '  ' : ' ');
  const time = momentText(scene.clock, words.at, columns.time);
  const request = words.method === '' ? words.target : `${words.method} ${words.target}`;
  const cause = words.hidden ? `hidden: ${words.plain}` : words.plain;
  const sure: Role = words.confidence === 'certain' ? 'good' : words.confidence === 'possible' ? 'quiet' : 'plain';
  const series = seriesOf(scene).get(words.cause);
  return {
    spans: [
      span(column(time, columns.time), 'quiet'),
      gap,
      span(column(request, columns.request)),
      gap,
      span(peerColumn(words.peer, columns.peer), 'quiet'),
      gap,
      span(column(cause, columns.cause), words.hidden ? 'warn' : seriesRole(series)),
      gap,
      ...(columns.by > 0 ? [span(column(words.by, columns.by)), gap] : []),
      span(
        column(entry.provisional && words.confidence !== '' ? 'so far' : words.confidence, columns.confidence),
        sure,
      ),
      gap,
      span(column(words.attempts === 0 ? '-' : String(words.attempts), columns.attempts, 'right')),
    ],
    selected,
  };
}

/** Nothing to list: says so, and that it is alive. */
function emptyLines({ ui, book, run }: Scene): Line[] {
  if (book.entries.length > 0 && ui.filter !== '') {
    return [BLANK, line(` No incident passes the filter.`), line(span(' c clears it.', 'quiet'))];
  }
  const seen = `${countText(run.requests)} requests seen`;
  if (run.ended) {
    return [
      BLANK,
      line(span(' No 502.', 'good'), ` ${seen}, ${countText(book.masked.count)} failures hidden by retries.`),
    ];
  }
  const heard =
    run.frames === 0
      ? 'no packet yet'
      : `last packet ${run.silence < 2e9 ? 'just now' : `${durationText(run.silence)} ago`}`;
  const watched =
    run.mode === 'live' ? `Watching ${run.interfaces.join(', ') || 'every interface'}` : `Reading ${run.name}`;
  return [
    BLANK,
    line(
      span(' No 502 yet.', 'good'),
      `  ${watched}${run.gateways.length > 0 ? `; gateways: ${run.gateways.slice(0, 3).join(', ')}` : '; no gateway seen yet'}.`,
    ),
    line(
      ` ${seen}, ${countText(Math.round(run.perSecond))} a second now; ${heard}${run.frames === 0 ? '' : `, ${countText(run.frames)} in all`}.`,
    ),
  ];
}

function pane(id: string, at: Rect, title: string, note: string, focused: boolean, lines: readonly Line[]): Pane {
  return { id, at, border: true, title, note, focused, lines, graph: undefined };
}
