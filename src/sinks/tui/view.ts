/** Scene -> frame: the panes of the screen the user is on, and the lists that keys move through. Pure. */

import { columnsOf } from '../safe-text.ts';
import { CAUSE_LIST, causesPanes, causeText } from './causes.ts';
import { chartWindow, columnAt } from './chart.ts';
import { type Frame, fitted, inside, line, type Pane, span, titleLine } from './frame.ts';
import { footerPane, headerPane } from './header.ts';
import { healthPanes, healthText } from './health.ts';
import { helpPanes, helpText } from './help.ts';
import { huntAreas, huntPanes, listHeight } from './hunt.ts';
import {
  attemptShown,
  causeCounts,
  entryWords,
  type Scene,
  selectedEntry,
  sortedPeers,
  visibleEntries,
} from './scene.ts';
import { storyPanes, storyText } from './story.ts';
import type { Lists, Screen } from './ui.ts';
import { upstreamsPanes } from './upstreams.ts';

/** Smaller than this nothing can be told. */
export const MIN_COLS = 60;
export const MIN_ROWS = 14;

const SCREENS: Readonly<Record<Screen, (scene: Scene) => Pane[]>> = {
  hunt: huntPanes,
  story: storyPanes,
  upstreams: upstreamsPanes,
  causes: causesPanes,
  health: healthPanes,
  help: helpPanes,
};

export function view(scene: Scene): Frame {
  const { cols, rows, screen } = scene.ui;
  if (cols < MIN_COLS || rows < MIN_ROWS) {
    const lines = [line(span(`${MIN_COLS}x${MIN_ROWS} at least; this is ${cols}x${rows}. q quits.`))];
    const at = { left: 0, top: 0, width: cols, height: rows };
    return {
      cols,
      rows,
      panes: [{ id: 'small', at, border: false, title: '', note: '', focused: false, lines, graph: undefined }],
    };
  }
  return { cols, rows, panes: [headerPane(scene), ...SCREENS[screen](scene), footerPane(scene)] };
}

/** What can be moved through, and how tall the panes are. */
export function listsOf(scene: Scene, drawn: number | undefined): Lists {
  const { ui, book } = scene;
  const visible = ui.screen === 'hunt' || ui.screen === 'story' ? visibleEntries(scene) : [];
  const entry = selectedEntry(scene);
  const neighbours = ui.screen === 'hunt' ? inTime(scene, visible) : { earlier: undefined, later: undefined };
  return {
    entries: visible.map(({ number }) => number),
    drawn,
    ...neighbours,
    causes: causeCounts(scene).map(({ cause }) => cause),
    peers: ui.screen === 'upstreams' ? sortedPeers(scene).map(({ peer }) => peer) : [],
    attempts: entry?.verdict?.attempts.length ?? 0,
    attempt: entry?.verdict ? attemptShown(scene, entry.verdict) : 0,
    textLines: textLines(scene),
    listHeight: listHeight(ui),
    textHeight: inside({ at: { left: 0, top: 1, width: ui.cols, height: ui.rows - 2 }, border: true }).height,
    newest: book.newest,
  };
}

function textLines(scene: Scene): number {
  const { screen, cols } = scene.ui;
  if (screen === 'story') {
    const entry = selectedEntry(scene);
    return entry ? storyText(scene, entry).length : 0;
  }
  if (screen === 'causes') return causeText(scene, cols - CAUSE_LIST - 2).length;
  if (screen === 'health') return healthText(scene).length;
  return screen === 'help' ? helpText(cols - 2).length : 0;
}

/** The incidents that begin the next columns of the chart with any, to both sides of the selected one. */
function inTime(scene: Scene, visible: ReturnType<typeof visibleEntries>): Pick<Lists, 'earlier' | 'later'> {
  const window = chartWindow(scene, huntAreas(scene.ui).chart.width - 2);
  const columnOf = (entry: (typeof visible)[number]): number => columnAt(window, entryWords(scene, entry).at);
  const selected = visible.find(({ number }) => number === scene.ui.selected) ?? visible[0];
  if (!selected) return { earlier: undefined, later: undefined };
  const here = columnOf(selected);
  const earlier = visible.find((entry) => columnOf(entry) < here);
  const later = visible.findLast((entry) => columnOf(entry) > here);
  return { earlier: earlier?.number, later: later?.number };
}

/** The frame as plain text, a line a row: what a test, a pipe or a screenshot shows. Graphs are left blank. */
export function frameText(frame: Frame, unicode = true): string[] {
  const look = { unicode };
  const rows = Array.from({ length: frame.rows }, () => Array.from({ length: frame.cols }, () => ' '));
  const put = (top: number, left: number, text: string): void => {
    const row = rows[top];
    if (!row) return;
    // Wide characters take the place of two.
    const signs = [...text];
    let at = left;
    for (const sign of signs) {
      if (at >= frame.cols) break;
      row[at++] = sign;
      if (columnsOf(sign) === 2) row[at++] = '';
    }
  };
  for (const pane of frame.panes) {
    const { at, border, graph } = pane;
    const { width, height } = inside(pane);
    const edge = border ? 1 : 0;
    const texts = pane.lines.map((one) =>
      fitted(one, width, look)
        .map(({ text }) => text)
        .join(''),
    );
    if (border) {
      const top = fitted(titleLine(pane), at.width - 2, look)
        .map(({ text }) => text)
        .join('');
      const [a, b, c, d, h, v] = unicode ? '┌┐└┘─│' : '++++-|';
      put(at.top, at.left, `${a}${top}${b}`);
      for (let row = 1; row < at.height - 1; row++) {
        put(at.top + row, at.left, `${v}${' '.repeat(width)}${v}`);
      }
      put(at.top + at.height - 1, at.left, `${c}${(h as string).repeat(at.width - 2)}${d}`);
    }
    const skip = graph ? graph.height : 0;
    texts.slice(0, Math.max(0, height - skip)).forEach((text, n) => {
      put(at.top + edge + skip + n, at.left + edge, text);
    });
  }
  return rows.map((row) => row.join('').trimEnd());
}
