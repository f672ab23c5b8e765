/** The causes of this run, and what the closed list knows of the selected one. */
import { countText } from '../text/words.ts';
import { BLANK, column, type Line, line, type Pane, paragraph, span } from './frame.ts';
import { causeCounts, type Scene, seriesOf } from './scene.ts';
import { seriesRole, seriesSign } from './series.ts';
import { textPane } from './text-pane.ts';

/** Wider than this a page is no longer read with ease. */
const PROSE = 100;
/** Lines that stand above a part of the page. */
const HEADINGS = /^(?:Recognised by|Subcauses|Likely roots|Do first)$/;

/** Columns of the list at the left. */
export const CAUSE_LIST = 36;

export function causesPanes(scene: Scene): Pane[] {
  const { ui } = scene;
  const counts = causeCounts(scene);
  const series = seriesOf(scene);
  const chosen = Math.max(
    0,
    counts.findIndex(({ cause }) => cause === ui.cause),
  );
  const height = ui.rows - 2;
  const room = height - 2;
  const from = Math.max(0, Math.min(chosen - room + 1, counts.length - room));
  const list = counts.slice(from, from + room).map(
    ({ cause, count }, at): Line => ({
      spans: [
        span(`${seriesSign(series.get(cause), scene.look)} `, seriesRole(series.get(cause))),
        span(column(cause, CAUSE_LIST - 11)),
        span(countText(count).padStart(6), 'title'),
      ],
      selected: from + at === chosen,
    }),
  );
  return [
    {
      id: 'list',
      at: { left: 0, top: 1, width: CAUSE_LIST, height },
      border: true,
      title: 'causes',
      note: '',
      focused: true,
      lines: counts.length === 0 ? [BLANK, line(span(' none yet', 'quiet'))] : list,
      graph: undefined,
    },
    textPane({
      at: { left: CAUSE_LIST, top: 1, width: ui.cols - CAUSE_LIST, height },
      title: counts[chosen]?.cause ?? 'what a cause means',
      lines: causeText(scene, ui.cols - CAUSE_LIST - 2),
      scroll: ui.scroll,
      focused: false,
    }),
  ];
}

/** All lines about the selected cause, before they are scrolled. */
export function causeText(scene: Scene, width: number): Line[] {
  const counts = causeCounts(scene);
  const one = counts.find(({ cause }) => cause === scene.ui.cause) ?? counts[0];
  if (!one) return [BLANK, ...paragraph('A cause is explained here once there is one.', width, 'quiet')];
  const lines: Line[] = [BLANK];
  const named = (name: string, values: readonly (readonly [string, number])[]): void => {
    if (values.length === 0) return;
    const text = values
      .slice(0, 8)
      .map(([value, count]) => `${value} ${countText(count)}`)
      .join(', ');
    lines.push(...paragraph(`${name}: ${text}`, width));
  };
  named('here', [['in all', one.count]]);
  named('subcauses', one.subcauses);
  named('peers', one.peers);
  lines.push(BLANK);
  for (const text of scene.explain(one.cause, Math.min(PROSE, width - 2))) {
    lines.push(line(span(` ${text}`, HEADINGS.test(text) ? 'title' : 'plain')));
  }
  return lines;
}
