/**
 * One TCP connection: what other stations read of it, and the state that this one keeps. Mutable inside conn/ only.
 */
import type { FlowTable } from '../bytes/flow-table.ts';
import type { Connection, Direction, Refusal } from '../model/connection.ts';
import { type Endpoint, endpointOf } from '../model/endpoint.ts';
import type { Segment } from '../model/segment.ts';
import type { Moment } from '../model/time.ts';
import {
  ESTABLISHED,
  FIRST,
  FORWARD_MOMENTS,
  LAST,
  type Moments,
  momentAt,
  newMoments,
  noteMoment,
  REVERSE_MOMENTS,
  SYN_ACK,
} from './moments.ts';
import { Stream } from './stream.ts';
import { IDLE_QUEUE, type IdleQueue, nextState, type TcpInput, type TcpState } from './tcp-life.ts';

/** Losses reported so far, shared by all connections: each compares it with what it was when it opened. */
export interface LossCount {
  count: number;
}

/** What a connection that is no longer followed compares with. */
const NONE_TO_COME: LossCount = { count: 0 };

export class TcpConnection implements Connection {
  readonly id: number;
  readonly midstream: boolean;
  readonly forward: Stream;
  readonly reverse: Stream;
  syns = 0;
  refusal: Refusal | undefined = undefined;
  state: TcpState;
  idleQueue: IdleQueue;
  /** Row in the flow table while it is followed; the active opener is the row's source. */
  readonly slot: number;
  /** A gap that is the capture's or our fault. */
  flawed = false;
  /** Directions that have a hole now. */
  holes = 0;
  /** Set where there was more than one SYN. */
  latestSyn: Moment | undefined = undefined;
  talk: unknown = undefined;
  track: unknown = undefined;
  readonly #moments: Moments = newMoments();
  #losses: LossCount;
  #lossesAtStart: number;
  #flows: FlowTable | undefined;
  #activeEnd: Endpoint | undefined = undefined;
  #passiveEnd: Endpoint | undefined = undefined;

  constructor(id: number, slot: number, flows: FlowTable, losses: LossCount, state: TcpState, midstream: boolean) {
    this.id = id;
    this.slot = slot;
    this.#flows = flows;
    this.#losses = losses;
    this.#lossesAtStart = losses.count;
    this.state = state;
    this.idleQueue = IDLE_QUEUE[state];
    this.midstream = midstream;
    this.forward = new Stream(this.#moments, FORWARD_MOMENTS);
    this.reverse = new Stream(this.#moments, REVERSE_MOMENTS);
  }

  get transport(): 'tcp' {
    return 'tcp';
  }

  get active(): Endpoint {
    this.#activeEnd ??= this.#end('source');
    return this.#activeEnd;
  }

  get passive(): Endpoint {
    this.#passiveEnd ??= this.#end('destination');
    return this.#passiveEnd;
  }

  get first(): Moment {
    return momentAt(this.#moments, FIRST) as Moment;
  }

  get last(): Moment {
    return momentAt(this.#moments, LAST) as Moment;
  }

  get syn(): Moment | undefined {
    return this.midstream ? undefined : this.first;
  }

  get lastSyn(): Moment | undefined {
    return this.latestSyn ?? this.syn;
  }

  get synAck(): Moment | undefined {
    return momentAt(this.#moments, SYN_ACK);
  }

  get established(): Moment | undefined {
    return momentAt(this.#moments, ESTABLISHED);
  }

  get incomplete(): boolean {
    return this.flawed || this.#losses.count !== this.#lossesAtStart;
  }

  stream(direction: Direction): Stream {
    return direction === 'forward' ? this.forward : this.reverse;
  }

  directionOf(stream: Stream): Direction {
    return stream === this.forward ? 'forward' : 'reverse';
  }

  /** The only writer of `state` after the start. False where the life has no row for `input`. */
  enter(input: TcpInput): boolean {
    const state = nextState(this.state, input);
    if (state === undefined) return false;
    this.state = state;
    this.idleQueue = IDLE_QUEUE[state];
    return true;
  }

  /** Notes a segment of this connection, whatever it says. */
  saw(direction: Direction, segment: Segment): void {
    const moments = this.#moments;
    noteMoment(moments, LAST, segment.at, segment.frame);
    if (moments[FIRST + 1] === 0) noteMoment(moments, FIRST, segment.at, segment.frame);
    const stream = direction === 'forward' ? this.forward : this.reverse;
    if (stream.ttl === 0) stream.ttl = segment.ttl;
  }

  noteSynAck(moment: Moment): void {
    if (this.synAck === undefined) noteMoment(this.#moments, SYN_ACK, moment.at, moment.frame);
  }

  noteEstablished(moment: Moment): void {
    noteMoment(this.#moments, ESTABLISHED, moment.at, moment.frame);
  }

  /** No longer followed: what it still needs of the tables is copied, and what is reported later is not about it. */
  detach(): void {
    this.flawed = this.incomplete;
    this.#losses = NONE_TO_COME;
    this.#lossesAtStart = NONE_TO_COME.count;
    this.#activeEnd = this.active;
    this.#passiveEnd = this.passive;
    this.#flows = undefined;
  }

  #end(which: 'source' | 'destination'): Endpoint {
    const flows = this.#flows as FlowTable;
    return endpointOf(flows.words(this.slot, which), flows.port(this.slot, which));
  }
}
