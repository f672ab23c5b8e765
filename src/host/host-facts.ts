/** Station host: facts that belong to no connection (`HostSink`): silent neighbours, and what became of DNS questions. */
import type { HostSink } from '../model/connection.ts';
import type { Datagram, Neighbour, SegmentSink, Unreachable } from '../model/segment.ts';
import type { Nanos } from '../model/time.ts';
import { type HostCounters, newCounters } from './counters.ts';
import { HOST_LIMITS, type HostLimits, TICK_TIME } from './limits.ts';
import { Neighbours } from './neighbours.ts';
import { Resolver } from './resolver.ts';

export class HostFacts implements Pick<SegmentSink, 'unreachable' | 'neighbour' | 'datagram'> {
  readonly counters: HostCounters = newCounters();
  readonly #neighbours: Neighbours;
  readonly #resolver: Resolver;
  #nextTick: Nanos = 0;

  constructor(sink: HostSink, limits: HostLimits = HOST_LIMITS) {
    this.#neighbours = new Neighbours(sink, limits, this.counters);
    this.#resolver = new Resolver(sink, limits, this.counters);
  }

  neighbour(neighbour: Neighbour): void {
    this.#neighbours.neighbour(neighbour);
  }

  datagram(datagram: Datagram): void {
    this.#resolver.datagram(datagram);
  }

  unreachable(about: Unreachable): void {
    this.#resolver.unreachable(about);
  }

  /** Tells what nobody answered in time. */
  tick(now: Nanos): void {
    if (now < this.#nextTick) return;
    this.#nextTick = now + TICK_TIME;
    this.#neighbours.tick(now);
    this.#resolver.tick(now);
  }

  /** The capture is over: what was asked less than its time ago stays open and is not told. */
  end(at: Nanos): void {
    this.#nextTick = 0;
    this.tick(at);
  }
}
