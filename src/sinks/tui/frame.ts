/**
 * A frame: what the screen shows, as panes of lines, before any terminal is involved. Views make frames out of state;
 * `screen.ts` paints them, tests read them. All text goes through `paintable` here: nothing else reaches a terminal.
 */
import { columnsOf, cutText, escapeUnsafe } from '../safe-text.ts';

/** Colours of causes in a chart; what is beyond is grey. */
export const SERIES = 6;

/** What a piece of text is to the reader; `terminal.ts` says how that looks. */
export type Role = 'plain' | 'quiet' | 'title' | 'accent' | 'bad' | 'warn' | 'good' | `series${0 | 1 | 2 | 3 | 4 | 5}`;

export interface Span {
  readonly text: string;
  readonly role: Role;
}

export interface Line {
  readonly spans: readonly Span[];
  /** Drawn reversed, over the whole width. */
  readonly selected?: boolean;
}

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Drawn by a widget instead of lines, in the upper part of a pane; its lines follow below. */
export interface Graph {
  readonly height: number;
  /** A column each, oldest first: counts by series, the first at the bottom. */
  readonly columns: readonly (readonly number[])[];
  /** The count that takes all of the height. */
  readonly max: number;
}

export interface Pane {
  readonly id: string;
  readonly at: Rect;
  readonly border: boolean;
  readonly title: string;
  /** At the right end of the upper border. */
  readonly note: string;
  readonly focused: boolean;
  readonly lines: readonly Line[];
  readonly graph: Graph | undefined;
}

export interface Frame {
  readonly cols: number;
  readonly rows: number;
  /** Later ones lie above earlier ones. */
  readonly panes: readonly Pane[];
}

/** What the terminal can show. */
export interface Look {
  readonly unicode: boolean;
  readonly colours: 0 | 16 | 256;
  /** As far as the terminal tells it. */
  readonly background: 'dark' | 'light' | 'unknown';
}

export function span(text: string, role: Role = 'plain'): Span {
  return { text, role };
}

export function line(...spans: readonly (Span | string)[]): Line {
  return { spans: spans.map((one) => (typeof one === 'string' ? span(one) : one)) };
}

export const BLANK: Line = { spans: [] };

/** Beyond the first plane terminals and widgets disagree about widths, and about emoji in it too. */
const UNEVEN = /\p{Emoji_Presentation}|[\u{10000}-\u{10ffff}]/gu;

const ASCII: Readonly<Record<string, string>> = {
  '…': '~',
  '·': '-',
  '─': '-',
  '│': '|',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '├': '+',
  '┤': '+',
  '┴': '+',
  '▶': '>',
  '◀': '<',
  '╳': 'X',
  '█': '#',
  '░': '.',
  µ: 'u',
  '■': '#',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '→': '>',
  '▲': '^',
  '▼': 'v',
  '•': '*',
};

/** Text that is safe, and as wide on every terminal as `columnsOf` says. */
export function paintable(text: string, { unicode }: Pick<Look, 'unicode'>): string {
  const safe = escapeUnsafe(text).replace(UNEVEN, (sign) => `\\u{${(sign.codePointAt(0) as number).toString(16)}}`);
  if (unicode) return safe;
  return safe.replace(/[^\x20-\x7e]/g, (sign) => ASCII[sign] ?? `\\u{${(sign.codePointAt(0) as number).toString(16)}}`);
}

/** The spans within exactly `width` columns: cut or filled up. */
export function fitted({ spans }: Line, width: number, look: Pick<Look, 'unicode'>): Span[] {
  const fit: Span[] = [];
  let room = width;
  for (const { text, role } of spans) {
    if (room <= 0) break;
    const shown = paintable(cutText(paintable(text, { unicode: true }), room), look);
    fit.push({ text: shown, role });
    room -= columnsOf(shown);
  }
  if (room > 0) fit.push({ text: ' '.repeat(room), role: 'plain' });
  return fit;
}

/** `text` cut or filled up to `columns`. */
export function column(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const shown = cutText(paintable(text, { unicode: true }), columns);
  const fill = ' '.repeat(Math.max(0, columns - columnsOf(shown)));
  return align === 'left' ? shown + fill : fill + shown;
}

/** Words in lines of at most `width` columns. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of paintable(text, { unicode: true }).split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (columnsOf(joined) <= width) {
      current = joined;
      continue;
    }
    if (current !== '') lines.push(current);
    current = word;
    while (columnsOf(current) > width) {
      const head = headOf(current, width);
      lines.push(head);
      current = current.slice(head.length);
    }
  }
  lines.push(current);
  return lines;
}

/** Prose in lines of at most `width` columns, a blank before each. */
export function paragraph(text: string, width: number, role: Role = 'plain'): Line[] {
  return wrapped(text, width - 2).map((part) => line(span(` ${part}`, role)));
}

/** As many characters as fit, at least one. */
function headOf(text: string, width: number): string {
  let head = '';
  let used = 0;
  for (const sign of text) {
    used += columnsOf(sign);
    if (used > width && head !== '') break;
    head += sign;
  }
  return head;
}

/** Columns and rows inside a pane. */
export function inside({ at, border }: Pick<Pane, 'at' | 'border'>): { width: number; height: number } {
  const edge = border ? 2 : 0;
  return { width: Math.max(0, at.width - edge), height: Math.max(0, at.height - edge) };
}

/** The upper border with the title in it, without the corners. */
export function titleLine({ title, note, at, focused }: Pane): Line {
  const width = at.width - 2;
  const name = title === '' ? '' : ` ${cutText(title, Math.max(1, width - 2))} `;
  const right = note === '' || columnsOf(name) + columnsOf(note) + 4 > width ? '' : ` ${note} `;
  const rest = Math.max(0, width - columnsOf(name) - columnsOf(right));
  const edge = focused ? 'accent' : 'quiet';
  return line(span(name, focused ? 'title' : 'plain'), span('─'.repeat(rest), edge), span(right, 'quiet'));
}
