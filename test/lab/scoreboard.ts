/** Adds scores up and prints them. */
import { type CauseScore, type Complaint, countsOf, emptyScore, isCertainlyWrong, type Score } from './score.ts';

export function sumScores(name: string, scores: readonly Score[]): Score {
  const total = emptyScore(name);
  const kernel = scores.some((score) => score.kernel);
  const sum = { ...total, kernel, requests: scores.reduce((all, score) => all + score.requests, 0) };
  for (const score of scores) {
    addCause(sum.tcp, score.tcp);
    addCause(sum.noPacket, score.noPacket);
    sum.noPacket.givenAttempt += score.noPacket.givenAttempt;
    for (const [cause, counts] of Object.entries(score.causes)) addCause(countsOf(sum, cause), counts);
    for (const key of ['logged', 'right'] as const) sum.subcauses[key] += score.subcauses[key];
    for (const key of ['all', 'kernel'] as const) sum.links[key] += score.links[key];
    for (const key of ['logged', 'found', 'peersRight', 'false'] as const) sum.masked[key] += score.masked[key];
    for (const key of ['missing', 'twice', 'invented'] as const) sum[key] += score[key];
    sum.details.push(...score.details);
  }
  return sum;
}

function addCause(to: CauseScore, from: CauseScore): void {
  to.logged += from.logged;
  to.right += from.right;
  to.peersRight += from.peersRight;
  for (const [key, count] of Object.entries(from.wrong)) to.wrong[key] = (to.wrong[key] ?? 0) + count;
}

/** Cause by cause. */
export function causeTable(score: Score): string {
  const rows = Object.entries(score.causes).sort(([a], [b]) => a.localeCompare(b));
  return table(
    ['cause', '502s', 'right', '%', 'peers %', 'wrong: certain', 'likely', 'possible', 'missing'],
    [
      ...rows.map(([cause, counts]) => causeRow(cause, counts)),
      causeRow('all, TCP upstreams', score.tcp),
      causeRow('all, no packet', score.noPacket),
    ],
  );
}

function causeRow(name: string, counts: CauseScore): readonly string[] {
  const wrong = (key: string) => String(counts.wrong[key] ?? 0);
  return [
    name,
    String(counts.logged),
    String(counts.right),
    percent(counts.right, counts.logged),
    percent(counts.peersRight, counts.logged),
    wrong('certain'),
    wrong('likely'),
    wrong('possible'),
    wrong('missing'),
  ];
}

/** One row a group of runs. */
export function totalTable(scores: readonly Score[]): string {
  return table(
    [
      'runs',
      'requests',
      '502s, TCP',
      'cause %',
      'peers %',
      'subcause %',
      'rung kernel %',
      'wrong, certain',
      'no packet: given an attempt',
      'masked found',
      'masked false',
      'missing / twice / invented',
    ],
    scores.map((score) => [
      score.run,
      String(score.requests),
      String(score.tcp.logged),
      percent(score.tcp.right, score.tcp.logged),
      percent(score.tcp.peersRight, score.tcp.logged),
      percent(score.subcauses.right, score.subcauses.logged),
      percent(score.links.kernel, score.links.all),
      String(certainlyWrong(score).length),
      `${score.noPacket.givenAttempt} of ${score.noPacket.logged}`,
      `${score.masked.found} of ${score.masked.logged}`,
      String(score.masked.false),
      `${score.missing} / ${score.twice} / ${score.invented}`,
    ]),
  );
}

export function certainlyWrong(score: Score) {
  return score.details.filter(isCertainlyWrong);
}

/** Each verdict that is wrong although it is `certain`, with what is needed to find it. */
export function certainList(score: Score): string {
  return certainlyWrong(score)
    .map(
      (detail) =>
        `${detail.run} ${detail.id} ${detail.complaint}: ${detail.scenario} ${detail.method} ${detail.target} ` +
        `from ${detail.client} #${detail.connectionRequests}\n` +
        `    truth   ${detail.truth ?? 'no such request'} [${detail.truthAttempts?.join('; ') ?? ''}]\n` +
        `    verdict ${detail.verdict} [${detail.attempts?.join('; ') ?? ''}]`,
    )
    .join('\n');
}

/** A screen of them; the rest is told by --details. */
const COMPLAINTS_SHOWN = 40;

/** Where the complaints are: scenario by scenario. */
export function complaintTable(score: Score): string {
  const counts = new Map<string, number>();
  for (const detail of score.details) {
    const key = [detail.complaint, detail.scenario, detail.truth ?? '', detail.verdict ?? ''].join('|');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rows = [...counts].sort((a, b) => b[1] - a[1]).map(([key, count]) => [...key.split('|'), String(count)]);
  if (rows.length === 0) return '';
  const shown = table(['complaint', 'scenario', 'truth', 'verdict', 'times'], rows.slice(0, COMPLAINTS_SHOWN));
  return rows.length > COMPLAINTS_SHOWN
    ? `${shown}\nand ${rows.length - COMPLAINTS_SHOWN} kinds more (--details)`
    : shown;
}

interface Bars {
  readonly cause: number;
  readonly peers: number;
}

/** The project's bars, by concurrency; and with the kernel's events, at any. Percent. */
const BARS: Readonly<Record<number, Bars>> = { 24: { cause: 99, peers: 98.5 }, 64: { cause: 98.5, peers: 98 } };
const KERNEL_BARS: Bars = { cause: 99.5, peers: 99.5 };
const SUBCAUSE = 98;
const RUNG_KERNEL = 99;
const MASKED_FOUND = 97;
const MASKED_FALSE = 0.2;
const GIVEN_ATTEMPT = 2;

/** A sentence for every bar that the score does not reach. */
export function checkBars(score: Score, concurrency: number): readonly string[] {
  const failures: string[] = [];
  const atLeast = (what: string, part: number, whole: number, bar: number) => {
    if (whole > 0 && (100 * part) / whole < bar)
      failures.push(`${score.run}: ${what} ${percent(part, whole)} %, below ${bar} %`);
  };
  const atMost = (what: string, part: number, whole: number, bar: number) => {
    if (whole > 0 && (100 * part) / whole > bar)
      failures.push(`${score.run}: ${what} ${percent(part, whole)} %, above ${bar} %`);
  };
  const none = (what: Complaint | string, count: number) => {
    if (count > 0) failures.push(`${score.run}: ${what} ${count}, must be none`);
  };
  const bars = score.kernel ? KERNEL_BARS : BARS[concurrency];
  if (score.kernel) {
    atLeast('subcause right', score.subcauses.right, score.subcauses.logged, SUBCAUSE);
    atLeast('rung kernel', score.links.kernel, score.links.all, RUNG_KERNEL);
  }
  if (bars !== undefined) {
    atLeast('cause right', score.tcp.right, score.tcp.logged, bars.cause);
    atLeast('peers right', score.tcp.peersRight, score.tcp.logged, bars.peers);
    atLeast('masked found', score.masked.found, score.masked.logged, MASKED_FOUND);
    atMost('masked false', score.masked.false, score.requests, MASKED_FALSE);
    atMost('no packet, given an attempt', score.noPacket.givenAttempt, score.noPacket.logged, GIVEN_ATTEMPT);
  }
  none('wrong with certain', certainlyWrong(score).length);
  none('missing', score.missing);
  none('twice', score.twice);
  return failures;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : ((100 * part) / whole).toFixed(2);
}

/** A Markdown table, padded so that it reads in a terminal too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}
