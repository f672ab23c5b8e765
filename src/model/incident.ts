/** Boundary 6, incident -> verdict: one request at a gateway and the attempts that were made for it, in order. */
import type { NeighbourSilent, ResolverAnswer } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import type { Exchange } from './exchange.ts';
import type { AttemptWitness, Logged } from './kernel-event.ts';
import type { Moment } from './time.ts';

/** How an attempt was tied to its request, best first (design: "which attempt belongs to which 502"). */
export type Link = 'kernel' | 'log' | 'identity' | 'timing';

/** One try at one peer, as the gateway made it. */
export interface Attempt {
  /** Counted from 1. */
  readonly n: number;
  /** The peer; port 0 where only its address is known. */
  readonly peer: Endpoint;
  /**
   * `undefined` for an attempt that left no connection: a peer whose link-layer address nobody answered for, or a connect()
   * that failed before a packet was sent.
   */
  readonly exchange: Exchange | undefined;
  readonly silent: NeighbourSilent | undefined;
  readonly link: Link;
  /**
   * How much worse the next best assignment explains the capture, in nats (natural units of likelihood); Infinity where
   * an identity admits no other request.
   */
  readonly margin: number;
  /** Every other way to assign attempts gives this request an attempt with the same cause and peer. */
  readonly interchangeable: boolean;
  /** What the kernel saw of it; `undefined` where the kernel was not asked. */
  readonly witness: AttemptWitness | undefined;
}

/** The failure that took a peer away from its group for a while. */
export interface PeerFailure {
  /** Incident or masked id of the request that met it; empty where it has none. */
  readonly id: string;
  readonly peer: string;
  readonly moment: Moment;
  /** It was on a kept-alive connection: the peer may be well. */
  readonly reused: boolean;
}

/**
 * Why a 502 is believed to have had no live peer (left): without an attempt of its own, or after attempts that nginx would
 * have passed on to the next peer, had there been one.
 */
export interface NoLive {
  /** Failed attempts at the same group before it, newest last: ids of incidents or masked failures, and the peers. */
  readonly chain: readonly PeerFailure[];
  /** The failures are tied to their requests by identity, not by timing alone. */
  readonly sure: boolean;
  /** The first of the failures was on a reused connection (a keep-alive race that became an outage). */
  readonly afterStaleKeepalive: boolean;
}

/** For whoever watches while incidents are being worked out. What it is told is never final. */
export interface IncidentWatcher {
  /** A gateway has just answered 502; the incident as it looks now, without an id, or `undefined` while its attempts are open to question. */
  early(exchange: Exchange, incident: Incident | undefined): void;
  /** It was no incident after all: a peer's own answer. */
  withdrawn(exchange: Exchange): void;
  /** A gateway's try at a peer is over, whatever its outcome. */
  attempted(exchange: Exchange): void;
}

export interface Incident {
  readonly id: string;
  /** `incident`: a 502 left the gateway. `masked`: the client got something else although an attempt failed. */
  readonly kind: 'incident' | 'masked';
  /** The gateway's own address and port, as its client reached it. */
  readonly gateway: Endpoint;
  /** The downstream exchange. */
  readonly exchange: Exchange;
  readonly attempts: readonly Attempt[];
  /** A failed attempt nobody claims lies in this request's window and could be its last one: bars `certain`. */
  readonly rivals: number;
  /** The kernel saw what the gateway did for this request: these attempts, or none. */
  readonly witnessed: boolean;
  /** .. and would have told of those at unix sockets, too. */
  readonly unixWitnessed: boolean;
  /** What the gateway wrote into its error log right before it answered, after all attempts. */
  readonly logged: Logged | undefined;
  /** After the last attempt a peer may have been left that was considered down. */
  readonly mayHaveOthers: boolean;
  readonly noLive: NoLive | undefined;
  /** A resolver's failure within the request's window. */
  readonly resolver: ResolverAnswer | undefined;
  /** The incident or masked id of the gateway behind this one, where its own 502 was passed on. */
  readonly nextHop: string | undefined;
  /** Losses that overlap the request's window. */
  readonly losses: number;
  /** Requests that went well meanwhile were left out by the capture program. */
  readonly leftOut: boolean;
  /** When the verdict was settled. */
  readonly settled: Moment;
}
