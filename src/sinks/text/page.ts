/**
 * Lines of a report: wrapped at the width, coloured where asked for. Everything a report prints goes through here, and
 * everything is made safe here, whatever was done to it before: no path leads around it to the terminal.
 */
import { columnsOf, cutText, escapeUnsafe } from '../safe-text.ts';

/** Roles, not colours: what a piece of text is to the reader. */
export type Role = 'plain' | 'title' | 'cause' | 'lead' | 'quiet' | 'warning';

const SGR: Readonly<Record<Role, string>> = {
  plain: '',
  title: '1',
  cause: '1;31',
  lead: '1',
  quiet: '2',
  warning: '33',
};

/** Narrower than this the columns of a story no longer hold a sentence. */
export const MIN_WIDTH = 40;
/** Wider than this a line of prose is no longer read with ease. */
export const MAX_WIDTH = 120;

/** Columns below which the left side of a line says nothing any more. */
const LEAST_LEFT = 20;

export interface PageOptions {
  /** Columns, kept between MIN_WIDTH and MAX_WIDTH. */
  readonly width: number;
  readonly colour: boolean;
}

/** Where neither COLUMNS nor the terminal says: what fits everywhere. */
export const DEFAULT_WIDTH = 80;

/** Width and colour for what is printed to `stream`, as its users expect: COLUMNS, NO_COLOR (no-color.org), no colour in a pipe. */
export function pageOptions(
  stream: { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined },
  env: Readonly<Record<string, string | undefined>>,
  colour: 'always' | 'never' | 'auto',
): PageOptions {
  const columns = Number(env['COLUMNS']);
  const width = Number.isInteger(columns) && columns > 0 ? columns : (stream.columns ?? DEFAULT_WIDTH);
  const automatic = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return { width, colour: colour === 'auto' ? automatic : colour === 'always' };
}

export interface Piece {
  readonly text: string;
  readonly role: Role;
}

export interface Placement {
  readonly indent: number;
  /** Where the second and further lines begin; the same as `indent` where not given. */
  readonly hang?: number;
  readonly role?: Role;
  /** Printed before the text in its own role, wrapped together with it. */
  readonly lead?: string;
}

export class Page {
  readonly width: number;
  readonly #colour: boolean;
  #lines: string[] = [];

  constructor({ width, colour }: PageOptions) {
    this.width = Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width));
    this.#colour = colour;
  }

  /** All lines so far, each ended; the page is empty afterwards. */
  take(): string {
    const text = this.#lines.map((line) => `${line}\n`).join('');
    this.#lines = [];
    return text;
  }

  blank(): void {
    this.#lines.push('');
  }

  /** Running text, wrapped. */
  paragraph(text: string, { indent, hang = indent, role = 'plain', lead = '' }: Placement): void {
    const safe = escapeUnsafe(lead + text);
    const lines = wrap(safe, this.width - indent, this.width - hang);
    const leadColumns = escapeUnsafe(lead).trimEnd().length;
    lines.forEach((line, at) => {
      const split = at === 0 ? Math.min(leadColumns, line.length) : 0;
      const painted = this.#paint(line.slice(0, split), 'lead') + this.#paint(line.slice(split), role);
      this.#lines.push(' '.repeat(at === 0 ? indent : hang) + painted);
    });
  }

  /** Pieces on one line from the left, `right` at the right edge; the left is cut if they collide. */
  edges(left: readonly Piece[], right: Piece | undefined, indent = 0): void {
    const whole = this.width - indent;
    const shownRight = cutText(escapeUnsafe(right?.text ?? ''), whole);
    const rightColumns = columnsOf(shownRight);
    const wanted = left.reduce((sum, { text }) => sum + columnsOf(escapeUnsafe(text)), 0);
    // A left side of which too little would be left keeps the line to itself.
    const apart = right !== undefined && whole - rightColumns - 2 < Math.min(wanted, LEAST_LEFT);
    const beside = right !== undefined && !apart;
    let room = whole - (beside ? rightColumns + 2 : 0);
    let line = ' '.repeat(indent);
    for (const { text, role } of left) {
      if (room <= 0) break;
      const shown = cutText(escapeUnsafe(text), room);
      room -= columnsOf(shown);
      line += this.#paint(shown, role);
    }
    const end = right ? this.#paint(shownRight, right.role) : '';
    this.#lines.push(beside ? `${line}${' '.repeat(room + 2)}${end}` : line);
    if (apart) this.#lines.push(' '.repeat(this.width - rightColumns) + end);
  }

  /** Text in the columns from `indent`, wrapped so that it leaves room for `note` at the right edge of its first line. */
  noted(head: Piece, text: string, note: string, indent: number): void {
    const start = indent + columnsOf(head.text);
    const room = note === '' ? 0 : columnsOf(note) + 2;
    const lines = wrap(escapeUnsafe(text), this.width - start - room, this.width - start - room);
    lines.forEach((line, at) => {
      if (at > 0) this.#lines.push(' '.repeat(start) + line);
      else {
        const gap = ' '.repeat(Math.max(2, this.width - start - columnsOf(line) - columnsOf(note)));
        const tail = note === '' ? '' : gap + this.#paint(escapeUnsafe(note), 'quiet');
        this.#lines.push(' '.repeat(indent) + this.#paint(escapeUnsafe(head.text), head.role) + line + tail);
      }
    });
  }

  /** Pieces that are never broken, two blanks apart, on as few lines as they fit. */
  flow(pieces: readonly Piece[], indent: number): void {
    let line = ' '.repeat(indent);
    let used = indent;
    pieces.forEach(({ text, role }, at) => {
      const shown = cutText(escapeUnsafe(text), this.width - indent);
      const columns = columnsOf(shown);
      if (at > 0 && used + 2 + columns > this.width) {
        this.#lines.push(line);
        line = ' '.repeat(indent);
        used = indent;
      } else if (at > 0) {
        line += '  ';
        used += 2;
      }
      line += this.#paint(shown, role);
      used += columns;
    });
    this.#lines.push(line);
  }

  #paint(text: string, role: Role): string {
    return this.#colour && SGR[role] !== '' && text !== '' ? `\x1b[${SGR[role]}m${text}\x1b[0m` : text;
  }
}

/** Lines of at most `first` and then `rest` columns, broken at blanks; a longer word is broken where the line ends. */
export function wrap(text: string, first: number, rest: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const room = (): number => Math.max(1, lines.length === 0 ? first : rest);
  for (const word of text.split(' ')) {
    if (used > 0 && used + 1 + columnsOf(word) > room()) {
      lines.push(line);
      line = '';
      used = 0;
    } else if (used > 0) {
      line += ' ';
      used++;
    }
    for (const character of word) {
      const columns = columnsOf(character);
      if (used + columns > room()) {
        lines.push(line);
        line = '';
        used = 0;
      }
      line += character;
      used += columns;
    }
  }
  lines.push(line);
  return lines;
}
