/** Draws a ladder within a width: a lane each, arrows between them, the time at the left, the frame at the right. */
import type { Nanos } from '../../model/time.ts';
import { columnsOf, cutText } from '../safe-text.ts';
import { durationText, millisText } from '../time-text.ts';
import { column, type Line, paintable, type Role, type Span, span, wrapped } from './frame.ts';
import type { Ladder, Lane, Step } from './ladder.ts';

/** Columns of a time and of a frame number. */
const TIME = 9;
const FRAME = 9;
/** Between two lanes: an arrow with a word on it, at least; farther apart the eye loses the line. */
const LANE = 17;
const LANE_MOST = 48;
/** What the kernel saw is a sentence: its lane gets this share of the width. */
const KERNEL_SHARE = 0.4;
const KERNEL_MOST = 64;
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

/** Where the lanes stand, from left to right. */
interface Plan {
  readonly lanes: readonly Lane[];
  readonly places: readonly number[];
}

export function ladderLines(ladder: Ladder, options: LadderOptions): Line[] {
  const plan = planOf(ladder, options);
  const { lanes, places } = plan;
  const place = (lane: Lane): number | undefined => places[lanes.indexOf(lane)];
  const lines: Line[] = headLines(plan, ladder, options);
  let last: Nanos | undefined;
  for (const step of ladder.steps) {
    const [from, to] = [place(step.from), place(step.to)];
    if (from === undefined || to === undefined) continue;
    const gap = last === undefined ? 0 : step.moment.at - last;
    if (gap >= SILENCE) lines.push(silenceLine(places, gap));
    last = step.moment.at;
    lines.push(...stepLines(step, from, to, places, options));
  }
  return lines;
}

/** Client, gateway, the peers that there is room for around the attempt looked at, the kernel. */
function planOf({ peers, kernel, steps }: Ladder, { width, attempt }: LadderOptions): Plan {
  const room = width - TIME - FRAME - 4;
  const most = Math.max(1, Math.floor((kernel ? room * (1 - KERNEL_SHARE) : room) / LANE) - 1);
  const current = steps.find((step) => step.attempt === attempt && typeof step.from === 'number')?.from;
  const middle = typeof current === 'number' ? current : 0;
  const first = Math.max(0, Math.min(middle - Math.floor(most / 2), peers.length - most));
  const shown = peers.map((_, at) => at).slice(first, first + most);
  const lanes: Lane[] = ['client', 'gateway', ...shown];
  const wide = kernel ? Math.min(KERNEL_MOST, Math.floor(room * KERNEL_SHARE)) : 0;
  const apart = Math.min(LANE_MOST, Math.floor((room - wide) / (lanes.length - 1)));
  const places = lanes.map((_, at) => TIME + 2 + apart * at);
  if (!kernel) return { lanes, places };
  return { lanes: [...lanes, 'kernel'], places: [...places, (places.at(-1) as number) + wide] };
}

/** Who stands above each lane, and at which address. */
function headLines(
  { lanes, places }: Plan,
  { peers, gateway }: Ladder,
  { client, gateway: at }: LadderOptions,
): Line[] {
  const names = lanes.map((lane) => (typeof lane === 'number' ? (peers[lane]?.process ?? 'peer') : lane));
  const who = names.map((name) => (name === 'gateway' ? (gateway ?? name) : name));
  const where = lanes.map((lane) => {
    if (typeof lane === 'number') return peers[lane]?.name ?? '';
    return lane === 'client' ? client : lane === 'gateway' ? at : '';
  });
  return [
    { spans: [span(centred(column('ms', TIME - 1, 'right'), who, places, 'frame'), 'title')] },
    { spans: [span(centred('', where, places, ''), 'quiet')] },
  ];
}

/** Each name above its lane; half of what lies between two lanes is the neighbour's. */
function centred(lead: string, names: readonly string[], places: readonly number[], tail: string): string {
  let head = lead;
  names.forEach((full, at) => {
    const place = places[at] as number;
    const next = places[at + 1];
    const before = columnsOf(head) + 2;
    const end = next === undefined ? place + FRAME : Math.floor((place + next) / 2);
    const name = cutText(paintable(full, { unicode: true }), Math.max(4, end - before));
    const begin = Math.max(before, Math.min(place - Math.floor(columnsOf(name) / 2), end - columnsOf(name)));
    head = column(head, begin) + name;
  });
  if (tail === '') return head;
  const end = (places.at(-1) as number) + 1 + FRAME;
  return column(head, Math.max(columnsOf(head) + 1, end - tail.length)) + tail;
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

/** An arrow with its label; what the kernel saw goes on in the lines below, where it is longer than its lane. */
function stepLines(
  step: Step,
  from: number,
  to: number,
  places: readonly number[],
  { origin, attempt, text }: LadderOptions,
): Line[] {
  const current = step.attempt === attempt || step.attempt === -1;
  const role: Role = step.role === 'plain' && !current ? 'quiet' : step.role;
  const [left, right] = from < to ? [from, to] : [to, from];
  const room = right - left - 1;
  const label = text(step.text);
  const [first = '', ...more] = step.from === 'kernel' ? wrapped(label, Math.max(1, room - TIGHT)) : [label];
  const known = step.moment.frame > 0;
  const time = known ? millisText(step.moment.at - origin).replace(' ms', '') : '';
  const rung = (content: string, at: string, frame: string): Line => ({
    spans: [
      span(`${column(at, TIME - 1, 'right')} `, 'quiet'),
      ...rungSpans(content, role, { left, right }, places),
      span(column(frame, FRAME, 'right'), 'quiet'),
    ],
  });
  return [
    rung(arrowText(step, room, from < to, first), time, known ? String(step.moment.frame) : ''),
    ...more.map((part) => rung(column(`   ${part}`, room), '', '')),
  ];
}

function rungSpans(
  content: string,
  role: Role,
  { left, right }: { readonly left: number; readonly right: number },
  places: readonly number[],
): Span[] {
  const spans: Span[] = [];
  let at = TIME;
  for (const place of places) {
    if (place > left && place < right) continue;
    if (place === right) {
      spans.push(span(content, role));
      at = right;
    }
    spans.push(span(' '.repeat(Math.max(0, place - at))), span('│', 'quiet'));
    at = place + 1;
  }
  return spans;
}

/** Columns that an arrow takes beside its label, and where the label would not fit else. */
const LOOSE = 6;
const TIGHT = 4;

/** `── SYN ───────▶`, `◀────── RST ──`, within `room` columns; what breaks off ends in a cross. */
function arrowText({ broken }: Step, room: number, rightward: boolean, text: string): string {
  const safe = paintable(text, { unicode: true });
  const tail = columnsOf(safe) <= room - LOOSE ? '──' : '─';
  const label = cutText(safe, Math.max(1, room - TIGHT));
  const rest = '─'.repeat(Math.max(0, room - columnsOf(label) - tail.length - 3));
  const head = broken ? '╳' : rightward ? '▶' : '◀';
  return rightward ? `${tail} ${label} ${rest}${head}` : `${head}${rest} ${label} ${tail}`;
}
