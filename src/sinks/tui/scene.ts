/** All that a frame is made from, and what can be moved through in it. Pure. */
import type { Nanos } from '../../model/time.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { GatewayAt } from '../gateways-text.ts';
import { blamedAttempt } from '../tally.ts';
import type { Book } from './book.ts';
import { type Clock, clockName } from './clock.ts';
import { type Entry, type EntryWords, wordsOf } from './entry.ts';
import { filterOf } from './filter.ts';
import type { Look } from './frame.ts';
import type { PeerRow } from './peers.ts';
import type { PeerColumn, Ui } from './ui.ts';

/** How the run goes, apart from its verdicts. */
export interface RunState {
  readonly mode: 'live' | 'file' | 'pipe';
  /** File or pipe by name; safe to print. */
  readonly name: string;
  readonly interfaces: readonly string[];
  /** Ways to see: `packets`, `kernel`. */
  readonly rungs: readonly string[];
  readonly gateways: readonly GatewayAt[];
  /** Endpoints the user named as gateways; none: they are found. */
  readonly named: readonly string[];
  /** Who listens where on this machine, as it was at the start: `nginx 812 +4`. */
  readonly listening: ReadonlyMap<string, string>;
  readonly requests: number;
  readonly perSecond: number;
  readonly frames: number;
  readonly octets: number;
  /** Of the file; `undefined` where it cannot be known. */
  readonly size: number | undefined;
  /** Capture time of the first and of the latest record. */
  readonly started: Nanos;
  readonly now: Nanos;
  /** Of a file the time it covers, else since the screen was opened. */
  readonly elapsed: Nanos;
  /** Since the last record, by this machine's clock. */
  readonly silence: Nanos;
  /** It is being read. */
  readonly begun: boolean;
  /** Nothing more will come. */
  readonly ended: boolean;
  /** What went wrong, as told to the user; newest last. */
  readonly messages: readonly string[];
  readonly memory: number;
  /** Shares of one core: this process, the capture program. */
  readonly cpu: number;
  readonly captureCpu: number | undefined;
  readonly counters: Readonly<Record<string, number>>;
  /** How full they are. */
  readonly tables: readonly { readonly what: string; readonly held: number; readonly limit: number }[];
}

/** Before anything was read. */
export const NO_RUN: RunState = {
  mode: 'file',
  name: '',
  interfaces: [],
  rungs: ['packets'],
  gateways: [],
  named: [],
  listening: new Map(),
  requests: 0,
  perSecond: 0,
  frames: 0,
  octets: 0,
  size: undefined,
  started: 0,
  now: 0,
  elapsed: 0,
  silence: 0,
  begun: false,
  ended: false,
  messages: [],
  memory: 0,
  cpu: 0,
  captureCpu: undefined,
  counters: {},
  tables: [],
};

export interface Scene {
  readonly ui: Ui;
  readonly book: Book;
  readonly run: RunState;
  readonly look: Look;
  readonly clock: Clock;
  /** What the closed list knows of a cause, in lines of so many columns. */
  readonly explain: (cause: string, columns: number) => readonly string[];
}

/** Entries that the filter and the pause let through, newest first. */
export function visibleEntries({ ui, book }: Pick<Scene, 'ui' | 'book'>): Entry[] {
  const passes = filterOf(ui.filter);
  const visible: Entry[] = [];
  for (let at = book.entries.length - 1; at >= 0; at--) {
    const entry = book.entries[at] as Entry;
    if (ui.paused !== undefined && entry.number > ui.paused) continue;
    if (!ui.hidden && entry.verdict?.incident.kind === 'masked') continue;
    if (ui.filter === '' || passes(wordsOf(entry, book.mask))) visible.push(entry);
  }
  return visible;
}

/** Incidents that arrived since the list was paused. */
export function waitingEntries({ ui, book }: Pick<Scene, 'ui' | 'book'>): number {
  const { paused } = ui;
  return paused === undefined ? 0 : book.entries.filter(({ number }) => number > paused).length;
}

/** Causes of incidents with their counts, most frequent first. */
export interface CauseCount {
  readonly cause: string;
  readonly count: number;
  readonly subcauses: readonly (readonly [string, number])[];
  readonly peers: readonly (readonly [string, number])[];
}

export function causeCounts({ book }: Pick<Scene, 'book'>): CauseCount[] {
  const causes = new Map<string, { count: number; subcauses: Map<string, number>; peers: Map<string, number> }>();
  for (const row of book.incidents.rows.values()) {
    let cause = causes.get(row.cause);
    if (!cause) {
      cause = { count: 0, subcauses: new Map(), peers: new Map() };
      causes.set(row.cause, cause);
    }
    cause.count += row.count;
    for (const [name, count] of row.subcauses) cause.subcauses.set(name, (cause.subcauses.get(name) ?? 0) + count);
    if (row.peer !== '') cause.peers.set(row.peer, (cause.peers.get(row.peer) ?? 0) + row.count);
  }
  return [...causes]
    .map(([cause, { count, subcauses, peers }]) => ({
      cause,
      count,
      subcauses: ranked(subcauses),
      peers: ranked(peers),
    }))
    .sort((a, b) => b.count - a.count);
}

function ranked(counts: ReadonlyMap<string, number>): (readonly [string, number])[] {
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** Causes in order of first appearance: a cause keeps its colour while the ranks change. */
export function seriesOf({ book }: Pick<Scene, 'book'>): ReadonlyMap<string, number> {
  const series = new Map<string, number>();
  for (const { cause } of book.incidents.rows.values()) if (!series.has(cause)) series.set(cause, series.size);
  return series;
}

const SORTS: Readonly<Record<PeerColumn, (row: PeerRow) => number>> = {
  attempts: (row) => row.attempts,
  rate: (row) => row.perSecond,
  failed: (row) => row.failed,
  hidden: (row) => row.hidden,
  connect: (row) => row.connect[1] ?? 0,
  first: (row) => row.firstOctet[1] ?? 0,
  reuse: (row) => row.reuse,
  margin: (row) => -(marginOf(row) ?? Number.POSITIVE_INFINITY),
};

/** How much longer the peer keeps an idle connection than the gateway was seen to; below zero races have happened. */
export function marginOf({ longestIdle, closesAfter }: PeerRow): Nanos | undefined {
  return longestIdle === undefined || closesAfter === undefined ? undefined : closesAfter - longestIdle;
}

export function sortedPeers({ ui, book, run }: Pick<Scene, 'ui' | 'book' | 'run'>): PeerRow[] {
  const value = SORTS[ui.sort];
  return book.peers.rows(run.now).sort((a, b) => value(b) - value(a) || b.attempts - a.attempts);
}

/** The entry on which the story is told; the newest where none is selected. */
export function selectedEntry({ ui, book }: Pick<Scene, 'ui' | 'book'>): Entry | undefined {
  return book.entry(ui.selected);
}

/** The attempt that the story looks at, counted from 0: where the user chose none, the one that the verdict is about. */
export function attemptShown({ ui }: Pick<Scene, 'ui'>, verdict: Verdict): number {
  const blamed = blamedAttempt(verdict);
  const last = verdict.attempts.length - 1;
  return Math.max(0, Math.min(ui.attempt ?? (blamed ? verdict.attempts.indexOf(blamed) : last), last));
}

export function entryWords({ book }: Pick<Scene, 'book'>, entry: Entry): EntryWords {
  return wordsOf(entry, book.mask);
}

export function clockOf(scene: Scene): string {
  return clockName(scene.clock);
}
