/** Moments as the user wants them: UTC, this machine's time zone, or how long ago. */
import type { Nanos } from '../../model/time.ts';
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

/** `12:31:07.221`, or `3.21 s ago`; within `columns`. */
export function momentText({ mode, epoch, now, offset }: Clock, at: Nanos, columns = MOMENT_COLUMNS): string {
  const short = columns < MOMENT_COLUMNS;
  if (mode === 'relative') return `${durationText(Math.max(0, now - at))}${short ? '' : ' ago'}`;
  return clockText(zoned(mode, epoch, offset), at, short ? 0 : 3);
}

/** `12:31`, `12:31:07` or `12:31:07.2`, as fine as `step` needs. */
export function axisText({ mode, epoch, now, offset }: Clock, at: Nanos, step: Nanos): string {
  if (mode === 'relative') return now - at < step / 2 ? 'now' : `-${durationText(now - at)}`;
  const text = clockText(zoned(mode, epoch, offset), at);
  if (step >= 60e9) return text.slice(0, 5);
  return step >= 1e9 ? text.slice(0, 8) : text;
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
