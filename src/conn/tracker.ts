/**
 * Station conn: segments in, connections and their octets out (`ConnSink`). Finds the connection of a segment, decides
 * whether it begins another, keeps the table within its limit and forgets what is over or quiet.
 */
import { FlowTable } from '../bytes/flow-table.ts';
import { seqAdd, seqEqual } from '../bytes/seq.ts';
import type { Connection, ConnSink, Direction, Forgotten } from '../model/connection.ts';
import { maybeEnd } from '../model/endpoint.ts';
import { ACK, FIN, RST, type Segment, type SegmentSink, SYN, type Unreachable } from '../model/segment.ts';
import type { LeftOut, Loss } from '../model/source-record.ts';
import { type Nanos, NO_TIME } from '../model/time.ts';
import { Assembler } from './assembler.ts';
import { CaptureCopies } from './capture-copies.ts';
import { type ConnCounters, newCounters } from './counters.ts';
import { IdleQueues } from './idle-queues.ts';
import { BUSY_FOR, CONN_LIMITS, type ConnLimits, IDLE_AFTER, REUSE_IDLE, TICK_TIME } from './limits.ts';
import { Now } from './now.ts';
import { TcpConnection } from './tcp-connection.ts';
import type { IdleQueue, TcpState } from './tcp-life.ts';
import { TcpRules } from './tcp-rules.ts';

const TCP = 6;

export class ConnectionTracker implements Pick<SegmentSink, 'segment' | 'unreachable'> {
  readonly counters: ConnCounters = newCounters();
  readonly #sink: ConnSink;
  readonly #limits: ConnLimits;
  readonly #flows: FlowTable;
  readonly #connections: (TcpConnection | undefined)[] = [];
  readonly #queues = new IdleQueues();
  readonly #copies = new CaptureCopies();
  readonly #now = new Now();
  readonly #losses = { count: 0 };
  #nextTick: Nanos = NO_TIME;
  /** Segments are left out under pressure, SYNs too. */
  #leavesOut = false;
  readonly #assembler: Assembler;
  readonly #rules: TcpRules;

  /** `seed` scatters the table, so that nobody outside can aim at it; it changes nothing that is emitted. */
  constructor(sink: ConnSink, limits: ConnLimits = CONN_LIMITS, seed?: number) {
    this.#sink = sink;
    this.#limits = limits;
    this.#flows = new FlowTable(limits.connections, seed);
    this.#assembler = new Assembler(sink, limits, this.counters, this.#now);
    this.#rules = new TcpRules(sink, this.#assembler, this.counters, this.#now);
  }

  /** Connections followed now, and four-tuples remembered of those that are over. */
  get size(): number {
    return this.#flows.size;
  }

  segment(segment: Segment): void {
    this.counters.segments++;
    this.#now.set(segment.at, segment.frame);
    const { source, sourcePort, destination, destinationPort } = segment;
    const found = this.#flows.find(source, sourcePort, destination, destinationPort);
    const connection = this.#at(found >> 1);
    if (connection === undefined) {
      this.#startOrStray(segment, found >> 1);
      return;
    }
    if (this.#copies.isCopy(segment, found)) {
      this.counters.duplicates++;
      return;
    }
    const direction = (found & 1) === 0 ? 'forward' : 'reverse';
    if ((segment.flags & SYN) !== 0 && this.#beginsAnother(connection, direction, segment)) {
      this.#forget(connection, 'replaced');
      this.#release(connection.slot);
      this.#open(segment);
      return;
    }
    this.#rules.follow(connection, direction, segment);
    this.#queues.touch(connection.slot, connection.idleQueue, this.#now.latest);
  }

  unreachable(about: Unreachable): void {
    if (about.quotedProtocol !== TCP) return;
    this.#now.set(about.at, about.frame);
    const { source, sourcePort, destination, destinationPort } = about;
    const found = this.#flows.find(source, sourcePort, destination, destinationPort);
    const connection = this.#at(found >> 1);
    if (connection === undefined) {
      this.counters.unreachables++;
      return;
    }
    this.#rules.unreachable(connection, (found & 1) === 0 ? 'forward' : 'reverse', about);
    this.#queues.touch(connection.slot, connection.idleQueue, this.#now.latest);
  }

  /** Frames were lost: any connection open now may lack one. */
  loss(loss: Loss): void {
    this.#losses.count += loss.count;
  }

  /**
   * Segments were left out of the capture: a SYN may be among them. Where a connection is named, what comes next on it does
   * not follow what was seen: it is met anew, in its midst.
   */
  leftOut(what: LeftOut): void {
    this.#leavesOut = true;
    if ('server' in what) return;
    const connection = this.#between(what.from, what.to);
    if (connection === undefined) return;
    this.#now.set(what.at, this.#now.frame);
    this.#forget(connection, 'left-out');
    this.#release(connection.slot);
  }

  /** The connection between two ends, as endpoints are written, that is followed now. */
  between(one: string, other: string): Connection | undefined {
    return this.#between(one, other);
  }

  #between(one: string, other: string): TcpConnection | undefined {
    const [source, destination] = [maybeEnd(one), maybeEnd(other)];
    if (!source || !destination) return undefined;
    return this.#at(this.#flows.find(source.words, source.port, destination.words, destination.port) >> 1);
  }

  /** Time went on: gives up old holes and forgets what has been quiet for too long. */
  tick(now: Nanos): void {
    if (now < this.#nextTick) return;
    this.#nextTick = now + TICK_TIME;
    this.#now.set(now, this.#now.frame);
    this.#assembler.tick();
    for (const queue of ['past', 'closed', 'transient', 'open'] as const) {
      let slot = this.#queues.oldest(queue);
      while (slot >= 0 && this.#now.latest - this.#queues.touchedAt(slot) >= IDLE_AFTER[queue]) {
        this.#expire(slot, queue);
        slot = this.#queues.oldest(queue);
      }
    }
  }

  /** The capture is over: forgets everything, in order of opening. */
  end(at: Nanos): void {
    this.#now.set(at, this.#now.frame);
    const open = this.#connections.filter((connection) => connection !== undefined);
    for (const connection of open.sort((a, b) => a.id - b.id)) {
      this.#forget(connection, 'end');
      this.#release(connection.slot);
    }
  }

  /** The connection in `slot`, if there is one. Asked for the element -1, V8 looks for a property of that name: slow. */
  #at(slot: number): TcpConnection | undefined {
    return slot < 0 ? undefined : this.#connections[slot];
  }

  /** A segment of a four-tuple that is not followed, or whose connection is over (`past`, its slot). */
  #startOrStray(segment: Segment, past: number): void {
    const { flags } = segment;
    const opens = (flags & (SYN | RST)) === SYN;
    const says = opens || ((flags & (ACK | RST)) === ACK && (segment.length > 0 || (flags & FIN) !== 0));
    if (past >= 0) {
      if (!opens && !(this.#leavesOut && says)) {
        this.counters.late++;
        return;
      }
      this.#release(past);
    }
    if (says) this.#open(segment);
    else this.counters.strays++;
  }

  #open(segment: Segment): void {
    const { flags } = segment;
    const direction = openerOf(segment);
    const slot = this.#add(segment, direction);
    if (slot < 0) return;
    const midstream = (flags & (SYN | ACK)) !== SYN;
    const id = ++this.counters.opened;
    const connection = new TcpConnection(id, slot, this.#flows, this.#losses, startState(flags), midstream);
    this.#connections[slot] = connection;
    this.#copies.isCopy(segment, slot * 2 + (direction === 'forward' ? 0 : 1));
    this.#queues.touch(slot, connection.idleQueue, this.#now.latest);
    connection.saw(direction, segment);
    this.#sink.opened(connection, this.#now.moment);
    this.#rules.start(connection, direction, segment);
    this.#queues.touch(slot, connection.idleQueue, this.#now.latest);
  }

  /** A row whose source is the active opener; makes room where the table is full. */
  #add(segment: Segment, direction: Direction): number {
    if (this.#flows.size >= this.#limits.connections && !this.#evict()) {
      this.counters.turnedAway++;
      return -1;
    }
    const { source, sourcePort, destination, destinationPort } = segment;
    const slot =
      direction === 'forward'
        ? this.#flows.add(source, sourcePort, destination, destinationPort)
        : this.#flows.add(destination, destinationPort, source, sourcePort);
    if (slot < 0) this.counters.crowded++;
    return slot;
  }

  /**
   * The oldest idle entry goes: first one that is over. Of the others the quietest, but where half the table is
   * unfinished handshakes (a flood of SYNs) one of those: they must not push out what is established. False where all
   * are busy: some connections from their first to their last octet tell more than a little of each.
   */
  #evict(): boolean {
    const queues = this.#queues;
    let slot = queues.oldest('past');
    if (slot < 0) slot = queues.oldest('closed');
    if (slot < 0) {
      const transient = queues.oldest('transient');
      const open = queues.oldest('open');
      const flooded = queues.size('transient') * 2 > this.#flows.size;
      const older = open < 0 || (transient >= 0 && queues.touchedAt(transient) <= queues.touchedAt(open));
      slot = transient >= 0 && (flooded || older) ? transient : open;
      if (slot >= 0 && !flooded && this.#now.latest - queues.touchedAt(slot) < BUSY_FOR) return false;
    }
    const connection = this.#connections[slot];
    if (connection !== undefined) {
      this.counters.evicted++;
      this.#forget(connection, 'limit');
    }
    this.#release(slot);
    return true;
  }

  /** What has been quiet for too long is forgotten. Of a connection that is over the tuple stays a while, in 'past'. */
  #expire(slot: number, queue: IdleQueue): void {
    const connection = this.#connections[slot];
    if (connection !== undefined) {
      const over = queue === 'closed' || (connection.forward.finished && connection.reverse.finished);
      this.#forget(connection, over ? 'closed' : 'idle');
    }
    if (queue === 'closed') this.#queues.touch(slot, 'past', this.#now.latest);
    else this.#release(slot);
  }

  #forget(connection: TcpConnection, why: Forgotten): void {
    this.#assembler.flush(connection);
    connection.detach();
    this.#connections[connection.slot] = undefined;
    this.#sink.forgotten(connection, why, this.#now.at);
  }

  #release(slot: number): void {
    this.#queues.remove(slot);
    this.#flows.remove(slot);
  }

  /** A SYN or SYN-ACK on a tuple in use: another connection (the port was reused), or once more the handshake we know? */
  #beginsAnother(connection: TcpConnection, direction: Direction, segment: Segment): boolean {
    const { state } = connection;
    if ((segment.flags & RST) !== 0) return false;
    const own = connection.stream(direction);
    if (own.start === 'known' && seqEqual(own.firstSeq, seqAdd(segment.seq, 1))) return false;
    if ((segment.flags & ACK) !== 0) {
      const answersOurs = seqEqual(
        connection.stream(direction === 'forward' ? 'reverse' : 'forward').firstSeq,
        segment.ack,
      );
      return state !== 'SYN-SENT' && state !== 'SYN-RECEIVED' && !answersOurs;
    }
    if (state === 'SYN-SENT') return direction === 'forward';
    if (state !== 'ESTABLISHED') return true;
    return this.#now.latest - this.#queues.touchedAt(connection.slot) >= REUSE_IDLE;
  }
}

/** Who opened: the sender of a SYN, the receiver of a SYN-ACK, else whoever has the higher port; the first sender on a tie. */
function openerOf(segment: Segment): Direction {
  const { flags, sourcePort, destinationPort } = segment;
  if ((flags & SYN) !== 0) return (flags & ACK) !== 0 ? 'reverse' : 'forward';
  return sourcePort >= destinationPort ? 'forward' : 'reverse';
}

function startState(flags: number): TcpState {
  if ((flags & SYN) === 0) return 'ESTABLISHED';
  return (flags & ACK) === 0 ? 'SYN-SENT' : 'SYN-RECEIVED';
}
