/**
 * How attempts ended, as the kernel told it, each with its connection where the capture holds it. The two find each other as
 * they come, so that nobody has to keep every connection until a request is settled.
 */
import type { Exchange } from '../../model/exchange.ts';
import type { AttemptEnded } from '../../model/kernel-event.ts';
import { MILLISECOND, type Moment, type Nanos, SECOND } from '../../model/time.ts';
import { keep } from '../kept.ts';

/** Kept of each kind: minutes of a gateway on which everything fails. */
export const EVENTS_KEPT = 1 << 14;
/** Connections between the same ends, the latest ones. */
const ROUNDS_KEPT = 4;
/** By clocks. */
const TOLD_BEFORE: Nanos = MILLISECOND;
/** A gateway that was busy, or stopped, closes what its peer closed long before. */
const TOLD_WITHIN: Nanos = 5 * SECOND;

/** Gateways that handle one event to its end before the next one, so that neighbouring acts belong together (causes 4.3). */
const IN_ORDER: ReadonlySet<string> = new Set(['nginx', 'openresty', 'angie', 'freenginx', 'tengine']);

export interface Ending {
  readonly event: AttemptEnded;
  /** `undefined` where there is none, and again once its request is settled. */
  exchange: Exchange | undefined;
  /** Its request is settled: it was made for nobody else. */
  spent: boolean;
}

/** Does the order in which this process acts tell what belongs together? */
export function isInOrder({ process }: { readonly process: AttemptEnded['process'] }): boolean {
  return IN_ORDER.has(process.name);
}

export class Endings {
  /** In order: a connection may be used for one request after the other. Of all of them so many are kept. */
  readonly #bySocket = new Map<number, Ending[]>();
  #kept = 0;
  /** The latest one between these ends. */
  readonly #byEnds = new Map<string, Ending>();
  /** By both ends, in order: of a peer that refuses, the same port may come round again at once. */
  readonly #exchanges = new Map<string, readonly Exchange[]>();
  /** Those of them that are over, in the order in which they ended, with their ends. */
  readonly #over = new Map<Exchange, string>();

  ended(event: AttemptEnded): void {
    const ending: Ending = { event, exchange: undefined, spent: false };
    this.#keep(ending);
    if (!event.ends) return;
    const key = `${event.ends.local} ${event.ends.remote}`;
    keep(this.#byEnds, key, ending, EVENTS_KEPT);
    if (isInOrder(event)) ending.exchange = this.#exchanges.get(key)?.findLast((exchange) => isOf(exchange, event));
  }

  /** The connection that was used longest ago makes room, or where there is no other, its oldest use. */
  #keep(ending: Ending): void {
    const { socket } = ending.event;
    const onIt = this.#bySocket.get(socket) ?? [];
    onIt.push(ending);
    this.#bySocket.delete(socket);
    this.#bySocket.set(socket, onIt);
    if (++this.#kept <= EVENTS_KEPT) return;
    for (const [oldest, ends] of this.#bySocket) {
      ends.shift();
      this.#kept--;
      if (ends.length === 0) this.#bySocket.delete(oldest);
      return;
    }
  }

  /** An exchange begins, is closing or has ended: it may be an attempt that the kernel tells of. */
  observe(exchange: Exchange): void {
    const key = keyOf(exchange);
    const known = this.#exchanges.get(key);
    if (!known?.includes(exchange)) {
      keep(this.#exchanges, key, [...(known ?? []).slice(1 - ROUNDS_KEPT), exchange], EVENTS_KEPT);
      const ending = this.#byEnds.get(key);
      if (ending && !ending.spent && isInOrder(ending.event) && isMadeFor(ending, exchange)) ending.exchange = exchange;
    }
    if (!exchange.end) return;
    keep(this.#over, exchange, key, EVENTS_KEPT);
    this.#forgetOver(exchange.end.moment.at - TOLD_WITHIN);
  }

  #forgetOver(until: Nanos): void {
    for (const [exchange, key] of this.#over) {
      if ((exchange.end?.moment.at ?? until) > until) return;
      this.#over.delete(exchange);
      const left = this.#exchanges.get(key)?.filter((other) => other !== exchange) ?? [];
      if (left.length > 0) this.#exchanges.set(key, left);
      else this.#exchanges.delete(key);
    }
  }

  /** The last one before `then` of the connection with this number. */
  of(socket: number, then: Moment): Ending | undefined {
    return this.#bySocket.get(socket)?.findLast(({ event }) => event.moment.frame < then.frame);
  }

  /** How the attempt between the ends of this exchange ended. */
  between(exchange: Exchange): AttemptEnded | undefined {
    return this.#byEnds.get(keyOf(exchange))?.event;
  }

  /** The connection that these ends had last, as endpoints are written: the client's first. */
  latestBetween(client: string, server: string): Exchange | undefined {
    return this.#exchanges.get(`${client} ${server}`)?.at(-1);
  }

  /** The request that this attempt was made for is settled; of one without a connection nothing tells whether there are more. */
  spend(event: AttemptEnded): void {
    const ending = this.#bySocket.get(event.socket)?.find((each) => each.event === event);
    if (!ending?.exchange) return;
    ending.exchange = undefined;
    ending.spent = true;
  }
}

function keyOf({ client, server }: Exchange): string {
  return `${client.text} ${server.text}`;
}

/** What began behind it is the connection's next request, unless there is no other that it could be told of. */
function isMadeFor({ event, exchange: known }: Ending, exchange: Exchange): boolean {
  return isOf(exchange, event) && (!known || exchange.start.at <= event.moment.at);
}

/** A later one between the same ends is another; one of which all is over at once may stand behind what is told of it. */
function isOf({ start }: Exchange, { moment }: AttemptEnded): boolean {
  return start.at <= moment.at + TOLD_BEFORE;
}
