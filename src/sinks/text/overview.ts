/** The report's first screen: what the capture holds, and its 502s by cause and peer. */
import type { ProtocolName } from '../../model/message.ts';
import { givenUp } from '../given-up.ts';
import { alsoHiddenByTls, nothingFound } from '../nothing-found.ts';
import { columnsOf, safeName } from '../safe-text.ts';
import type { RunFacts } from '../sink.ts';
import type { Range, Row, Tally } from '../tally.ts';
import { clockText, dateText, durationText, spanText } from '../time-text.ts';
import type { Page, Piece } from './page.ts';
import { countText, leftOutText, PROTOCOL_WORDS, plural, shareText, sizeText } from './words.ts';

/** Rows shown unless all are asked for: what fits on a screen beside the header. */
export const ROWS_SHOWN = 15;

/** Narrower than this a hint goes on a line of its own. */
const HINT_COLUMNS = 36;

export interface Totals {
  readonly incidents: Tally;
  readonly masked: Tally;
}

export function writeHeader(page: Page, run: RunFacts, { incidents, masked }: Totals): void {
  const plain = (text: string): Piece => ({ text, role: 'plain' });
  const name = run.file === '-' ? 'standard input' : (run.file.split('/').at(-1) as string);
  const pieces: Piece[] = [
    { text: safeName(name), role: 'title' },
    plain(spanText(run.ended - run.started)),
    plain(sizeText(run.octets)),
    plain(plural(run.requests, 'request')),
    {
      text:
        incidents.count === 0
          ? 'no 502'
          : `${countText(incidents.count)} of them 502 (${shareText(incidents.count, run.requests)})`,
      role: incidents.count === 0 ? 'title' : 'cause',
    },
  ];
  if (masked.count > 0) pieces.push(plain(`${plural(masked.count, 'failure')} hidden by retries`));
  pieces.push(
    run.lost > 0
      ? { text: `${plural(run.lost, 'record')} lost by the capture`, role: 'warning' }
      : plain('nothing lost'),
  );
  const leftOut = leftOutText(run.counters);
  if (leftOut) pieces.push(plain(leftOut));
  page.flow(pieces, 0);
  const limits = givenUp(run.counters);
  if (limits.length > 0) {
    const counted = limits.map(([counter, count]) => `${counter} ${countText(count)}`).join(', ');
    page.paragraph(`Not all was followed, for want of room: ${counted}.`, { indent: 0, role: 'warning' });
  }
  if (run.frames > 0) page.flow([{ text: periodText(run), role: 'quiet' }], 0);
  if (run.interrupted) page.paragraph('Interrupted: this is what was read so far.', { indent: 0, role: 'warning' });
  if (run.damage) {
    const { kind, offset, text } = run.damage;
    const what = kind === 'cut-short' ? 'Cut short' : 'Damaged';
    page.paragraph(`${what} at offset ${offset}: ${text}. This is what was read before it.`, {
      indent: 0,
      role: 'warning',
    });
  }
}

/** `2026-11-20 12:31:00 to 12:36:00 UTC`. */
function periodText({ epoch, started, ended }: RunFacts): string {
  const [first, last] = [dateText(epoch, started), dateText(epoch, ended)];
  const until = `${first === last ? '' : `${last} `}${clockText(epoch, ended, 0)}`;
  return `${first} ${clockText(epoch, started, 0)} to ${until} UTC`;
}

export function writeNothingFound(page: Page, run: RunFacts): void {
  page.blank();
  for (const text of nothingFound(run)) page.paragraph(text, { indent: 2 });
}

/** What the counts leave out, where some 502s were found. */
export function writeAlsoHidden(page: Page, run: RunFacts): void {
  for (const text of alsoHiddenByTls(run)) {
    page.blank();
    page.paragraph(text, { indent: 2, role: 'warning' });
  }
}

export function writeRows(page: Page, tally: Tally, run: RunFacts, options: { all: boolean; statuses: boolean }): void {
  const rows = tally.sorted();
  const shown = options.all ? rows : rows.slice(0, ROWS_SHOWN);
  const cells = shown.map((row) => ({
    count: countText(row.count),
    cause: row.cause as string,
    peer: peerText(row),
    hint: hintOf(row, run, options.statuses),
  }));
  const widest = (texts: string[]): number => Math.max(...texts.map(columnsOf));
  const countColumns = Math.max(3, widest(cells.map(({ count }) => count)));
  const causeColumns = widest(cells.map(({ cause }) => cause));
  const peerColumns = widest(cells.map(({ peer }) => peer));
  const hintAt = 2 + countColumns + 2 + causeColumns + 2 + peerColumns + 2;
  const beside = page.width - hintAt >= HINT_COLUMNS;
  for (const { count, cause, peer, hint } of cells) {
    const head = `${count.padStart(countColumns)}  ${cause.padEnd(causeColumns)}  `;
    if (beside) page.noted({ text: `${head}${peer.padEnd(peerColumns)}  `, role: 'plain' }, hint, '', 2);
    else {
      page.edges([{ text: head + peer, role: 'plain' }], undefined, 2);
      if (hint !== '') page.paragraph(hint, { indent: 4 + countColumns, role: 'quiet' });
    }
  }
  const rest = rows.slice(shown.length);
  if (rest.length === 0) return;
  const left = rest.reduce((sum, row) => sum + row.count, 0);
  page.paragraph(`${countText(left)} more in ${plural(rest.length, 'row')}: --all shows them`, {
    indent: 4 + countColumns,
    role: 'quiet',
  });
}

export function peerText({ cause, peer, protocol }: Row): string {
  if (peer === '') return cause === 'unknown' ? 'peer not known' : 'no peer asked';
  return protocol === '' ? peer : `${peer} (${PROTOCOL_WORDS[protocol as ProtocolName]})`;
}

/** At most this many things a row's verdicts have in common. */
const HINTS = 2;

/** What the verdicts of a row have in common, the most telling first. */
export function hintOf(row: Row, run: RunFacts, statuses: boolean): string {
  const hints = [
    statuses ? `client got ${shares(row.statuses, row.count)}` : '',
    shares(row.subcauses, row.count),
    row.idle.count === row.count ? `idle ${rangeText(row.idle, row.count)} before reuse` : '',
    waitHint(row),
    whenHint(row, run),
  ];
  return hints
    .filter((hint) => hint !== '')
    .slice(0, HINTS)
    .join('; ');
}

/** `worker-killed 19, service-stopping 3, other 2`. */
function shares(counts: ReadonlyMap<string, number>, whole: number): string {
  if (counts.size === 0) return '';
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const [top] = sorted;
  if (sorted.length === 1 && top?.[1] === whole) return top[0];
  const named = sorted.slice(0, 3);
  const rest = whole - named.reduce((sum, [, count]) => sum + count, 0);
  const texts = named.map(([name, count]) => `${name} ${countText(count)}`);
  return [...texts, ...(rest > 0 ? [`other ${countText(rest)}`] : [])].join(', ');
}

/** Values this close together are one value to an engineer who looks for a limit. */
function isNarrow({ low, high }: Range): boolean {
  return high - low <= Math.max(0.1 * high, 1e6);
}

function rangeText(range: Range, whole: number): string {
  if (!isNarrow(range)) return `${durationText(range.low)} to ${durationText(range.high)}`;
  return `${durationText(range.low)}${whole > 1 ? ' each time' : ''}`;
}

/** Waits of a time limit repeat; the many quick failures of a dead peer do so too, and say nothing. */
const WAIT_WORTH_TELLING = 100e6;

function waitHint(row: Row): string {
  if (row.wait.count < 2 || row.wait.count < row.count || row.wait.low < WAIT_WORTH_TELLING) return '';
  return isNarrow(row.wait) ? `${durationText(row.wait.low)} after the request each time` : '';
}

function whenHint(row: Row, { epoch, started, ended }: RunFacts): string {
  const { low, high } = row.at;
  if (row.count === 1) return `at ${clockText(epoch, low)}`;
  const burst = high - low <= Math.max(10e9, 0.1 * (ended - started));
  const [from, to] = [clockText(epoch, low, 0), clockText(epoch, high, 0)];
  if (burst) return from === to ? `all at ${from}` : `all between ${from} and ${to}`;
  return `from ${from} to ${to}`;
}
