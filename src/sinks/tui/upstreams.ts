/** A row a peer: how often it was tried, how it failed, how fast it is, how near its keep-alive is to a race. */
import type { ProtocolName } from '../../model/message.ts';
import type { Nanos } from '../../model/time.ts';
import { columnsOf } from '../safe-text.ts';
import { countText, PROTOCOL_WORDS } from '../text/words.ts';
import { durationText } from '../time-text.ts';
import { CAUSE_WORDS } from './cause-words.ts';
import { momentText } from './clock.ts';
import { BLANK, column, type Line, line, type Pane, paragraph, type Role, type Span, span } from './frame.ts';
import type { PeerRow } from './peers.ts';
import { marginOf, type RunState, type Scene, seriesOf, sortedPeers } from './scene.ts';
import { seriesRole, seriesSign } from './series.ts';
import type { PeerColumn } from './ui.ts';

interface Column {
  readonly name: string;
  readonly sort: PeerColumn | undefined;
  readonly width: number;
  readonly text: (row: PeerRow, now: Nanos) => string;
  readonly role?: (row: PeerRow, now: Nanos) => Role;
  /** Shown only if there is such a row. */
  readonly where?: (row: PeerRow) => boolean;
}

const DASH = '-';

const short = (span: Nanos | undefined): string => (span === undefined ? DASH : durationText(span).replace('.00', ''));
const some = (count: number): string => (count === 0 ? DASH : countText(count));

/** `0.01 / 0.18 ms`, `0.20 ms / 1.5 s`. */
function pair([half, most]: readonly [Nanos | undefined, Nanos | undefined]): string {
  if (half === undefined || most === undefined) return DASH;
  const [low = '', unit] = durationText(half).split(' ');
  const high = durationText(most);
  return high.endsWith(` ${unit}`) ? `${low} / ${high}` : `${low} ${unit} / ${high}`;
}

/** In order of worth: those that do not fit are left out from the right. */
const COLUMNS: readonly Column[] = [
  { name: 'tries', sort: 'attempts', width: 7, text: ({ attempts }) => countText(attempts) },
  {
    name: 'failed',
    sort: 'failed',
    width: 7,
    text: ({ failed }) => some(failed),
    role: ({ failed }) => (failed > 0 ? 'bad' : 'quiet'),
  },
  {
    name: 'hidden',
    sort: 'hidden',
    width: 7,
    text: ({ hidden }) => some(hidden),
    role: ({ hidden }) => (hidden > 0 ? 'warn' : 'quiet'),
  },
  { name: 'tries/s', sort: 'rate', width: 8, text: ({ perSecond }) => (perSecond === 0 ? DASH : perSecond.toFixed(1)) },
  { name: 'connect p50/p99', sort: 'connect', width: 16, text: ({ connect }) => pair(connect) },
  {
    name: 'out for',
    sort: undefined,
    width: 7,
    text: outText,
    role: ({ outUntil }) => (outUntil === undefined ? 'quiet' : 'bad'),
  },
  { name: '1st octet p50/p99', sort: 'first', width: 18, text: ({ firstOctet }) => pair(firstOctet) },
  {
    name: 'queue',
    sort: undefined,
    width: 11,
    text: ({ queue }) => (queue ? `${countText(queue.waiting)} / ${countText(queue.backlog)}` : DASH),
    role: ({ queue }) => (queue && queue.waiting >= queue.backlog ? 'bad' : 'plain'),
    where: ({ queue }) => queue !== undefined,
  },
  {
    name: 'reuse',
    sort: 'reuse',
    width: 6,
    text: ({ reuse }) => (reuse === 0 ? DASH : `${Math.round(100 * reuse)} %`),
  },
  {
    name: 'margin',
    sort: 'margin',
    width: 8,
    text: (row) => short(marginOf(row)),
    role: (row) => ((marginOf(row) ?? 1) <= 0 ? 'bad' : 'plain'),
  },
];
/** Columns of a process; failures by cause get what is left: from so many on in words, with less as counts in colour. */
const PROCESS = 17;
const COUNTS = 8;
const WORDS = 30;

function outText({ outUntil }: PeerRow, now: Nanos): string {
  return outUntil === undefined ? DASH : `~${((outUntil - now) / 1e9).toFixed(0)} s`;
}

/** Lines under the table for what the selected row says in full. */
const DETAIL = 7;

export function upstreamsPanes(scene: Scene): Pane[] {
  const { ui, run, book } = scene;
  // Who is left out now is of no use once now is over.
  const now = book.live && !run.ended ? run.now : Number.POSITIVE_INFINITY;
  const rows = sortedPeers({ ui, book, run: { ...run, now } });
  const detail = ui.rows >= 20 ? DETAIL : 0;
  const at = { left: 0, top: 1, width: ui.cols, height: ui.rows - 2 - detail };
  const longest = rows.reduce((most, { peer }) => Math.max(most, columnsOf(peer)), 0);
  const known = COLUMNS.filter(({ where }) => where === undefined || rows.some(where));
  const table = tableOf(at.width - 2, Math.max(15, Math.min(24, longest)), known);
  const room = at.height - 3;
  const chosen = Math.max(
    0,
    rows.findIndex(({ peer }) => peer === ui.peer),
  );
  const from = Math.max(0, Math.min(chosen - room + 1, rows.length - room));
  const lines = rows
    .slice(from, from + room)
    .map((row, n): Line => ({ spans: peerSpans(row, table, scene), selected: from + n === chosen }));
  const pane: Pane = {
    id: 'peers',
    at,
    border: true,
    title: 'upstreams',
    note: rows.length > room ? `${countText(rows.length)} in all` : '',
    focused: true,
    lines: rows.length === 0 ? emptyLines(scene) : [heading(table, ui.sort), ...lines],
    graph: undefined,
  };
  return detail === 0 ? [pane] : [pane, detailPane(scene, rows[chosen], detail)];
}

function emptyLines({ run }: Scene): Line[] {
  return [
    BLANK,
    line(' No attempt at a peer has been seen yet.'),
    line(span(run.ended ? '' : ' A row a peer stands here as soon as the gateway asks one.', 'quiet')),
  ];
}

function protocolText(row: PeerRow | undefined): string {
  return row ? (PROTOCOL_WORDS[row.protocol as ProtocolName] ?? '') : '';
}

/** What there is room for. */
interface Table {
  readonly name: number;
  readonly columns: readonly Column[];
  readonly process: number;
  readonly failures: number;
}

function tableOf(width: number, name: number, wanted: readonly Column[]): Table {
  const columns: Column[] = [];
  let left = width - name;
  for (const one of wanted) {
    if (one.width + 1 > left) break;
    left -= one.width + 1;
    columns.push(one);
  }
  const process = left > PROCESS + 2 ? PROCESS : 0;
  if (process > 0) left -= process + 2;
  return { name, columns, process, failures: left >= COUNTS + 2 ? left - 2 : 0 };
}

function heading({ name, columns, process, failures }: Table, sort: PeerColumn): Line {
  const spans: Span[] = [span(column('peer', name), 'quiet')];
  for (const one of columns) {
    const text = one.sort === sort ? `▼${one.name}` : one.name;
    spans.push(span(` ${column(text, one.width, 'right')}`, one.sort === sort ? 'title' : 'quiet'));
  }
  if (process > 0) spans.push(span(`  ${column('process', process)}`, 'quiet'));
  if (failures > 0)
    spans.push(span(`  ${column(failures < WORDS ? 'by cause' : 'failures by cause', failures)}`, 'quiet'));
  return { spans };
}

function peerSpans(row: PeerRow, { name, columns, process, failures }: Table, scene: Scene): Span[] {
  const { run } = scene;
  const spans: Span[] = [span(column(row.peer, name))];
  for (const { width, text, role } of columns) {
    spans.push(span(` ${column(text(row, run.now), width, 'right')}`, role ? role(row, run.now) : 'plain'));
  }
  if (process > 0) spans.push(span(`  ${column(processOf(row, run) || DASH, process)}`));
  if (failures > 0) spans.push(span('  '), ...failureSpans(row, scene, failures >= WORDS));
  return spans;
}

/** As the kernel told it, or as this machine's own list of listeners does. */
function processOf({ process, peer }: PeerRow, { listening }: RunState): string {
  return process === '' ? (listening.get(peer) ?? '') : process;
}

/** Each cause by the sign and the colour that it has in the chart. */
function failureSpans({ causes }: PeerRow, scene: Scene, inWords: boolean): Span[] {
  const series = seriesOf(scene);
  return causes.flatMap(([cause, count], at) => {
    const words = inWords ? ` ${CAUSE_WORDS[cause].words} ` : '';
    const text = `${at === 0 ? '' : ' '}${seriesSign(series.get(cause), scene.look)}${words}${countText(count)}`;
    return [span(text, seriesRole(series.get(cause)))];
  });
}

/** Spans in lines of at most `width` columns, each whole. */
function flowed(spans: readonly Span[], width: number): Line[] {
  const lines: Span[][] = [[span(' ')]];
  let left = width - 2;
  for (const one of spans) {
    const columns = columnsOf(one.text);
    if (columns > left && left < width - 2) {
      lines.push([span('   ')]);
      left = width - 4;
    }
    lines.at(-1)?.push(one);
    left -= columns;
  }
  return lines.map((parts) => ({ spans: parts }));
}

function detailPane(scene: Scene, row: PeerRow | undefined, height: number): Pane {
  const { ui, run } = scene;
  const lines: Line[] = [];
  const width = ui.cols - 2;
  const say = (lead: string, text: string): void => {
    lines.push(...paragraph(`${lead}: ${text}`, width));
  };
  if (row) {
    if (row.lastFailure === undefined) say('failures', 'none');
    else {
      const last = span(`; the last one at ${momentText(scene.clock, row.lastFailure)}`);
      lines.push(...flowed([span('failures: '), ...failureSpans(row, scene, true), last], width));
    }
    const margin = marginOf(row);
    const closes =
      row.closesAfter === undefined
        ? 'the peer was not seen to close an idle connection'
        : `the peer closes idle connections after ${durationText(row.closesAfter)} at the least`;
    const reuses =
      row.longestIdle === undefined
        ? 'none was used again'
        : `the gateway used one again after ${durationText(row.longestIdle)}`;
    say('keep-alive', `${closes}; ${reuses}${margin !== undefined && margin <= 0 ? ': a race' : ''}`);
    if (row.outUntil !== undefined) {
      say(
        'out',
        `no attempt since its failure; with nginx's defaults it is left out for another ${durationText(row.outUntil - run.now)}`,
      );
    }
    if (row.queue) {
      say(
        'queue',
        `${countText(row.queue.waiting)} of ${countText(row.queue.backlog)} waited to be accepted, when the kernel last looked`,
      );
    }
    say('process', processOf(row, run) || 'not known: it is on another host, or no kernel events told of it');
  }
  const at = { left: 0, top: ui.rows - 1 - height, width: ui.cols, height };
  return {
    id: 'peer',
    at,
    border: true,
    title: row?.peer ?? '',
    note: protocolText(row),
    focused: false,
    lines,
    graph: undefined,
  };
}
