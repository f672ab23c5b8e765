import { countText } from '../text/words.ts';
import { subcauseWords } from './cause-words.ts';
import { chartPane } from './chart.ts';
import type { Entry } from './entry.ts';
import { column, type Line, line, type Pane, paragraph, type Rect, type Role, span } from './frame.ts';
import { incidentsPane, rowsOf } from './incident-list.ts';
import { causeCounts, type Scene, selectedEntry, seriesOf, visibleEntries } from './scene.ts';
import { seriesRole, seriesSign } from './series.ts';
import { meaningLines } from './story.ts';
import type { Ui } from './ui.ts';

interface Areas {
  readonly chart: Rect;
  readonly causes: Rect;
  readonly incidents: Rect;
  /** Why the selected incident was one; `undefined` where there is no room for it. */
  readonly why: Rect | undefined;
}

/** Lines of that, with its border, and lines of a screen that has room for it. */
const WHY = 7;
const WHY_FROM = 34;

/** Where the panes of the hunt lie. */
export function huntAreas({ cols, rows }: Pick<Ui, 'cols' | 'rows'>): Areas {
  const upper = Math.max(6, Math.min(18, Math.round((rows - 2) * 0.36)));
  const left = cols < 100 ? Math.floor(cols * 0.48) : Math.floor(cols * 0.52);
  const why = rows >= WHY_FROM ? WHY : 0;
  return {
    chart: { left: 0, top: 1, width: left, height: upper },
    causes: { left, top: 1, width: cols - left, height: upper },
    incidents: { left: 0, top: 1 + upper, width: cols, height: Math.max(4, rows - 2 - upper - why) },
    why: why > 0 ? { left: 0, top: rows - 1 - why, width: cols, height: why } : undefined,
  };
}

/** Lines of the list, without its heading. */
export function listHeight(ui: Pick<Ui, 'cols' | 'rows'>): number {
  return rowsOf(huntAreas(ui).incidents);
}

export function huntPanes(scene: Scene): Pane[] {
  const areas = huntAreas(scene.ui);
  const visible = visibleEntries(scene);
  return [
    chartPane(scene, areas.chart, visible),
    causesPane(scene, areas.causes),
    incidentsPane(scene, areas.incidents, visible),
    ...(areas.why ? [whyPane(scene, areas.why, visible)] : []),
  ];
}

/** The answer, before anything is opened: of the selected incident, or of the newest. */
function whyPane(scene: Scene, at: Rect, visible: readonly Entry[]): Pane {
  const entry = selectedEntry(scene) ?? visible[0];
  if (!entry?.verdict) {
    const soon = 'Of the newest 502, or of the selected one: what happened, and what to do first.';
    return pane('why', at, 'why', '', false, paragraph(soon, at.width - 2, 'quiet'));
  }
  const { finding, incident } = entry.verdict;
  const note = `${entry.provisional ? 'so far: ' : ''}${finding.confidence}`;
  const title = `why ${incident.id}: ${finding.cause}`;
  return pane('why', at, title, note, false, meaningLines(scene, entry.verdict, at.width - 2));
}

function causesPane(scene: Scene, at: Rect): Pane {
  const counts = causeCounts(scene);
  const series = seriesOf(scene);
  const width = at.width - 2;
  const focused = scene.ui.focus === 'causes';
  const most = counts[0]?.count ?? 1;
  const lines: Line[] = [];
  const room = at.height - 2;
  const chosen = Math.max(
    0,
    counts.findIndex(({ cause }) => cause === scene.ui.cause),
  );
  const from = Math.max(0, Math.min(chosen - room + 1, counts.length - room));
  // Subcauses are told where there is room for more than the causes.
  let spare = room - (counts.length - from);
  counts.slice(from).forEach(({ cause, count, subcauses, peers }, at) => {
    const place = series.get(cause);
    lines.push(
      causeLine({
        sign: seriesSign(place, scene.look),
        role: seriesRole(place),
        cause,
        count,
        most,
        peer: peers[0]?.[0] ?? '',
        width,
        selected: focused && from + at === chosen,
      }),
    );
    for (const [name, number] of subcauses.slice(0, Math.max(0, spare))) {
      spare--;
      const words = column(subcauseWords(name), Math.min(NAME, width - 14) - 2);
      lines.push(line(span(`    ${words}${countText(number).padStart(6)}`, 'quiet')));
    }
  });
  if (counts.length === 0) lines.push(line(span(' none yet', 'quiet')));
  return pane('causes', at, `causes`, counts.length > room ? `${counts.length} in all` : '', focused, lines);
}

interface CauseLine {
  readonly sign: string;
  readonly role: Role;
  readonly cause: string;
  readonly count: number;
  readonly most: number;
  readonly peer: string;
  readonly width: number;
  readonly selected: boolean;
}

/** Columns that the longest name of a cause takes. */
const NAME = 25;

function causeLine({ sign, role, cause, count, most, peer, width, selected }: CauseLine): Line {
  const wide = width >= 60;
  const name = Math.min(NAME, width - 14);
  const bar = Math.max(0, width - 2 - name - 7 - (wide ? 23 : 0));
  const length = Math.max(1, Math.round((bar * count) / Math.max(1, most)));
  return {
    spans: [
      span(`${sign} `, role),
      span(column(cause, name)),
      span(`${countText(count).padStart(6)} `, 'title'),
      span(column('█'.repeat(Math.min(length, bar)), bar), role),
      ...(wide ? [span(` ${column(peer, 22)}`, 'quiet')] : []),
    ],
    selected,
  };
}

function pane(id: string, at: Rect, title: string, note: string, focused: boolean, lines: readonly Line[]): Pane {
  return { id, at, border: true, title, note, focused, lines, graph: undefined };
}
