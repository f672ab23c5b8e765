/** Tells which exchanges are attempts that failed without showing what they were for. */
import type { Exchange } from '../model/exchange.ts';
import { outcomeOf } from '../model/outcome.ts';

/** A SYN without an answer for this long is taken for a hanging attempt when the client is answered. */
export const HANGING_AFTER = 400e6;

/**
 * Did this connection end, without any request seen on it, in a way that a gateway calls a failed attempt?
 * A connection that nothing was said on and that its opener closed is none: somebody looked whether the port is open.
 */
export function isHiddenFailure(exchange: Exchange): boolean {
  if (exchange.request || exchange.nth > 0 || exchange.connection.midstream || exchange.tls?.answer) return false;
  const { is } = outcomeOf(exchange);
  if (is === 'failed' || is === 'rejected') return true;
  if (is !== 'abandoned') return false;
  // A server that spoke first, or a handshake: the gateway did not leave for lack of interest.
  return !exchange.connection.synAck || exchange.tls?.clientHello !== undefined || exchange.serverOctets > 0;
}

/** Is this connection still waiting for an answer to its SYN after a time in which every living peer answers? */
export function isHanging(exchange: Exchange, now: number): boolean {
  const { connection } = exchange;
  return !connection.synAck && !connection.refusal && now - exchange.start.at >= HANGING_AFTER;
}
