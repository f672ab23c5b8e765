/** Moments as the user wants them: UTC, this machine's time zone, or how long ago. */
import { MILLISECOND, type Nanos, SECOND } from '../../model/time.ts';
import { clockText, durationText } from '../time-text.ts';

export type ClockMode = 'utc' | 'local' | 'relative';

export interface Clock {
  readonly mode: ClockMode;
  /** Unix nanoseconds of Nanos 0. */
  readonly epoch: bigint;
  /** What relative times count back from: now, or the end of what was read. */
  readonly now: Nanos;
  /** Minutes that the local time is ahead of UTC at `epoch`. */
  readonly offset: number;
}

/** Columns of a moment. */
export const MOMENT_COLUMNS = 12;

/** Columns of a moment where there is little room: `12:31:07`. */
export const SHORT_COLUMNS = 8;

const MINUTE: Nanos = 60 * SECOND;
const HOUR: Nanos = 60 * MINUTE;

/** `12:31:07.221`, or `3.21 s ago`; within `columns`. */
export function momentText({ mode, epoch, now, offset }: Clock, at: Nanos, columns = MOMENT_COLUMNS): string {
  const short = columns < MOMENT_COLUMNS;
  if (mode === 'relative') return `${agoText(Math.max(0, now - at))}${short ? '' : ' ago'}`;
  return clockText(zoned(mode, epoch, offset), at, short ? 0 : 3);
}

/** `347 ms`, `2.9 s`, `57 s`, `5.3 min`: no finer than anybody counts back. */
function agoText(span: Nanos): string {
  if (span < SECOND) return `${Math.round(span / MILLISECOND)} ms`;
  if (span >= 2 * MINUTE) return durationText(span);
  return `${(span / SECOND).toFixed(span < 10 * SECOND ? 1 : 0)} s`;
}

/** `12:31`, `12:31:07`, `12:31:07.250` or `-20 s`: as fine as labels that are `every` apart need. */
export function axisText({ mode, epoch, now, offset }: Clock, at: Nanos, every: Nanos): string {
  if (mode === 'relative') return Math.abs(now - at) < every / 2 ? 'now' : `-${stepText(now - at)}`;
  const zone = zoned(mode, epoch, offset);
  if (every >= MINUTE) return clockText(zone, at, 0).slice(0, 5);
  return clockText(zone, at, every >= SECOND ? 0 : every >= MILLISECOND ? 3 : 6);
}

/** The first moment from `from` on that a clock shows as a multiple of `every`; relative: counted back from now. */
export function roundMoment({ mode, epoch, now, offset }: Clock, from: Nanos, every: Nanos): Nanos {
  const past =
    mode === 'relative'
      ? every - (now % every)
      : Number(zoned(mode, epoch, offset) % BigInt(Math.max(1, Math.round(every))));
  return Math.ceil((from + past) / every) * every - past;
}

/** Spans that a clock's face divides into. */
const TICKS: readonly Nanos[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((n) => n * HOUR),
];
const TICK_DIGITS: readonly number[] = [1, 2, 5, 10];
const STEP_DIGITS: readonly number[] = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The least span, at least `least` long, that labels of a time axis may be apart. */
export function tickStep(least: Nanos): Nanos {
  if (least <= SECOND / 2) return roundUp(least, TICK_DIGITS);
  const days = Math.ceil(least / (24 * HOUR)) * 24 * HOUR;
  return TICKS.find((tick) => tick >= least) ?? days;
}

/** The least span of few digits that is at least `least` long. */
export function roundStep(least: Nanos): Nanos {
  return roundUp(least, STEP_DIGITS);
}

function roundUp(least: Nanos, digits: readonly number[]): Nanos {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return Math.max(1, Math.round(power * (digits.find((digit) => digit * power >= least) ?? 10)));
}

/** A span that is round: `2.5 ms`, `20 s`, `5 min`. */
export function stepText(span: Nanos): string {
  for (const [unit, size] of [
    ['h', HOUR],
    ['min', MINUTE],
    ['s', SECOND],
    ['ms', MILLISECOND],
    ['µs', 1000],
  ] as const) {
    if (span >= size) return `${Number((span / size).toFixed(1))} ${unit}`;
  }
  return `${span} ns`;
}

export function clockName({ mode, offset }: Clock): string {
  if (mode === 'utc') return 'UTC';
  if (mode === 'relative') return 'ago';
  const size = Math.abs(offset);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `UTC${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function zoned(mode: ClockMode, epoch: bigint, offset: number): bigint {
  return mode === 'local' ? epoch + BigInt(offset) * 60_000_000_000n : epoch;
}
