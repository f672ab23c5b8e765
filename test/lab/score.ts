/** Compares the analyzer's lines with the truth of a run. Pure: rows and lines in, counts and complaints out. */
import { onTheWire, type TruthRow } from './truth.ts';

/** What is read of an `incident` or `masked` line. */
export interface Line {
  readonly type: 'incident' | 'masked';
  readonly id: string;
  readonly time: string;
  readonly gateway: string;
  readonly client: string;
  readonly request?: { readonly connectionRequests?: number; readonly method?: string; readonly target?: string };
  readonly verdict: {
    readonly cause: string;
    readonly subcause?: string | null;
    /** Why the cause is `unknown`. */
    readonly reason?: string | null;
    readonly confidence: string;
  };
  readonly attempts: readonly {
    readonly peer: string;
    readonly transport?: string;
    readonly cause?: string | null;
    readonly link?: string;
  }[];
}

export type Complaint =
  | 'cause'
  | 'subcause'
  | 'peers'
  | 'missing'
  | 'twice'
  | 'invented'
  | 'masked-missed'
  | 'masked-false'
  | 'attempt-invented';

export interface Detail {
  readonly complaint: Complaint;
  readonly run: string;
  readonly scenario: string;
  readonly gateway: string;
  readonly client: string;
  readonly connectionRequests: number;
  readonly method: string;
  readonly target: string;
  readonly at: string;
  readonly confidence?: string;
  readonly id?: string;
  readonly truth?: string;
  readonly truthAttempts?: readonly string[];
  readonly verdict?: string;
  readonly attempts?: readonly string[];
}

/** Counts of one cause; wrong ones by confidence. */
export interface CauseScore {
  logged: number;
  right: number;
  peersRight: number;
  wrong: Record<string, number>;
}

export interface Score {
  readonly run: string;
  readonly requests: number;
  readonly kernel: boolean;
  /** 502s with a TCP attempt on the wire, or without a live TCP peer. */
  readonly tcp: CauseScore;
  /** The other 502s: over unix sockets, or without any attempt. */
  readonly noPacket: CauseScore & { givenAttempt: number };
  readonly causes: Record<string, CauseScore>;
  /** Of 502s whose cause is right, with a subcause that the scenario makes; counted with the kernel's events only. */
  readonly subcauses: { logged: number; right: number };
  /** Attempts of 502s, and those that the kernel tied to their request; counted with the kernel's events only. */
  readonly links: { all: number; kernel: number };
  readonly masked: { logged: number; found: number; peersRight: number; false: number };
  missing: number;
  twice: number;
  invented: number;
  readonly details: Detail[];
}

export const emptyCause = (): CauseScore => ({ logged: 0, right: 0, peersRight: 0, wrong: {} });

export function emptyScore(run: string): Score {
  return {
    run,
    requests: 0,
    kernel: false,
    tcp: emptyCause(),
    noPacket: { ...emptyCause(), givenAttempt: 0 },
    causes: {},
    subcauses: { logged: 0, right: 0 },
    links: { all: 0, kernel: 0 },
    masked: { logged: 0, found: 0, peersRight: 0, false: 0 },
    missing: 0,
    twice: 0,
    invented: 0,
    details: [],
  };
}

/** The counts of one cause, made where there were none. */
export function countsOf(score: Score, cause: string): CauseScore {
  const counts = score.causes[cause] ?? emptyCause();
  score.causes[cause] = counts;
  return counts;
}

/** `kernel`: the capture holds the kernel's events, to which no attempt is invisible. */
export function scoreRun(run: string, truth: readonly TruthRow[], lines: readonly Line[], kernel = false): Score {
  const score: Score = { ...emptyScore(run), requests: truth.length, kernel };
  const { matched, strays } = join(truth, lines);
  for (const row of truth) {
    const found = matched.get(row) ?? [];
    const incidents = found.filter((line) => line.type === 'incident');
    const masked = found.filter((line) => line.type === 'masked');
    if (row.status === 502) score502(score, row, incidents);
    else for (const line of incidents) complain(score, 'invented', row, line);
    scoreMasked(score, row, masked);
  }
  for (const line of strays) complain(score, line.type === 'incident' ? 'invented' : 'masked-false', undefined, line);
  return score;
}

function score502(score: Score, row: TruthRow, incidents: readonly Line[]): void {
  const cause = row.verdictCause ?? 'unknown';
  const own = countsOf(score, cause);
  const group = isTcp(row) ? score.tcp : score.noPacket;
  for (const counts of [own, group]) counts.logged += 1;
  const line = incidents[0];
  for (const extra of incidents.slice(1)) complain(score, 'twice', row, extra);
  if (line === undefined) {
    complain(score, 'missing', row, undefined);
    for (const counts of [own, group]) add(counts.wrong, 'missing');
    return;
  }
  const right = causeAgrees(row, line, score.kernel);
  const peers = peersAgree(row, line, score.kernel);
  for (const counts of [own, group]) {
    if (right) counts.right += 1;
    else add(counts.wrong, line.verdict.confidence);
    if (peers) counts.peersRight += 1;
  }
  if (!right) complain(score, 'cause', row, line);
  if (!peers) complain(score, 'peers', row, line);
  if (score.kernel && line.verdict.cause === row.verdictCause) scoreSubcause(score, row, line);
  if (score.kernel) scoreLinks(score, line);
  if (group === score.noPacket && seenPeers(row, score.kernel).length === 0 && peersOf(line).length > 0) {
    score.noPacket.givenAttempt += 1;
    complain(score, 'attempt-invented', row, line);
  }
}

function scoreSubcause(score: Score, row: TruthRow, line: Line): void {
  if (row.subcause === undefined) return;
  score.subcauses.logged += 1;
  if (line.verdict.subcause === row.subcause) score.subcauses.right += 1;
  else complain(score, 'subcause', row, line);
}

function scoreLinks(score: Score, { attempts }: Line): void {
  score.links.all += attempts.length;
  score.links.kernel += attempts.filter(({ link }) => link === 'kernel').length;
}

function scoreMasked(score: Score, row: TruthRow, lines: readonly Line[]): void {
  const line = lines[0];
  if (row.masked) {
    score.masked.logged += 1;
    if (line === undefined) complain(score, 'masked-missed', row, undefined);
    else {
      score.masked.found += 1;
      if (peersAgree(row, line, score.kernel)) score.masked.peersRight += 1;
    }
  } else if (line !== undefined && row.maskedAllowed !== true) complain(score, 'masked-false', row, line);
  for (const extra of lines.slice(1)) complain(score, 'twice', row, extra);
}

/** Does the 502 count among those that packets can explain? */
export function isTcp(row: TruthRow): boolean {
  if (row.attempts.some(onTheWire)) return true;
  return row.verdictCause === 'no-live-upstreams' && row.packetsOnly === undefined;
}

export function causeAgrees(row: TruthRow, line: Line, kernel = false): boolean {
  const { cause } = line.verdict;
  if (cause === row.verdictCause || row.acceptable?.some((each) => each === cause)) return true;
  if (kernel && cause === row.witnessed) return true;
  const tried = row.attempts.some(({ transport }) => transport !== 'group');
  const excused = row.packetsOnly !== undefined && !(kernel && tried);
  return excused && cause === 'unknown';
}

export function peersAgree(row: TruthRow, line: Line, kernel = false): boolean {
  const expected = seenPeers(row, kernel);
  const said = line.attempts.map(({ peer }) => peer).filter((peer) => kernel || !peer.startsWith('unix:'));
  return said.length === expected.length && said.every((peer, index) => samePeer(peer, expected[index] ?? ''));
}

/** Groups without a live peer are no attempts. */
function seenPeers(row: TruthRow, kernel: boolean): readonly string[] {
  const seen = kernel ? row.attempts.filter(({ transport }) => transport !== 'group') : row.attempts.filter(onTheWire);
  return seen.map((attempt) => attempt.peer);
}

function peersOf(line: Line): readonly string[] {
  return line.attempts.filter((attempt) => !attempt.peer.startsWith('unix:')).map((attempt) => attempt.peer);
}

/** A host that never answered ARP has no port in the capture. */
function samePeer(said: string, expected: string): boolean {
  if (said === expected) return true;
  const host = expected.replace(/:\d+$/, '');
  return said === host || said === `${host}:0`;
}

/** By gateway, client and nth request; where a client's port was used again, the nearest in time. */
function join(truth: readonly TruthRow[], lines: readonly Line[]) {
  const rows = new Map<string, TruthRow[]>();
  for (const row of truth) {
    const key = `${row.gateway} ${row.client} ${row.connectionRequests}`;
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  const matched = new Map<TruthRow, Line[]>();
  const strays: Line[] = [];
  for (const line of lines) {
    const key = `${line.gateway} ${line.client} ${line.request?.connectionRequests ?? 0}`;
    const at = Date.parse(line.time) / 1000;
    const row = (rows.get(key) ?? []).toSorted((a, b) => Math.abs(Number(a.at) - at) - Math.abs(Number(b.at) - at))[0];
    if (row === undefined) strays.push(line);
    else matched.set(row, [...(matched.get(row) ?? []), line]);
  }
  return { matched, strays };
}

function complain(score: Score, complaint: Complaint, row: TruthRow | undefined, line: Line | undefined): void {
  if (complaint === 'missing' || complaint === 'twice' || complaint === 'invented') score[complaint] += 1;
  if (complaint === 'masked-false') score.masked.false += 1;
  score.details.push({
    complaint,
    run: score.run,
    scenario: row?.scenario ?? '',
    gateway: row?.gateway ?? line?.gateway ?? '',
    client: row?.client ?? line?.client ?? '',
    connectionRequests: row?.connectionRequests ?? line?.request?.connectionRequests ?? 0,
    method: row?.method ?? line?.request?.method ?? '',
    target: row?.target ?? line?.request?.target ?? '',
    at: row?.at ?? line?.time ?? '',
    ...(row === undefined ? {} : describeTruth(row)),
    ...(line === undefined ? {} : describeLine(line)),
  });
}

function describeTruth(row: TruthRow) {
  const cause = row.verdictCause ?? `${row.status}`;
  return {
    truth: row.packetsOnly === undefined ? cause : `${cause} (${row.packetsOnly})`,
    truthAttempts: row.attempts.map((attempt) => `${attempt.peer} ${attempt.cause ?? 'ok'}`),
  };
}

function describeLine(line: Line) {
  const more = line.verdict.reason ?? line.verdict.subcause;
  return {
    id: line.id,
    confidence: line.verdict.confidence,
    verdict: more ? `${line.verdict.cause} (${more})` : line.verdict.cause,
    attempts: line.attempts.map((attempt) => `${attempt.peer} ${attempt.cause ?? 'ok'} ${attempt.link ?? ''}`.trim()),
  };
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** Said with `certain` and not so: another cause, another last peer, or nothing of the kind happened. */
export function isCertainlyWrong(detail: Detail): boolean {
  if (detail.confidence !== 'certain') return false;
  if (detail.complaint !== 'peers') return true;
  const last = (list: readonly string[] | undefined) => list?.at(-1)?.split(' ')[0];
  return last(detail.attempts) !== last(detail.truthAttempts?.filter((each) => /:\d+ /.test(each)));
}
