/** A row a peer: how often it was tried, how it failed, how fast it is, how near its keep-alive is to a race. */
import type { ProtocolName } from '../../model/message.ts';
import type { Nanos } from '../../model/time.ts';
import { columnsOf } from '../safe-text.ts';
import { countText, PROTOCOL_WORDS } from '../text/words.ts';
import { durationText } from '../time-text.ts';
import { BLANK, column, type Line, line, type Pane, type Role, type Span, span, wrapped } from './frame.ts';
import type { PeerRow } from './peers.ts';
import { marginOf, type Scene, sortedPeers } from './scene.ts';
import type { PeerColumn } from './ui.ts';

interface Column {
  readonly name: string;
  readonly sort: PeerColumn | undefined;
  readonly width: number;
  readonly text: (row: PeerRow, now: Nanos) => string;
  readonly role?: (row: PeerRow, now: Nanos) => Role;
}

const DASH = '-';

const short = (span: Nanos | undefined): string => (span === undefined ? DASH : durationText(span).replace('.00', ''));
const pair = ([half, most]: readonly [Nanos | undefined, Nanos | undefined]): string =>
  half === undefined ? DASH : `${short(half)} / ${short(most)}`;
const some = (count: number): string => (count === 0 ? DASH : countText(count));

/** In order of worth: those that do not fit are left out from the right. */
const COLUMNS: readonly Column[] = [
  { name: 'tries', sort: 'attempts', width: 8, text: ({ attempts }) => countText(attempts) },
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
  { name: 'connect 50 / 99 %', sort: 'connect', width: 20, text: ({ connect }) => pair(connect) },
  {
    name: 'out for',
    sort: undefined,
    width: 8,
    text: outText,
    role: ({ outUntil }) => (outUntil === undefined ? 'quiet' : 'bad'),
  },
  { name: '/s', sort: 'rate', width: 7, text: ({ perSecond }) => (perSecond === 0 ? DASH : perSecond.toFixed(1)) },
  { name: 'first octet 50 / 99 %', sort: 'first', width: 22, text: ({ firstOctet }) => pair(firstOctet) },
  { name: 'reuse', sort: 'reuse', width: 6, text: ({ reuse }) => `${Math.round(100 * reuse)} %` },
  {
    name: 'margin',
    sort: 'margin',
    width: 9,
    text: (row) => short(marginOf(row)),
    role: (row) => ((marginOf(row) ?? 1) <= 0 ? 'bad' : 'plain'),
  },
];

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
  const name = Math.max(
    15,
    Math.min(
      24,
      ...rows
        .map(({ peer }) => columnsOf(peer))
        .sort((a, b) => b - a)
        .slice(0, 1),
    ),
  );
  const columns = fitting(at.width - 2 - name);
  const room = at.height - 3;
  const chosen = rows.findIndex(({ peer }) => peer === ui.peer);
  const from = Math.max(0, Math.min(chosen - room + 1, rows.length - room));
  const lines = rows.slice(from, from + room).map((row) => peerLine(row, name, columns, run.now, row.peer === ui.peer));
  const table: Pane = {
    id: 'peers',
    at,
    border: true,
    title: 'upstreams',
    note: `by ${ui.sort}${rows.length > room ? `, ${rows.length} in all` : ''}`,
    focused: true,
    lines:
      rows.length === 0
        ? [BLANK, line(' No attempt at a peer has been seen yet.')]
        : [heading(name, columns, ui.sort), ...lines],
    graph: undefined,
  };
  return detail === 0 ? [table] : [table, detailPane(scene, rows[Math.max(0, chosen)], detail)];
}

function protocolText(row: PeerRow | undefined): string {
  return row ? (PROTOCOL_WORDS[row.protocol as ProtocolName] ?? '') : '';
}

function fitting(width: number): Column[] {
  const fit: Column[] = [];
  let left = width;
  for (const one of COLUMNS) {
    if (one.width + 1 > left) continue;
    left -= one.width + 1;
    fit.push(one);
  }
  return fit;
}

function heading(name: number, columns: readonly Column[], sort: PeerColumn): Line {
  const spans: Span[] = [span(column('peer', name), 'quiet')];
  for (const one of columns) {
    const text = one.sort === sort ? `${one.name}▼` : one.name;
    spans.push(span(` ${column(text, one.width, 'right')}`, one.sort === sort ? 'title' : 'quiet'));
  }
  return { spans };
}

function peerLine(row: PeerRow, name: number, columns: readonly Column[], now: Nanos, selected: boolean): Line {
  const spans: Span[] = [span(column(row.peer, name))];
  for (const { width, text, role } of columns) {
    spans.push(span(` ${column(text(row, now), width, 'right')}`, role ? role(row, now) : 'plain'));
  }
  return { spans, selected };
}

function detailPane({ ui, run }: Scene, row: PeerRow | undefined, height: number): Pane {
  const lines: Line[] = [];
  const width = ui.cols - 4;
  const say = (lead: string, text: string): void => {
    for (const part of wrapped(`${lead}: ${text}`, width)) lines.push(line(` ${part}`));
  };
  if (row) {
    say(
      'failures',
      row.causes.length === 0 ? 'none' : row.causes.map(([cause, count]) => `${cause} ${countText(count)}`).join(', '),
    );
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
    say('process, queue', 'told by kernel events only');
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
