/**
 * The line that data walks, written out: record -> segment -> connection -> message -> exchange -> incident -> verdict.
 * The same for a file, a pipe and a test. Synchronous; a time comes with every record.
 */
import { CONN_LIMITS, type ConnLimits } from './conn/limits.ts';
import { ToldConnections } from './conn/told-connections.ts';
import { ConnectionTracker } from './conn/tracker.ts';
import { ExchangePairing } from './exchange/pair.ts';
import { HostFacts } from './host/host-facts.ts';
import { IncidentStation, OPEN_LIMIT } from './incident/station.ts';
import { KernelEvents } from './kernel/station.ts';
import type { Connection, ConnSink, Direction, Forgotten, GapWhy } from './model/connection.ts';
import type { Exchange } from './model/exchange.ts';
import type { Incident, IncidentWatcher } from './model/incident.ts';
import type { KernelEvent } from './model/kernel-event.ts';
import type { Octets } from './model/octets.ts';
import type { Datagram, Neighbour, Segment, SegmentSink, Unreachable } from './model/segment.ts';
import type { Frame, JournalEntry, LeftOut, Loss, RecordSink } from './model/source-record.ts';
import type { Moment, Nanos } from './model/time.ts';
import type { Verdict } from './model/verdict.ts';
import { Recogniser } from './proto/recogniser.ts';
import { judge } from './verdict/judge.ts';
import { withoutTimes } from './verdict/limits.ts';
import { FrameDecoder } from './wire/decode.ts';

export interface PipelineOptions {
  /** Endpoints taken for gateways (`127.0.0.1:80`); none: they are found. */
  readonly gateways: readonly string[];
  /** Capture time between an answer and its verdict. */
  readonly settle: Nanos;
  /** The same where the kernel saw what the gateway did. */
  readonly settleWitnessed?: Nanos | undefined;
  /** Times are those at which packets arrived, not at which they were captured. */
  readonly arrivalTimes?: boolean;
  /** How much is kept of connections. */
  readonly limits?: ConnLimits;
}

export interface PipelineSink {
  verdict(verdict: Verdict): void;
  loss(loss: Loss): void;
  /** For whoever watches: what is believed so far, and every attempt (model/incident.ts, IncidentWatcher). */
  readonly watch?: PipelineWatch | undefined;
}

export interface PipelineWatch {
  early(exchange: Exchange, verdict: Verdict | undefined): void;
  withdrawn(exchange: Exchange): void;
  attempted(exchange: Exchange): void;
  /** So many requests at a server went well and were left out of the capture. */
  leftOut(at: Nanos, server: string, requests: number): void;
}

export interface Pipeline extends RecordSink {
  /** Capture time has come to `now` without a record: deadlines may pass. */
  tick(now: Nanos): void;
  /** No more records will come: settles everything. */
  end(): void;
  counters(): PipelineCounters;
  /** Gateways seen so far, at most `limit`. */
  gateways(limit: number): readonly string[];
  /** How full the tables are that grow with traffic. */
  tables(): readonly TableFill[];
}

export interface TableFill {
  /** What it holds. */
  readonly what: string;
  readonly held: number;
  /** At this many the oldest goes, and is counted. */
  readonly limit: number;
}

export interface PipelineCounters {
  readonly frames: number;
  readonly kernel: KernelEvents['counters'];
  readonly wire: FrameDecoder['counters'];
  readonly connections: ConnectionTracker['counters'];
  readonly protocols: Recogniser['counts'];
  readonly incidents: IncidentStation['counters'];
}

/** Hands what happens on a connection first to the protocols, whose messages may end there, then to the exchanges. */
class ConnectionFork implements ConnSink {
  readonly #recogniser: Recogniser;
  readonly #pairing: ExchangePairing;

  constructor(recogniser: Recogniser, pairing: ExchangePairing) {
    this.#recogniser = recogniser;
    this.#pairing = pairing;
  }

  opened(connection: Connection, moment: Moment): void {
    this.#pairing.opened(connection, moment);
    this.#recogniser.opened(connection, moment);
  }

  established(connection: Connection, moment: Moment): void {
    this.#recogniser.established(connection, moment);
  }

  chunk(connection: Connection, direction: Direction, octets: Octets, moment: Moment): void {
    this.#recogniser.chunk(connection, direction, octets, moment);
  }

  gap(connection: Connection, direction: Direction, length: number, why: GapWhy, moment: Moment): void {
    this.#pairing.gap(connection, direction, why);
    this.#recogniser.gap(connection, direction, length, why, moment);
  }

  finished(connection: Connection, direction: Direction, moment: Moment): void {
    this.#recogniser.finished(connection, direction, moment);
    this.#pairing.finished(connection, direction, moment);
  }

  reset(connection: Connection, direction: Direction, moment: Moment): void {
    this.#recogniser.reset(connection, direction, moment);
    this.#pairing.reset(connection, direction, moment);
  }

  refused(connection: Connection, moment: Moment): void {
    this.#recogniser.refused(connection, moment);
    this.#pairing.refused(connection, moment);
  }

  forgotten(connection: Connection, why: Forgotten, at: Nanos): void {
    this.#recogniser.forgotten(connection, why, at);
    this.#pairing.forgotten(connection, why, at);
  }
}

/** What a frame says goes to the connections; what concerns hosts goes to the host facts too. */
class SegmentFork implements SegmentSink {
  readonly #tracker: ConnectionTracker;
  readonly #host: HostFacts;

  constructor(tracker: ConnectionTracker, host: HostFacts) {
    this.#tracker = tracker;
    this.#host = host;
  }

  segment(segment: Segment): void {
    this.#tracker.segment(segment);
  }

  unreachable(unreachable: Unreachable): void {
    this.#tracker.unreachable(unreachable);
    this.#host.unreachable(unreachable);
  }

  neighbour(neighbour: Neighbour): void {
    this.#host.neighbour(neighbour);
  }

  datagram(datagram: Datagram): void {
    this.#host.datagram(datagram);
  }
}

export function createPipeline(options: PipelineOptions, sink: PipelineSink): Pipeline {
  const judged = options.arrivalTimes ? (incident: Incident): Verdict => withoutTimes(judge(incident)) : judge;
  const watcher = watcherOf(sink.watch, judged);
  const incidents = new IncidentStation({ ...options, watcher }, (incident) => sink.verdict(judged(incident)));
  const pairing = new ExchangePairing(incidents);
  const recogniser = new Recogniser(pairing);
  const connections = new ConnectionFork(recogniser, pairing);
  const { limits = CONN_LIMITS } = options;
  const tracker = new ConnectionTracker(connections, limits);
  const told = new ToldConnections(connections);
  const host = new HostFacts(incidents);
  const decoder = new FrameDecoder(new SegmentFork(tracker, host));
  const kernel = new KernelEvents({ witnessed }, lost, leftOut);
  let frames = 0;
  let now: Nanos = 0;
  let turnedAway = 0;

  function tick(at: Nanos): void {
    now = at;
    tracker.tick(at);
    // For a request under way, what is not followed is as good as lost.
    const away = tracker.counters.turnedAway + tracker.counters.crowded;
    if (away > turnedAway) incidents.loss(at, away - turnedAway);
    turnedAway = away;
    host.tick(at);
    incidents.tick(at);
  }

  /** What was said on a unix socket comes before what its end means; that there is an answer, before what it is. */
  function witnessed(event: KernelEvent): void {
    if (event.kind === 'attempt-ended') told.ended(event);
    incidents.witnessed(event);
    if (event.kind === 'answered') told.answered(event, tracker.between(event.ends.remote, event.ends.local));
  }

  function lost(loss: Loss): void {
    incidents.loss(loss.at, loss.count);
    sink.loss(loss);
  }

  function leftOut(what: LeftOut): void {
    tracker.leftOut(what);
    if (!('server' in what)) return;
    incidents.leftOut(what.at, what.server, what.requests);
    sink.watch?.leftOut(what.at, what.server, what.requests);
  }

  return {
    frame(frame: Frame): void {
      frames++;
      decoder.frame(frame);
      tick(frame.at);
    },
    journal(entry: JournalEntry): void {
      kernel.entry(entry);
      tick(entry.at);
    },
    loss(loss: Loss): void {
      tracker.loss(loss);
      lost(loss);
    },
    tick,
    end(): void {
      tracker.end(now);
      host.end(now);
      incidents.end(now);
    },
    gateways: (limit) => incidents.gateways(limit),
    tables: () => [
      { what: 'connections', held: tracker.size, limit: limits.connections },
      { what: 'requests', held: incidents.held, limit: OPEN_LIMIT },
    ],
    counters: () => ({
      frames,
      kernel: kernel.counters,
      wire: decoder.counters,
      connections: tracker.counters,
      protocols: recogniser.counts,
      incidents: incidents.counters,
    }),
  };
}

/** Hands early incidents on as verdicts. */
function watcherOf(
  watch: PipelineWatch | undefined,
  judged: (incident: Incident) => Verdict,
): IncidentWatcher | undefined {
  return (
    watch && {
      early: (exchange, incident) => watch.early(exchange, incident && judged(incident)),
      withdrawn: (exchange) => watch.withdrawn(exchange),
      attempted: (exchange) => watch.attempted(exchange),
    }
  );
}
