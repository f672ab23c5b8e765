/**
 * Turns the segments of one direction into its octets, in order and each once (RFC 9293 3.10.7.4, as seen from outside).
 *
 * In order: the octets are handed on where they lie. Out of order: they are copied and held behind the hole. A hole is
 * never guessed at: it is filled, or declared as a gap
 * - 'lost', once the other side acknowledged beyond it and the capture had time to bring it (`REORDER_SEGMENTS`,
 *   `REORDER_TIME`); where the other side was never seen, after `ONE_WAY_TIME`; when the connection ends;
 * - 'limit', where more is held behind it than we hold.
 * Octets that the snap length cut are a gap 'cut' at once. What was declared missing is not delivered later.
 */
import { seqDistance } from '../bytes/seq.ts';
import { type ConnSink, type Direction, type GapWhy, opposite } from '../model/connection.ts';
import { type Octets, octetsOf } from '../model/octets.ts';
import { FIN, type Segment, SYN } from '../model/segment.ts';
import type { ConnCounters } from './counters.ts';
import { costOf } from './held-octets.ts';
import { type ConnLimits, ONE_WAY_TIME, REORDER_SEGMENTS, REORDER_TIME, SEQ_REACH } from './limits.ts';
import { FIRST_OCTET, LAST_ACKNOWLEDGEMENT, LAST_OCTET, noteMoment } from './moments.ts';
import type { Now } from './now.ts';
import { OctetCopies } from './octet-copies.ts';
import { type Hole, newHole, type Stream } from './stream.ts';
import type { TcpConnection } from './tcp-connection.ts';

export class Assembler {
  readonly #sink: ConnSink;
  readonly #limits: ConnLimits;
  readonly #counters: ConnCounters;
  readonly #now: Now;
  readonly #copies = new OctetCopies();
  #heldInAll = 0;
  /** Streams with a hole, and those of them that hold octets behind it; the oldest first. */
  readonly #waiting = new Map<Stream, TcpConnection>();
  readonly #holders = new Map<Stream, TcpConnection>();
  /** A window into borrowed octets, re-aimed for every segment of which only a part is new. */
  readonly #part: Octets = octetsOf(new Uint8Array(0));

  constructor(sink: ConnSink, limits: ConnLimits, counters: ConnCounters, now: Now) {
    this.#sink = sink;
    this.#limits = limits;
    this.#counters = counters;
    this.#now = now;
  }

  /** Octets and FIN of a segment sent in `direction`; `seq` is the number of its first octet. */
  accept(connection: TcpConnection, direction: Direction, seq: number, segment: Segment): void {
    const stream = connection.stream(direction);
    if (stream.start !== 'known') this.#startAt(stream, seq);
    const position = stream.positionOf(seq);
    if (segment.length > 0) this.#acceptOctets(connection, direction, position, segment);
    // A FIN on a SYN is nobody's: RFC 9293 3.10.7.4 reaches FIN only in later states.
    if ((segment.flags & (SYN | FIN)) === FIN) this.#acceptFin(connection, direction, position + segment.length);
  }

  /** The other side says that it has all octets of `direction` before sequence number `ack`. */
  acknowledge(connection: TcpConnection, direction: Direction, ack: number): void {
    const stream = connection.stream(direction);
    if (stream.start === 'unknown') {
      stream.begin(ack, connection.midstream ? 'guessed' : 'known');
      return;
    }
    const position = stream.positionOf(ack);
    if (position <= stream.acknowledged && position <= stream.finPosition) return;
    if (position - stream.octets > SEQ_REACH) {
      this.#counters.implausible++;
      return;
    }
    const octets = Math.min(position, stream.finPosition);
    if (octets > stream.acknowledged) {
      stream.acknowledged = octets;
      this.#note(stream, LAST_ACKNOWLEDGEMENT);
    }
    if (octets > stream.position) {
      const hole = this.#holeOf(connection, stream);
      if (hole.ackedSince === undefined) {
        hole.ackedSince = this.#now.latest;
        hole.patience = REORDER_SEGMENTS;
      }
    }
    if (position > octets) this.#acknowledgeFin(connection, direction, stream);
  }

  /** One more segment of a connection that has holes went by: is it time to give them up? */
  review(connection: TcpConnection): void {
    for (const direction of ['forward', 'reverse'] as const) {
      const { hole } = connection.stream(direction);
      if (hole === undefined) continue;
      if (hole.ackedSince !== undefined) hole.patience--;
      this.#giveUpIfDue(connection, direction, hole);
    }
  }

  /** Gives up the holes whose time has come. */
  tick(): void {
    for (const [stream, connection] of this.#waiting) {
      if (stream.hole !== undefined) this.#giveUpIfDue(connection, connection.directionOf(stream), stream.hole);
    }
  }

  /** No more octets will come: declares every hole and delivers what is held. */
  flush(connection: TcpConnection): void {
    if (connection.holes === 0) return;
    for (const direction of ['forward', 'reverse'] as const) {
      const stream = connection.stream(direction);
      if (stream.hole !== undefined) this.#giveUp(connection, direction, stream.sent, 'lost');
    }
  }

  #startAt(stream: Stream, seq: number): void {
    if (stream.start === 'unknown' || seqDistance(stream.next, seq) > 0) stream.begin(seq, 'known');
    stream.start = 'known';
  }

  #acceptOctets(connection: TcpConnection, direction: Direction, position: number, segment: Segment): void {
    const stream = connection.stream(direction);
    const { octets, length } = segment;
    const end = position + length;
    if (end > stream.finPosition || position - stream.octets > SEQ_REACH) {
      this.#counters.implausible++;
    } else if (end <= stream.position) {
      this.#countRetransmission(connection, direction, position, length);
    } else if (stream.hole === undefined && position <= stream.position) {
      this.#noteOctets(stream);
      if (position === stream.position) this.#deliver(connection, direction, octets, length);
      else this.#deliverPart(connection, direction, octets, stream.position - position, length);
      this.#finish(connection, direction, stream);
    } else {
      this.#hold(connection, direction, position, segment);
    }
  }

  #hold(connection: TcpConnection, direction: Direction, position: number, segment: Segment): void {
    const stream = connection.stream(direction);
    const { held } = this.#holeOf(connection, stream);
    const before = held.cost;
    const skip = Math.max(0, stream.position - position);
    const { start, end } = segment.octets;
    const octets = this.#aim(segment.octets, Math.min(start + skip, end));
    const fresh = held.insert(position + skip, segment.length - skip, octets);
    this.#heldInAll += held.cost - before;
    if (fresh === 0) {
      this.#countRetransmission(connection, direction, position, segment.length);
      return;
    }
    this.#noteOctets(stream);
    stream.octets = Math.max(stream.octets, position + segment.length);
    this.#holders.set(stream, connection);
    this.#drain(connection, direction, stream, held.first === stream.position);
    this.#keepLimits(connection, direction, stream);
  }

  #keepLimits(connection: TcpConnection, direction: Direction, stream: Stream): void {
    for (let { hole } = stream; hole !== undefined && hole.held.cost > this.#limits.heldPerStream; { hole } = stream) {
      this.#giveUp(connection, direction, hole.held.first, 'limit');
    }
    while (this.#heldInAll > this.#limits.heldInAll) {
      const oldest = this.#holders.entries().next().value;
      if (oldest === undefined) return;
      const [holder, holding] = oldest;
      this.#giveUp(holding, holding.directionOf(holder), holder.sent, 'limit');
    }
  }

  #acceptFin(connection: TcpConnection, direction: Direction, position: number): void {
    const stream = connection.stream(direction);
    if (stream.fin !== undefined) return;
    if (position < stream.octets || position - stream.octets > SEQ_REACH) {
      this.#counters.implausible++;
      return;
    }
    const rare = stream.rare();
    rare.fin = this.#now.moment;
    rare.finPosition = position;
    if (position > stream.position) this.#holeOf(connection, stream);
    this.#finish(connection, direction, stream);
  }

  /** Where the octets have come up to the FIN, the stream is finished. */
  #finish(connection: TcpConnection, direction: Direction, stream: Stream): void {
    if (stream.finished || stream.seldom === undefined || stream.finPosition !== stream.position) return;
    stream.finished = true;
    connection.enter(direction === 'forward' ? 'forward-fin' : 'reverse-fin');
    this.#sink.finished(connection, direction, this.#now.moment);
    if (stream.seldom.finAcknowledged && direction === 'forward') connection.enter('forward-fin-acked');
  }

  #acknowledgeFin(connection: TcpConnection, direction: Direction, stream: Stream): void {
    const rare = stream.rare();
    if (rare.finAcknowledged) return;
    rare.finAcknowledged = true;
    if (stream.finished && direction === 'forward') connection.enter('forward-fin-acked');
  }

  #giveUpIfDue(connection: TcpConnection, direction: Direction, hole: Hole): void {
    const stream = connection.stream(direction);
    const now = this.#now.latest;
    if (hole.ackedSince !== undefined && (hole.patience <= 0 || now - hole.ackedSince >= REORDER_TIME)) {
      this.#giveUp(connection, direction, stream.acknowledged, 'lost');
    } else if (connection.stream(opposite(direction)).ttl === 0 && now - hole.since >= ONE_WAY_TIME) {
      this.#giveUp(connection, direction, stream.sent, 'lost');
    }
  }

  /** Declares the holes before `position` and delivers what lies between and right after them. */
  #giveUp(connection: TcpConnection, direction: Direction, position: number, why: GapWhy): void {
    const stream = connection.stream(direction);
    while (stream.position < position) {
      const end = Math.min(position, stream.hole?.held.first ?? position);
      if (end > stream.position) this.#declareGap(connection, direction, end - stream.position, why);
      this.#drain(connection, direction, stream, true);
    }
    this.#drain(connection, direction, stream, true);
  }

  /** Delivers what is held and due, and closes the hole where nothing waits behind it any more. */
  #drain(connection: TcpConnection, direction: Direction, stream: Stream, due: boolean): void {
    const { hole } = stream;
    if (hole === undefined || !due) return;
    const { held } = hole;
    for (let piece = held.take(stream.position); piece !== undefined; piece = held.take(stream.position)) {
      this.#heldInAll -= costOf(piece);
      this.#deliver(connection, direction, piece.octets, piece.length);
      this.#copies.giveBack(piece.octets);
    }
    if (held.empty) this.#holders.delete(stream);
    if (stream.acknowledged <= stream.position) hole.ackedSince = undefined;
    this.#finish(connection, direction, stream);
    const finAhead = stream.fin !== undefined && !stream.finished;
    if (!held.empty || hole.ackedSince !== undefined || finAhead) return;
    stream.rare().hole = undefined;
    this.#waiting.delete(stream);
    connection.holes--;
  }

  #holeOf(connection: TcpConnection, stream: Stream): Hole {
    const rare = stream.rare();
    if (rare.hole === undefined) {
      rare.hole = newHole(this.#copies, this.#now.latest);
      this.#waiting.set(stream, connection);
      connection.holes++;
    }
    return rare.hole;
  }

  /** Hands on `length` octets of the wire, of which `octets` are the first that the capture holds. */
  #deliver(connection: TcpConnection, direction: Direction, octets: Octets, length: number): void {
    const captured = octets.end - octets.start;
    if (captured > length) {
      this.#deliver(connection, direction, this.#aim(octets, octets.start, octets.start + length), length);
      return;
    }
    if (captured > 0) {
      connection.stream(direction).advance(captured);
      this.#sink.chunk(connection, direction, octets, this.#now.moment);
    }
    if (captured < length) this.#declareGap(connection, direction, length - captured, 'cut');
  }

  /** The same without the first `skip` octets, which were delivered before. */
  #deliverPart(connection: TcpConnection, direction: Direction, octets: Octets, skip: number, length: number): void {
    const part = this.#aim(octets, Math.min(octets.start + skip, octets.end));
    this.#deliver(connection, direction, part, length - skip);
  }

  #aim(octets: Octets, start: number, end = octets.end): Octets {
    return Object.assign(this.#part, { bytes: octets.bytes, view: octets.view, start, end });
  }

  #declareGap(connection: TcpConnection, direction: Direction, length: number, why: GapWhy): void {
    const stream = connection.stream(direction);
    // What was told of a stream cannot be taken back by its first octet.
    stream.start = 'known';
    stream.advance(length);
    stream.missing += length;
    if (why !== 'cut') connection.flawed = true;
    this.#counters[why === 'limit' ? 'overLimit' : why] += length;
    this.#sink.gap(connection, direction, length, why, this.#now.moment);
  }

  /** Probes are no retransmissions: keep-alives repeat one acknowledged octet, zero-window probes one refused octet. */
  #countRetransmission(connection: TcpConnection, direction: Direction, position: number, length: number): void {
    const stream = connection.stream(direction);
    if (length === 1 && position === stream.position - 1 && stream.acknowledged === stream.position) return;
    if (length === 1 && connection.stream(opposite(direction)).zeroWindow) return;
    stream.rare().retransmissions++;
  }

  #noteOctets(stream: Stream): void {
    this.#note(stream, LAST_OCTET);
    if (stream.moments[stream.momentsAt + FIRST_OCTET + 1] === 0) this.#note(stream, FIRST_OCTET);
  }

  #note(stream: Stream, which: number): void {
    noteMoment(stream.moments, stream.momentsAt + which, this.#now.at, this.#now.frame);
  }
}
