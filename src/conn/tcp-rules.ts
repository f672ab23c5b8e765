/**
 * What a segment means to the connection it belongs to (RFC 9293 3.10.7), from outside: handshake, acknowledgements,
 * octets, RST. Order within a segment: what it proves, what it acknowledges, what it carries, what it ends.
 */
import { seqAdd, seqEqual } from '../bytes/seq.ts';
import { type ConnSink, type Direction, opposite } from '../model/connection.ts';
import { addressText } from '../model/endpoint.ts';
import { ACK, FIN, RST, type Segment, SYN, type Unreachable } from '../model/segment.ts';
import type { Assembler } from './assembler.ts';
import type { ConnCounters } from './counters.ts';
import { FastLane } from './fast-lane.ts';
import { SEQ_REACH, WINDOW_REACH } from './limits.ts';
import type { Now } from './now.ts';
import type { Stream } from './stream.ts';
import type { TcpConnection } from './tcp-connection.ts';
import { isOver, type TcpInput } from './tcp-life.ts';

/** ICMP "fragmentation needed" tells the sender to send smaller, not that nobody is there (RFC 1191). */
const FRAGMENTATION_NEEDED = 4;

export class TcpRules {
  readonly #sink: ConnSink;
  readonly #assembler: Assembler;
  readonly #counters: ConnCounters;
  readonly #now: Now;
  readonly #lane: FastLane;

  constructor(sink: ConnSink, assembler: Assembler, counters: ConnCounters, now: Now) {
    this.#sink = sink;
    this.#assembler = assembler;
    this.#counters = counters;
    this.#now = now;
    this.#lane = new FastLane(sink, counters, now);
  }

  /** The segment that opened the connection: a SYN, or whatever was first where the capture starts midstream. */
  start(connection: TcpConnection, direction: Direction, segment: Segment): void {
    connection.saw(direction, segment);
    const { seq, flags } = segment;
    const own = connection.stream(direction);
    if ((flags & SYN) === 0) {
      this.#carry(connection, direction, segment);
      return;
    }
    own.begin(seqAdd(seq, 1), 'known');
    if ((flags & ACK) === 0) {
      connection.syns = 1;
    } else {
      connection.noteSynAck(this.#now.moment);
      connection.stream(opposite(direction)).begin(segment.ack, 'known');
    }
    this.#carrySynOctets(connection, direction, segment);
  }

  /** A segment of a connection that is followed. */
  follow(connection: TcpConnection, direction: Direction, segment: Segment): void {
    connection.saw(direction, segment);
    const { flags } = segment;
    if (this.#lane.takes(connection, direction, segment)) return;
    if ((flags & RST) !== 0) this.#reset(connection, direction, segment);
    else if ((flags & (SYN | ACK)) === (SYN | ACK)) this.#synAck(connection, direction, segment);
    else if ((flags & SYN) !== 0) this.#syn(connection, direction, segment);
    // RFC 9293 3.10.7.4: "if the ACK bit is off, drop the segment".
    else if ((flags & ACK) === 0) this.#counters.strays++;
    else if (this.#proves(connection, direction, segment)) this.#carry(connection, direction, segment);
    else this.#counters.implausible++;
    if (connection.holes > 0) this.#assembler.review(connection);
  }

  /** ICMP about a segment sent in `direction`. */
  unreachable(connection: TcpConnection, direction: Direction, about: Unreachable): void {
    const { version, code } = about;
    const soft = version === 4 && code === FRAGMENTATION_NEEDED;
    if (soft || direction === 'reverse' || connection.state !== 'SYN-SENT') {
      this.#counters.unreachables++;
      return;
    }
    // Linux forgives it (a soft error) while connect() still holds the socket, and sends the SYN again: the last one counts.
    const moment = this.#now.moment;
    const first = connection.refusal === undefined;
    connection.refusal = { how: 'unreachable', version, code, reporter: addressText(about.reporter), moment };
    this.#enter(connection, 'unreachable');
    if (first) this.#sink.refused(connection, moment);
  }

  /** Acknowledgement, window, octets and FIN. */
  #carry(connection: TcpConnection, direction: Direction, segment: Segment): void {
    const says = segment.length > 0 || (segment.flags & FIN) !== 0;
    if (connection.state !== 'CLOSED') this.#assembler.acknowledge(connection, opposite(direction), segment.ack);
    if (isOver(connection.state)) {
      if (says) this.#counters.late++;
      return;
    }
    connection.stream(direction).zeroWindow = segment.window === 0;
    if (says) this.#assembler.accept(connection, direction, segment.seq, segment);
  }

  /** Octets that travel with SYN or SYN-ACK (RFC 7413). Of a connection that was refused none are, until it is established. */
  #carrySynOctets(connection: TcpConnection, direction: Direction, segment: Segment): void {
    connection.stream(direction).zeroWindow = segment.window === 0;
    if (segment.length === 0 || isOver(connection.state) || connection.refusal) return;
    this.#assembler.accept(connection, direction, seqAdd(segment.seq, 1), segment);
  }

  /** Before the connection is established, a segment must prove that it is; false where it belongs to another life. */
  #proves(connection: TcpConnection, direction: Direction, segment: Segment): boolean {
    const { state, reverse } = connection;
    if (state !== 'SYN-SENT' && state !== 'SYN-RECEIVED') return true;
    const { rivalSeq } = reverse;
    if (direction === 'forward' && rivalSeq !== undefined && seqEqual(rivalSeq, segment.ack)) {
      reverse.begin(segment.ack, 'known');
    }
    if (!belongs(connection, direction, segment)) return false;
    // A bare ACK of the passive side, which is not open yet by itself, is no news.
    const says = segment.length > 0 || (segment.flags & FIN) !== 0;
    if (state === 'SYN-RECEIVED' && direction === 'reverse' && !says) return true;
    this.#establish(connection);
    return true;
  }

  #establish(connection: TcpConnection): void {
    this.#enter(connection, 'proof');
    // The SYN that was sent again got through, also where the capture missed its SYN-ACK.
    connection.refusal = undefined;
    connection.noteEstablished(this.#now.moment);
    this.#sink.established(connection, this.#now.moment);
  }

  #syn(connection: TcpConnection, direction: Direction, segment: Segment): void {
    const own = connection.stream(direction);
    const simultaneous = direction === 'reverse' && connection.state === 'SYN-SENT';
    if (simultaneous) own.begin(seqAdd(segment.seq, 1), 'known');
    else if (!startsWith(own, segment)) {
      this.#counters.implausible++;
      return;
    }
    this.#enter(connection, direction === 'forward' ? 'syn' : 'reverse-syn');
    if (direction === 'forward') {
      connection.syns++;
      connection.latestSyn = this.#now.moment;
    }
    this.#carrySynOctets(connection, direction, segment);
  }

  #synAck(connection: TcpConnection, direction: Direction, segment: Segment): void {
    const own = connection.stream(direction);
    const other = connection.stream(opposite(direction));
    const first = direction === 'reverse' && own.start !== 'known';
    if (!answers(other, segment.ack) || !(first || startsWith(own, segment))) {
      this.#counters.implausible++;
      if (direction === 'reverse' && connection.state === 'SYN-RECEIVED') own.rare().rivalSeq = seqAdd(segment.seq, 1);
      return;
    }
    if (direction === 'forward') {
      // The second half of a simultaneous open (RFC 9293 3.5, figure 7): it acknowledges the other side's SYN.
      if (connection.state === 'SYN-RECEIVED') this.#establish(connection);
      return;
    }
    if (first) own.begin(seqAdd(segment.seq, 1), 'known');
    this.#enter(connection, 'syn-ack');
    connection.noteSynAck(this.#now.moment);
    this.#assembler.acknowledge(connection, 'forward', segment.ack);
    this.#carrySynOctets(connection, direction, segment);
    connection.refusal = undefined;
  }

  #reset(connection: TcpConnection, direction: Direction, segment: Segment): void {
    if (!this.#believes(connection, direction, segment)) {
      this.#counters.implausibleResets++;
      return;
    }
    const { moment } = this.#now;
    const rare = connection.stream(direction).rare();
    if (rare.rst !== undefined) {
      this.#counters.late++;
      return;
    }
    rare.rst = moment;
    rare.rstTtl = segment.ttl;
    if (connection.state === 'SYN-SENT' && direction === 'reverse') {
      const first = connection.refusal === undefined;
      connection.refusal = { how: 'rst', moment };
      this.#enter(connection, 'rst');
      if (first) this.#sink.refused(connection, moment);
    } else if (connection.refusal === undefined) {
      this.#assembler.flush(connection);
      this.#enter(connection, 'rst');
      this.#sink.reset(connection, direction, moment);
    }
  }

  /**
   * RFC 9293 3.10.7: a RST counts in SYN-SENT if it acknowledges the SYN, later if it lies in the window. Ours is the
   * window as far as it can be known without its scale: from the last octet acknowledged to `WINDOW_REACH` beyond the highest.
   */
  #believes(connection: TcpConnection, direction: Direction, segment: Segment): boolean {
    const own = connection.stream(direction);
    if (connection.state === 'SYN-SENT' && direction === 'reverse') {
      return (segment.flags & ACK) !== 0 && answers(connection.forward, segment.ack);
    }
    if (own.start !== 'known') return true;
    const position = own.positionOf(segment.seq);
    return position >= own.acknowledged && position <= own.octets + WINDOW_REACH;
  }

  #enter(connection: TcpConnection, input: TcpInput): void {
    if (!connection.enter(input)) this.#counters.violations++;
  }
}

/** Before the connection is established: a segment of this life, not of the one before on the same ports? */
function belongs({ state, forward, reverse }: TcpConnection, direction: Direction, { seq, ack }: Segment): boolean {
  if (state === 'SYN-SENT') {
    return direction === 'forward' ? follows(forward, seq, WINDOW_REACH) : answers(forward, ack);
  }
  // Captures of SYN, FIN and RST alone, or of one direction, leave out whatever lies between.
  return follows(direction === 'forward' ? reverse : forward, ack, SEQ_REACH);
}

/** True where `ack` acknowledges the SYN of `stream`, and no octet that was not seen with it. */
function answers(stream: Stream, ack: number): boolean {
  if (stream.start === 'unknown') return true;
  const position = stream.positionOf(ack);
  return position >= 0 && position <= stream.octets;
}

/** True where `seq` lies after the SYN of `stream`; up to `reach` octets may be missing between what was seen and it. */
function follows(stream: Stream, seq: number, reach: number): boolean {
  const position = stream.positionOf(seq);
  return position >= 0 && position <= stream.octets + reach;
}

/** True where `segment` is a SYN or SYN-ACK of the handshake that began the stream. */
function startsWith(stream: Stream, segment: Segment): boolean {
  return stream.start === 'known' && seqEqual(stream.firstSeq, seqAdd(segment.seq, 1));
}
