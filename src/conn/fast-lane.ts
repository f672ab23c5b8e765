/**
 * What nearly every segment is: an acknowledgement, with octets or without, that comes in order on an established
 * connection, whole or cut by the snap length. Says exactly what the rules and the assembler would say of it, in one step;
 * every other segment is theirs.
 */
import { seqDistance } from '../bytes/seq.ts';
import type { ConnSink, Direction } from '../model/connection.ts';
import { ACK, FIN, RST, type Segment, SYN } from '../model/segment.ts';
import type { ConnCounters } from './counters.ts';
import { FIRST_OCTET, LAST_ACKNOWLEDGEMENT, LAST_OCTET, noteMoment } from './moments.ts';
import type { Now } from './now.ts';
import type { Stream } from './stream.ts';
import type { TcpConnection } from './tcp-connection.ts';

const TELLING = SYN | FIN | RST | ACK;

export class FastLane {
  readonly #sink: ConnSink;
  readonly #counters: ConnCounters;
  readonly #now: Now;

  constructor(sink: ConnSink, counters: ConnCounters, now: Now) {
    this.#sink = sink;
    this.#counters = counters;
    this.#now = now;
  }

  /** True where the segment was taken; false, with nothing changed, where it must be looked at step by step. */
  takes(connection: TcpConnection, direction: Direction, segment: Segment): boolean {
    if ((segment.flags & TELLING) !== ACK || connection.state !== 'ESTABLISHED' || connection.holes > 0) return false;
    const forward = direction === 'forward';
    const own = forward ? connection.forward : connection.reverse;
    const other = forward ? connection.reverse : connection.forward;
    if (own.start !== 'known' || other.start !== 'known' || own.fin !== undefined) return false;
    const acknowledged = other.positionOf(segment.ack);
    if (acknowledged < other.acknowledged || acknowledged > other.position) return false;
    const { octets, length } = segment;
    const inOrder = seqDistance(own.next, segment.seq) === 0 && octets.end - octets.start <= length;
    if (length > 0 && !inOrder) return false;
    if (acknowledged > other.acknowledged) this.#acknowledge(other, acknowledged);
    own.zeroWindow = segment.window === 0;
    if (length > 0) this.#deliver(connection, direction, own, segment);
    return true;
  }

  #acknowledge(stream: Stream, position: number): void {
    stream.acknowledged = position;
    noteMoment(stream.moments, stream.momentsAt + LAST_ACKNOWLEDGEMENT, this.#now.at, this.#now.frame);
  }

  #deliver(connection: TcpConnection, direction: Direction, stream: Stream, { octets, length }: Segment): void {
    const { moments, momentsAt } = stream;
    noteMoment(moments, momentsAt + LAST_OCTET, this.#now.at, this.#now.frame);
    if (moments[momentsAt + FIRST_OCTET + 1] === 0) {
      noteMoment(moments, momentsAt + FIRST_OCTET, this.#now.at, this.#now.frame);
    }
    const { moment } = this.#now;
    const captured = octets.end - octets.start;
    if (captured > 0) {
      stream.advance(captured);
      this.#sink.chunk(connection, direction, octets, moment);
    }
    if (captured === length) return;
    stream.advance(length - captured);
    stream.missing += length - captured;
    this.#counters.cut += length - captured;
    this.#sink.gap(connection, direction, length - captured, 'cut', moment);
  }
}
