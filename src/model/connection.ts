/**
 * Boundary 3, conn -> proto: connections and what happens on them, in capture order.
 * `forward` is the direction from the active opener (RFC 9293 3.5) to the passive one. Where the capture starts in the
 * middle of a connection the opener is a guess (`midstream`); `proto/` finds out from the octets who the client is.
 */
import type { Endpoint } from './endpoint.ts';
import type { Octets } from './octets.ts';
import type { Moment, Nanos } from './time.ts';

export type Direction = 'forward' | 'reverse';

export function opposite(direction: Direction): Direction {
  return direction === 'forward' ? 'reverse' : 'forward';
}

/** What one side of a connection has sent so far. `undefined` means not seen. */
export interface StreamFacts {
  /** Octets of the stream from its first to its highest one seen, gaps included. */
  readonly octets: number;
  /** Octets that were handed on or declared missing: fewer while some are awaited that may only be out of order. */
  readonly position: number;
  readonly firstOctet: Moment | undefined;
  /** When the latest new octets were seen. */
  readonly lastOctet: Moment | undefined;
  readonly fin: Moment | undefined;
  readonly rst: Moment | undefined;
  /** Segments that carried only octets sent before (RFC 9293 3.8.1); duplicates made by the capture are not counted. */
  readonly retransmissions: number;
  /** Octets known to have been sent that the capture does not hold. */
  readonly missing: number;
  /** Highest octet of this stream that the other side acknowledged, as a count from the stream's start. */
  readonly acknowledged: number;
  /** When the other side last acknowledged something new of this stream. */
  readonly lastAcknowledgement: Moment | undefined;
  /** The window this side last advertised was zero. */
  readonly zeroWindow: boolean;
  /** IPv4 TTL or IPv6 hop limit of this side's first segment, and of its RST: a foreign RST often differs. 0: not seen. */
  readonly ttl: number;
  readonly rstTtl: number;
}

/** What was sent in `direction`: by branch, since a look-up by name costs a hash each time. */
export function streamOf({ forward, reverse }: Pick<Connection, Direction>, direction: Direction): StreamFacts {
  return direction === 'forward' ? forward : reverse;
}

/** How a connection attempt was turned down before it was established; where it was more than once, the last time. */
export type Refusal =
  | { readonly how: 'rst'; readonly moment: Moment }
  | {
      readonly how: 'unreachable';
      readonly version: 4 | 6;
      readonly code: number;
      readonly reporter: string;
      readonly moment: Moment;
    };

/** One TCP connection (or, with kernel events, one unix-socket connection). Lives as long as anybody refers to it. */
export interface Connection {
  /** Counted from 1 in order of the first segment seen. */
  readonly id: number;
  readonly transport: 'tcp' | 'unix';
  readonly active: Endpoint;
  readonly passive: Endpoint;
  /** The capture does not hold the handshake: opener guessed, earlier octets unknown. */
  readonly midstream: boolean;
  readonly first: Moment;
  readonly last: Moment;
  readonly syn: Moment | undefined;
  /** SYNs sent, retransmissions included. */
  readonly syns: number;
  readonly lastSyn: Moment | undefined;
  readonly synAck: Moment | undefined;
  /** The handshake's last ACK, or the first segment after SYN-ACK that proves it. */
  readonly established: Moment | undefined;
  readonly refusal: Refusal | undefined;
  readonly forward: StreamFacts;
  readonly reverse: StreamFacts;
  /** A frame lost by the capture may belong to this connection (gap, or loss reported while it was open). */
  readonly incomplete: boolean;
  /** Where only one answer on it is told: how many were given before. */
  readonly untold?: number;
  /** What is spoken on it, where that is told and need not be found. */
  readonly spoken?: 'http/2' | undefined;
  /**
   * What proto/ and exchange/ know of it: each has its own field, whose type is nobody else's business, and empties it
   * when the connection is forgotten. Asked for with every segment: a table would have to be searched each time.
   */
  talk?: unknown;
  track?: unknown;
}

/** Why octets are missing from a stream. */
export type GapWhy = 'lost' | 'cut' | 'limit';

/** Why a connection is no longer followed. */
export type Forgotten = 'closed' | 'replaced' | 'idle' | 'limit' | 'left-out' | 'end';

/**
 * The next station's input. Per direction the octets come in order, each once; a hole is always a gap, never invented.
 * Calls arrive in capture order, `moment` being that of the frame that made the fact known.
 */
export interface ConnSink {
  opened(connection: Connection, moment: Moment): void;
  established(connection: Connection, moment: Moment): void;
  /** Octets are borrowed: valid during the call only. */
  chunk(connection: Connection, direction: Direction, octets: Octets, moment: Moment): void;
  gap(connection: Connection, direction: Direction, length: number, why: GapWhy, moment: Moment): void;
  /** FIN, in order: no more octets will come in this direction. */
  finished(connection: Connection, direction: Direction, moment: Moment): void;
  /** RST sent by the side that sends in `direction`, on an established or half-open connection. */
  reset(connection: Connection, direction: Direction, moment: Moment): void;
  /**
   * The connection was turned down: RST to the SYN, or destination unreachable. `connection.refusal` tells which. Told once;
   * a SYN that is sent again after an unreachable may be turned down again, or get through.
   */
  refused(connection: Connection, moment: Moment): void;
  /** Last call for this connection. */
  forgotten(connection: Connection, why: Forgotten, at: Nanos): void;
}

/** Facts that belong to no connection. */
export interface HostSink {
  /** `asker` asked for the link-layer address of `target` as often as the kernel does, and got no answer so far. */
  neighbourSilent(fact: NeighbourSilent): void;
  /** A resolver's answer, or its refusal to be reached. */
  resolved(answer: ResolverAnswer): void;
}

export interface NeighbourSilent {
  readonly asker: string;
  readonly target: string;
  readonly first: Moment;
  readonly last: Moment;
  readonly queries: number;
}

export interface ResolverAnswer {
  readonly asker: Endpoint;
  readonly server: Endpoint;
  readonly name: string;
  readonly asked: Moment;
  /** DNS RCODE (RFC 1035 4.1.1); `unreachable`: ICMP said so; `silent`: no answer was seen. */
  readonly outcome: number | 'unreachable' | 'silent';
  readonly answered: Moment | undefined;
  /** Address records in the answer; 0 with RCODE 0 is an empty answer. */
  readonly addresses: number;
}
