/** Draws a ladder within a width: a lane each, arrows between them, the time at the left, the frame at the right. */
import type { Nanos } from '../../model/time.ts';
import { columnsOf, cutText } from '../safe-text.ts';
import { durationText, millisText } from '../time-text.ts';
import { column, type Line, paintable, type Role, type Span, span } from './frame.ts';
import type { Ladder, Lane, Step } from './ladder.ts';

/** Columns of a time and of a frame number. */
const TIME = 10;
const FRAME = 9;
/** Between two lanes, at least: an arrow with a word on it. */
const LANE = 22;
/** A silence longer than this is drawn as one. */
const SILENCE: Nanos = 100e6;

export interface LadderOptions {
  readonly width: number;
  /** What times count from. */
  readonly origin: Nanos;
  /** Attempt looked at. */
  readonly attempt: number;
  readonly gateway: string;
  readonly client: string;
  readonly text: (wire: string) => string;
}

export function ladderLines(ladder: Ladder, options: LadderOptions): Line[] {
  const lanes = lanesOf(ladder, options);
  const room = options.width - TIME - 2 - FRAME;
  const apart = Math.floor((room - 2) / Math.max(1, lanes.length - 1));
  const places = lanes.map((_, at) => TIME + 3 + Math.min(apart, 48) * at);
  const place = (lane: Lane): number | undefined => places[lanes.indexOf(lane)];
  const lines: Line[] = [headLine(lanes, places, ladder, options)];
  let last: Nanos | undefined;
  for (const step of ladder.steps) {
    const [from, to] = [place(step.from), place(step.to)];
    if (from === undefined || to === undefined) continue;
    const gap = last === undefined ? 0 : step.moment.at - last;
    if (gap >= SILENCE) lines.push(silenceLine(places, gap));
    last = step.moment.at;
    lines.push(stepLine(step, from, to, places, options));
  }
  return lines;
}

/** Client, gateway, the peers that there is room for around the attempt looked at, the kernel. */
function lanesOf({ peers, kernel, steps }: Ladder, { width, attempt }: LadderOptions): Lane[] {
  const fixed = kernel ? 3 : 2;
  const most = Math.max(1, Math.floor((width - TIME - FRAME) / LANE) + 1 - fixed);
  const current = steps.find((step) => step.attempt === attempt && typeof step.from === 'number')?.from;
  const middle = typeof current === 'number' ? current : 0;
  const first = Math.max(0, Math.min(middle - Math.floor(most / 2), peers.length - most));
  const shown = peers.map((_, at) => at).slice(first, first + most);
  return ['client', 'gateway', ...shown, ...(kernel ? (['kernel'] as const) : [])];
}

function headLine(
  lanes: readonly Lane[],
  places: readonly number[],
  { peers }: Ladder,
  { client, gateway, width }: LadderOptions,
): Line {
  const names: Readonly<Record<string, string>> = {
    client: `client ${client}`,
    gateway: `gateway ${gateway}`,
    kernel: 'kernel',
  };
  let head = '';
  lanes.forEach((lane, at) => {
    const before = at === 0 ? 0 : columnsOf(head) + 2;
    const place = places[at] as number;
    // Above its lane; half of what lies between two lanes is the neighbour's.
    const next = places[at + 1];
    const end = next === undefined ? width : Math.floor((place + next) / 2);
    const name = cutText(
      typeof lane === 'number' ? (peers[lane] ?? '') : (names[lane] ?? lane),
      Math.max(4, end - before),
    );
    const begin = Math.max(before, Math.min(place - Math.floor(columnsOf(name) / 2), end - columnsOf(name)));
    head = column(head, begin) + name;
  });
  return { spans: [span(head, 'title')] };
}

function silenceLine(places: readonly number[], gap: Nanos): Line {
  const spans: Span[] = [span(column(durationText(gap), TIME, 'right'), 'quiet')];
  let at = TIME;
  for (const place of places) {
    spans.push(span(' '.repeat(place - at)), span('·', 'quiet'));
    at = place + 1;
  }
  return { spans };
}

function stepLine(
  step: Step,
  from: number,
  to: number,
  places: readonly number[],
  { origin, attempt, width, text }: LadderOptions,
): Line {
  const current = step.attempt === attempt || step.attempt === -1;
  const role: Role = step.role === 'plain' && !current ? 'quiet' : step.role;
  const [left, right] = from < to ? [from, to] : [to, from];
  const arrow = arrowText(step, right - left - 1, from < to, text(step.text));
  const spans: Span[] = [
    span(
      column(step.moment.frame > 0 ? millisText(step.moment.at - origin).replace(' ms', '') : '', TIME - 1, 'right') +
        ' ',
      'quiet',
    ),
  ];
  let at = TIME;
  const lane = (place: number): void => {
    spans.push(span(' '.repeat(Math.max(0, place - at))), span('│', 'quiet'));
    at = place + 1;
  };
  for (const place of places) {
    if (place > left && place < right) continue;
    if (place === right) {
      spans.push(span(arrow, role));
      at = right;
    }
    lane(place);
  }
  const number = step.moment.frame > 0 ? String(step.moment.frame) : '';
  spans.push(span(column(number, Math.max(0, width - at - 1), 'right'), 'quiet'));
  return { spans };
}

/** `── SYN ───────▶`, `◀────── RST ──`, within `room` columns; what breaks off ends in a cross. */
function arrowText({ broken }: Step, room: number, rightward: boolean, text: string): string {
  const safe = paintable(text, { unicode: true });
  const label = cutText(safe, Math.max(1, room - 6));
  const rest = '─'.repeat(Math.max(0, room - columnsOf(label) - 5));
  const head = broken ? '╳' : rightward ? '▶' : '◀';
  return rightward ? `── ${label} ${rest}${head}` : `${head}${rest} ${label} ──`;
}
