/** What is known of each upstream peer: how often it was tried, how it did, how near its keep-alive is to a race. Bounded. */
import type { Connection } from '../../model/connection.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { Attempt } from '../../model/incident.ts';
import type { Process } from '../../model/kernel-event.ts';
import { outcomeOf } from '../../model/outcome.ts';
import { elapsed, MILLISECOND, type Nanos, SECOND } from '../../model/time.ts';
import type { Finding, Verdict } from '../../model/verdict.ts';
import { attemptEnd, connectTime } from '../document.ts';
import { Histogram } from './histogram.ts';

/** Peers shown by name; a gateway's configuration names dozens. */
export const PEERS_LIMIT = 500;
/** Idle connections watched for the peer's own close, per peer. */
const IDLE_WATCHED = 64;
/** Seconds that a rate is taken over. */
const RATE_SECONDS = 10;
/** A peer that closes so soon after its answer did not mean to keep the connection. */
const CLOSED_WITH_ANSWER: Nanos = 50 * MILLISECOND;
/** nginx's default fail_timeout: for so long a peer is left out after max_fails failures. */
const FAIL_TIMEOUT: Nanos = 10 * SECOND;

export interface PeerRow {
  readonly peer: string;
  readonly protocol: string;
  readonly attempts: number;
  readonly perSecond: number;
  readonly failed: number;
  readonly hidden: number;
  /** Failures by cause, most frequent first. */
  readonly causes: readonly (readonly [Finding['cause'], number])[];
  readonly connect: readonly [Nanos | undefined, Nanos | undefined];
  readonly firstOctet: readonly [Nanos | undefined, Nanos | undefined];
  /** Share of attempts on a connection that was used before. */
  readonly reuse: number;
  /** Longest idle time before a reuse. */
  readonly longestIdle: Nanos | undefined;
  /** Least idle time after which the peer closed. */
  readonly closesAfter: Nanos | undefined;
  /** Who ended its connections or listens there, the latest that the kernel told of; empty where it did not. */
  readonly process: string;
  /** Connections that waited to be accepted, as the kernel told of it last. */
  readonly queue: Queue | undefined;
  readonly lastFailure: Nanos | undefined;
  /** When it was last seen to fail, if nothing was tried since: nginx may leave it out until ten seconds later. */
  readonly outUntil: Nanos | undefined;
}

interface Queue {
  readonly waiting: number;
  /** So many may. */
  readonly backlog: number;
}

interface Idle {
  readonly connection: Connection;
  readonly since: Nanos;
}

class Peer {
  attempts = 0;
  /** Of them those that went well and were left out of the capture: nothing else is known of them. */
  leftOut = 0;
  reused = 0;
  failed = 0;
  hidden = 0;
  protocol = '';
  longestIdle: Nanos | undefined;
  closesAfter: Nanos | undefined;
  process = '';
  queue: Queue | undefined;
  lastFailure: Nanos | undefined;
  lastStart: Nanos = 0;
  readonly causes = new Map<Finding['cause'], number>();
  readonly connect = new Histogram();
  readonly firstOctet = new Histogram();
  readonly seconds = new Float64Array(RATE_SECONDS);
  readonly counts = new Uint32Array(RATE_SECONDS);
  readonly idle = new Map<number, Idle>();
}

export class Peers {
  /** Attempts at peers beyond the limit. */
  unnamed = 0;
  readonly #peers = new Map<string, Peer>();
  readonly #seen = new WeakSet<Exchange>();

  /** An attempt is over, whatever its outcome. Counted once, however often it is told. */
  attempted(exchange: Exchange): void {
    if (this.#seen.has(exchange)) return;
    this.#seen.add(exchange);
    const peer = this.#peerOf(exchange.server.text);
    if (!peer) return;
    peer.attempts++;
    peer.protocol = exchange.protocol ?? peer.protocol;
    peer.lastStart = Math.max(peer.lastStart, exchange.start.at);
    countSecond(peer, exchange.start.at, 1);
    if (exchange.reused) peer.reused++;
    const opened = connectTime(exchange);
    if (opened !== undefined) peer.connect.add(opened);
    const asked = exchange.request?.end;
    const waited = asked && exchange.response && elapsed(asked, exchange.response.start);
    if (waited !== undefined) peer.firstOctet.add(waited);
    watchIdle(peer, exchange);
  }

  /** Attempts that went well were left out of the capture until `at`. */
  leftOut(at: Nanos, server: string, attempts: number): void {
    const peer = this.#peers.get(server);
    if (!peer) return;
    peer.attempts += attempts;
    peer.leftOut += attempts;
    peer.lastStart = Math.max(peer.lastStart, at);
    countSecond(peer, at, attempts);
  }

  /** An incident or a masked failure was settled. */
  judged({ incident, attempts }: Verdict): void {
    for (const { attempt, finding } of attempts) {
      if (attempt.exchange) this.attempted(attempt.exchange);
      if (!finding) continue;
      const peer = this.#peerOf(attempt.peer.text);
      if (!peer) continue;
      const { closer, ending, listener } = attempt.witness ?? {};
      const process = closer?.process ?? ending?.server ?? listener?.process;
      if (process) peer.process = processText(process);
      if (listener) peer.queue = { waiting: listener.queue, backlog: listener.backlog };
      peer.failed++;
      if (incident.kind === 'masked') peer.hidden++;
      peer.causes.set(finding.cause, (peer.causes.get(finding.cause) ?? 0) + 1);
      peer.lastFailure = Math.max(peer.lastFailure ?? 0, failedAt(attempt, incident.settled.at));
    }
  }

  rows(now: Nanos): PeerRow[] {
    return [...this.#peers].map(([name, peer]) => rowOf(name, peer, now));
  }

  #peerOf(name: string): Peer | undefined {
    const known = this.#peers.get(name);
    if (known) return known;
    if (this.#peers.size >= PEERS_LIMIT) {
      this.unnamed++;
      return undefined;
    }
    const peer = new Peer();
    this.#peers.set(name, peer);
    return peer;
  }
}

/** `php-fpm8.2 4211`. */
export function processText({ name, id }: Process): string {
  return `${name} ${id}`;
}

function failedAt(attempt: Attempt, settled: Nanos): Nanos {
  return attemptEnd(attempt)?.at ?? settled;
}

function countSecond(peer: Peer, at: Nanos, attempts: number): void {
  const second = Math.floor(at / SECOND);
  const slot = ((second % RATE_SECONDS) + RATE_SECONDS) % RATE_SECONDS;
  if (peer.seconds[slot] !== second) peer.counts[slot] = 0;
  peer.seconds[slot] = second;
  peer.counts[slot] = (peer.counts[slot] as number) + attempts;
}

/** On a connection that may be used again: how long did it lie idle, and who ended that? */
function watchIdle(peer: Peer, exchange: Exchange): void {
  const { connection, idle, end } = exchange;
  if (exchange.reused && idle !== undefined && idle >= 0 && outcomeOf(exchange).is === 'answered') {
    peer.longestIdle = Math.max(peer.longestIdle ?? 0, idle);
  }
  peer.idle.delete(connection.id);
  lookAtIdle(peer);
  if (end?.how !== 'complete') return;
  peer.idle.set(connection.id, { connection, since: end.moment.at });
  const oldest = peer.idle.size > IDLE_WATCHED ? peer.idle.keys().next().value : undefined;
  if (oldest !== undefined) peer.idle.delete(oldest);
}

function lookAtIdle(peer: Peer): void {
  for (const [id, { connection, since }] of peer.idle) {
    const closed = connection.reverse.fin ?? connection.reverse.rst;
    if (!closed && !connection.forward.fin && !connection.forward.rst) continue;
    peer.idle.delete(id);
    const own = connection.forward.fin ?? connection.forward.rst;
    if (!closed || closed.at - since < CLOSED_WITH_ANSWER || (own && own.frame < closed.frame)) continue;
    peer.closesAfter = Math.min(peer.closesAfter ?? Number.POSITIVE_INFINITY, closed.at - since);
  }
}

function rowOf(name: string, peer: Peer, now: Nanos): PeerRow {
  lookAtIdle(peer);
  const oldest = Math.floor(Math.min(now, Number.MAX_SAFE_INTEGER) / SECOND) - RATE_SECONDS;
  let recent = 0;
  peer.seconds.forEach((second, slot) => {
    if (second > oldest) recent += peer.counts[slot] as number;
  });
  const { lastFailure, lastStart } = peer;
  const out = lastFailure !== undefined && lastStart <= lastFailure && now - lastFailure < FAIL_TIMEOUT;
  return {
    peer: name,
    protocol: peer.protocol,
    attempts: peer.attempts,
    perSecond: recent / RATE_SECONDS,
    failed: peer.failed,
    hidden: peer.hidden,
    causes: [...peer.causes].sort((a, b) => b[1] - a[1]),
    connect: [peer.connect.quantile(0.5), peer.connect.quantile(0.99)],
    firstOctet: [peer.firstOctet.quantile(0.5), peer.firstOctet.quantile(0.99)],
    reuse: peer.reused / Math.max(1, peer.attempts - peer.leftOut),
    longestIdle: peer.longestIdle,
    closesAfter: peer.closesAfter,
    process: peer.process,
    queue: peer.queue,
    lastFailure,
    outUntil: out ? (lastFailure as Nanos) + FAIL_TIMEOUT : undefined,
  };
}
