/**
 * Counts verdicts while they pass, by cause, peer and gateway, with what the verdicts of one row have in common.
 * Holds no verdict, and no more rows than its limits allow however many peers a capture names.
 */
import type { Cause, Neighbour } from '../model/cause.ts';
import { elapsed, type Nanos } from '../model/time.ts';
import type { JudgedAttempt, Verdict } from '../model/verdict.ts';
import { answeredAt, attemptEnd } from './document.ts';

/** Distinct cause and peer pairs, peers, gateways that are counted by name; a real gateway has dozens. */
export const TALLY_NAMES_LIMIT = 1000;

/** Stands for the names beyond the limit. */
export const OTHER_NAMES = '(others)';

export interface Range {
  low: number;
  high: number;
  /** How many values it covers. */
  count: number;
}

/** All verdicts of one kind with the same cause at the same peer. */
export interface Row {
  readonly cause: Cause | Neighbour;
  /** Empty where no peer was asked. */
  readonly peer: string;
  readonly protocol: string;
  count: number;
  readonly subcauses: Map<string, number>;
  readonly statuses: Map<string, number>;
  /** When the client was answered. */
  readonly at: Range;
  /** Idle time of reused connections before the failed attempt, in Nanos. */
  readonly idle: Range;
  /** From the end of the request to the end of the failed attempt, in Nanos. */
  readonly wait: Range;
}

export class Tally {
  readonly rows: Map<string, Row> = new Map();
  readonly peers: Map<string, number> = new Map();
  readonly gateways: Map<string, number> = new Map();
  count = 0;

  /** Counts one verdict and returns the row it belongs to. */
  add(verdict: Verdict): Row {
    const { incident } = verdict;
    const blamed = blamedAttempt(verdict);
    const peer = blamed?.attempt.peer.text ?? '';
    this.count++;
    countName(this.gateways, incident.gateway.text);
    if (peer !== '') countName(this.peers, peer);
    const row = this.row(verdict, peer, blamed?.attempt.exchange?.protocol ?? '');
    row.count++;
    if (verdict.finding.subcause !== '') countName(row.subcauses, verdict.finding.subcause);
    countName(row.statuses, String(incident.exchange.response?.status || 'none'));
    widen(row.at, answeredAt(incident.exchange, incident.settled).at);
    this.measure(row, verdict, blamed);
    return row;
  }

  /** Most frequent first; equal counts in order of first appearance. */
  sorted(): Row[] {
    return [...this.rows.values()].sort((a, b) => b.count - a.count);
  }

  causes(): Map<string, number> {
    const causes = new Map<string, number>();
    for (const row of this.sorted()) causes.set(row.cause, (causes.get(row.cause) ?? 0) + row.count);
    return causes;
  }

  private row(verdict: Verdict, peer: string, protocol: string): Row {
    const { cause } = verdict.finding;
    const key = `${cause} ${peer}`;
    const known = this.rows.get(key);
    if (known) return known;
    if (this.rows.size >= TALLY_NAMES_LIMIT && peer !== OTHER_NAMES) return this.row(verdict, OTHER_NAMES, '');
    const row: Row = {
      cause,
      peer,
      protocol,
      count: 0,
      subcauses: new Map(),
      statuses: new Map(),
      at: emptyRange(),
      idle: emptyRange(),
      wait: emptyRange(),
    };
    this.rows.set(key, row);
    return row;
  }

  private measure(row: Row, { incident }: Verdict, blamed: JudgedAttempt | undefined): void {
    if (!blamed) return;
    const { exchange } = blamed.attempt;
    if (exchange?.reused && exchange.idle !== undefined && exchange.idle >= 0) widen(row.idle, exchange.idle);
    const asked = incident.exchange.request?.end ?? incident.exchange.request?.head;
    const ended = attemptEnd(blamed.attempt);
    const waited = asked && ended && elapsed(asked, ended);
    if (waited !== undefined) widen(row.wait, waited);
  }
}

/** The attempt that the verdict is about; `undefined` where it is that nobody was left to ask. */
export function blamedAttempt({ attempts, finding }: Verdict): JudgedAttempt | undefined {
  return (
    attempts.findLast((judged) => judged.finding === finding) ??
    attempts.findLast((judged) => judged.finding?.cause === finding.cause)
  );
}

function countName(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < TALLY_NAMES_LIMIT ? name : OTHER_NAMES;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function emptyRange(): Range {
  return { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY, count: 0 };
}

function widen(range: Range, value: Nanos): void {
  range.low = Math.min(range.low, value);
  range.high = Math.max(range.high, value);
  range.count++;
}
