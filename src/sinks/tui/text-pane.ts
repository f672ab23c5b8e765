/** A pane with a text in it that is scrolled. */
import { inside, type Line, type Pane, type Rect } from './frame.ts';

export interface TextPane {
  readonly at: Rect;
  readonly title: string;
  /** All of it. */
  readonly lines: readonly Line[];
  /** First line shown. */
  readonly scroll: number;
  readonly focused: boolean;
}

export function textPane({ at, title, lines, scroll, focused }: TextPane): Pane {
  const { height } = inside({ at, border: true });
  const first = Math.max(0, Math.min(scroll, lines.length - height));
  const shown = lines.slice(first, first + height);
  const note = lines.length > height ? `${first + 1}-${first + shown.length} of ${lines.length}` : '';
  return { id: 'text', at, border: true, title, note, focused, lines: shown, graph: undefined };
}

/** All of the screen between the first and the last line. */
export function wholeScreen({ cols, rows }: { readonly cols: number; readonly rows: number }): Rect {
  return { left: 0, top: 1, width: cols, height: Math.max(3, rows - 2) };
}
