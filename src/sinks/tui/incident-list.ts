/** The list of incidents: a line each, newest first, or what there is to say while there is none. */
import { gatewayLines } from '../gateways-text.ts';
import { hiddenByTls, nothingFound } from '../nothing-found.ts';
import { columnsOf } from '../safe-text.ts';
import { countText, plural } from '../text/words.ts';
import { durationText } from '../time-text.ts';
import type { Book } from './book.ts';
import { MOMENT_COLUMNS, momentText, SHORT_COLUMNS } from './clock.ts';
import type { Entry } from './entry.ts';
import { filterProblem } from './filter.ts';
import { BLANK, column, inside, type Line, line, type Pane, paragraph, type Rect, type Role, span } from './frame.ts';
import { entryWords, type Scene, seriesOf } from './scene.ts';
import { seriesRole } from './series.ts';
import { topOf } from './ui.ts';

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
/** A culprit, or the process that the kernel told of. */
const BY = 8;
const BY_PROCESS = 16;
/** Columns of a list with room for milliseconds and culprits, and of one that names processes. */
const WIDE = 110;
const PROCESS_FROM = 130;

function listColumns({ book, run }: Scene, width: number): ListColumns {
  const wide = width >= WIDE;
  const processes = width >= PROCESS_FROM && run.rungs.includes('kernel');
  const fixed = {
    time: wide ? MOMENT_COLUMNS : SHORT_COLUMNS,
    by: processes ? BY_PROCESS : wide ? BY : 0,
    confidence: CONFIDENCE,
    attempts: wide ? 5 : 2,
  };
  const peer = Math.min(wide ? 21 : 15, longestPeer(book));
  const gaps = wide ? 2 : 1;
  const taken = fixed.time + fixed.by + fixed.confidence + fixed.attempts + peer + gaps * (wide ? 6 : 5);
  const rest = Math.max(20, width - taken);
  const cause = Math.min(80, Math.ceil(rest * (wide ? 0.5 : 0.55)));
  return { ...fixed, peer, cause, request: rest - cause };
}

/** Columns of the longest name of a peer so far: it only grows, so that columns stay where they are. */
function longestPeer({ incidents, masked }: Book): number {
  let longest = 9;
  for (const { peers } of [incidents, masked]) {
    for (const name of peers.keys()) longest = Math.max(longest, columnsOf(name));
  }
  return longest;
}

/** Lines of the list, without its heading. */
export function rowsOf(at: Rect): number {
  return Math.max(1, inside({ at, border: true }).height - 1);
}

export function incidentsPane(scene: Scene, at: Rect, visible: readonly Entry[]): Pane {
  const { ui, book } = scene;
  const columns = listColumns(scene, at.width - 2);
  const height = rowsOf(at);
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
  const lines = visible.length === 0 ? emptyLines(scene, at.width - 2) : [heading(columns), ...rows];
  const focused = ui.focus === 'incidents';
  return { id: 'incidents', at, border: true, title, note: notes.join(', '), focused, lines, graph: undefined };
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

/** As many of them as there is room for, whole; what is left out leaves a mark where one fits. */
function wholeParts(parts: readonly string[], columns: number): string {
  let text = '';
  for (const part of parts) {
    // The first is cut if it must be.
    if (text !== '' && !text.endsWith(': ') && columnsOf(text + part) > columns) {
      return columnsOf(text) < columns ? `${text}…` : text;
    }
    text += part;
  }
  return text;
}

function entryLine(scene: Scene, entry: Entry, columns: ListColumns): Line {
  const words = entryWords(scene, entry);
  const selected = entry.number === scene.ui.selected && scene.ui.focus === 'incidents';
  const gap = span(columns.by > 0 ? '  ' : ' ');
  const time = momentText(scene.clock, words.at, columns.time);
  const request = words.method === '' ? words.target : `${words.method} ${words.target}`;
  const by = columns.by > BY && words.process !== '' ? words.process : words.by;
  const cause = wholeParts(words.hidden ? ['hidden: ', ...words.parts] : words.parts, columns.cause);
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
      ...(columns.by > 0 ? [span(column(by, columns.by)), gap] : []),
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

/** Nothing to list: says so, that it is alive, and what will come. */
function emptyLines({ ui, book, run }: Scene, width: number): Line[] {
  if (book.entries.length > 0 && ui.filter !== '') {
    const problem = filterProblem(ui.filter);
    return [
      BLANK,
      line(' No incident passes the filter.'),
      ...(problem === undefined ? [] : paragraph(problem, width, 'warn')),
      line(span(' c clears it, / changes it.', 'quiet')),
    ];
  }
  const { count } = book.masked;
  const hidden = `${plural(count, 'failure')} hidden by retries${count > 0 ? ' (m lists them)' : ''}`;
  const seen = `${plural(run.requests, 'request')} seen`;
  if (run.ended) {
    const meaning = nothingFound({ ...run, gateways: run.named }).flatMap((text) => paragraph(text, width));
    const found = span(' No 502.', run.requests > 0 ? 'good' : 'warn');
    return [BLANK, line(found), ...paragraph(`${seen}, ${hidden}.`, width), BLANK, ...meaning];
  }
  const watched =
    run.mode === 'live' ? `Watching ${run.interfaces.join(', ') || 'every interface'}` : `Reading ${run.name}`;
  const gateways = run.gateways.length > 0 ? `gateway ${gatewayLines(run.gateways).join('; ')}` : 'no gateway seen yet';
  const heard =
    run.frames === 0
      ? 'no packet yet'
      : `last packet ${run.silence < 2e9 ? 'just now' : `${durationText(run.silence)} ago`}`;
  return [
    BLANK,
    line(
      run.mode === 'live' && !run.begun ? span(' The capture is starting.', 'accent') : span(' No 502 yet.', 'good'),
    ),
    ...paragraph(`${watched}; ${gateways}.`, width),
    ...paragraph(`${seen}, ${countText(Math.round(run.perSecond))}/s now; ${heard}; ${hidden}.`, width),
    ...hiddenByTls(run).flatMap((text) => paragraph(text, width, 'warn')),
    BLANK,
    ...paragraph('Each 502 gets a line here as it happens: which request, which peer, why, how sure.', width, 'quiet'),
    ...paragraph('Meanwhile: u how the peers do, h what can be seen and what not, ? all keys.', width, 'quiet'),
  ];
}
