/** Times as text. Always UTC: a capture is read on another machine than the one it was made on. */
import type { Nanos } from '../model/time.ts';

const NANOS_PER_SECOND = 1_000_000_000n;
/** The years RFC 3339 can write; times outside (a hostile capture) are shown as its edges. */
const FIRST_NANOS = -62_167_219_200n * NANOS_PER_SECOND;
const LAST_NANOS = 253_402_300_800n * NANOS_PER_SECOND - 1n;

/** The second written last: a document's times are mostly of one. */
let latest = { second: 0n, text: '1970-01-01T00:00:00' };

/** RFC 3339 UTC with nine digits: `2026-11-20T10:18:03.021456789Z`. `epoch`: Unix nanoseconds of `at` 0. */
export function rfc3339(epoch: bigint, at: Nanos): string {
  const nanos = wallNanos(epoch, at);
  const second = nanos / NANOS_PER_SECOND - (nanos % NANOS_PER_SECOND < 0n ? 1n : 0n);
  if (second !== latest.second) {
    latest = { second, text: new Date(Number(second) * 1000).toISOString().slice(0, -'.000Z'.length) };
  }
  return `${latest.text}.${String(nanos - second * NANOS_PER_SECOND).padStart(9, '0')}Z`;
}

/** `2026-11-20`. */
export function dateText(epoch: bigint, at: Nanos): string {
  return rfc3339(epoch, at).slice(0, 10);
}

/** `12:31:07.221`, or with `digits` 0 `12:31:07`. */
export function clockText(epoch: bigint, at: Nanos, digits = 3): string {
  return rfc3339(epoch, at).slice(11, digits === 0 ? 19 : 20 + digits);
}

function wallNanos(epoch: bigint, at: Nanos): bigint {
  const nanos = epoch + BigInt(Number.isFinite(at) ? Math.round(at) : 0);
  return nanos < FIRST_NANOS ? FIRST_NANOS : nanos > LAST_NANOS ? LAST_NANOS : nanos;
}

/** A span as a clock shows it: `00:05:00`, hours may pass 99; below a minute `12.31 s`. */
export function spanText(span: Nanos): string {
  if (span < 60e9) return `${Math.max(0, span / 1e9).toFixed(2)} s`;
  const seconds = Math.floor(span / 1e9);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** A span in the unit a reader thinks in: `0.09 ms`, `2.31 s`, `65.0 s` (as timeouts are configured), `5.0 min`. */
export function durationText(span: Nanos): string {
  const seconds = span / 1e9;
  const size = Math.abs(seconds);
  if (size < 1) return millisText(span);
  if (size < 120) return `${seconds.toFixed(size < 10 ? 2 : 1)} s`;
  return size < 7200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Milliseconds with the digits that matter: `0.09 ms`, `23.4 ms`, `2310 ms`. */
export function millisText(span: Nanos): string {
  const milli = span / 1e6;
  const size = Math.abs(milli);
  return `${milli.toFixed(size < 10 ? 2 : size < 1000 ? 1 : 0)} ms`;
}
