/** How numbers, times and octets from the wire are written in sentences and evidence. */
import { MILLISECOND, type Moment, type Nanos, SECOND } from '../model/time.ts';
import type { Evidence } from '../model/verdict.ts';

/** `0.3 ms`, `45 ms`, `2.31 s`, `2 min 3 s`: three digits are all an engineer reads. */
export function duration(nanos: Nanos): string {
  const sign = nanos < 0 ? '-' : '';
  const span = Math.abs(nanos);
  if (span < SECOND - MILLISECOND / 2) return `${sign}${digits(span / MILLISECOND)} ms`;
  if (span < 119.5 * SECOND) return `${sign}${digits(span / SECOND)} s`;
  const seconds = Math.round(span / SECOND);
  return `${sign}${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Three significant digits, but never less than a whole microsecond of a millisecond. */
function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1).replace(/\.0$/, '');
  if (value >= 1) return value.toFixed(2).replace(/\.?0+$/, '');
  return value.toFixed(3).replace(/\.?0+$/, '');
}

export function octets(count: number): string {
  if (count === 0) return 'no octets';
  return count === 1 ? '1 octet' : `${count} octets`;
}

/** Where `moment` lies seen from `origin`: `0.3 ms after the request`, `0.4 ms before the request`. */
export function relative(moment: Moment, origin: Moment, what: string): string {
  const span = moment.at - origin.at;
  return `${duration(Math.abs(span))} ${span < 0 ? 'before' : 'after'} ${what}`;
}

/** Octets of the wire kept in one quoted sample. */
const SAMPLE_OCTETS = 48;
/** Octets of a log's message: what says why stands in front. */
const LOG_OCTETS = 200;

/** Octets from the wire, harmless on a terminal: everything but printable ASCII as `\xNN`, shortened. */
export function quoted(latin1: string): string {
  return `"${harmless(latin1, SAMPLE_OCTETS, '\\"')}"`;
}

/** Octets of a log's line, harmless in the same way; what it quotes or wrote so itself stays as it is. */
export function logText(latin1: string): string {
  return harmless(latin1, LOG_OCTETS, '');
}

function harmless(latin1: string, most: number, besides: string): string {
  let text = '';
  for (const character of latin1.slice(0, most)) {
    const code = character.charCodeAt(0);
    const plain = code >= 0x20 && code < 0x7f && !besides.includes(character);
    text += plain ? character : `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return `${text}${latin1.length > most ? '...' : ''}`;
}

/** A cited frame. */
export function packet(moment: Moment, text: string): Evidence {
  return { moment: { at: moment.at, frame: moment.frame }, source: 'packet', text };
}

/** A cited event of the kernel. */
export function kernel(moment: Moment, text: string): Evidence {
  return { moment: { at: moment.at, frame: moment.frame }, source: 'kernel', text };
}

/** How far past a whole second a time limit may strike: its watcher polls. */
const ROUND_SLACK = 0.1 * SECOND;
/** The same for limits people like to set, where the watcher is slow (php-fpm polls up to 0.4 s late). */
const FAVOURITE_SLACK = 0.5 * SECOND;

/** The whole number of seconds that `span` looks like a limit of, if it does. */
export function maybeLimit(span: Nanos): number | undefined {
  const seconds = Math.floor(span / SECOND);
  if (seconds < 1) return undefined;
  const past = span - seconds * SECOND;
  const favourite = seconds === 2 || seconds % 5 === 0;
  return past <= (favourite ? FAVOURITE_SLACK : ROUND_SLACK) ? seconds : undefined;
}
