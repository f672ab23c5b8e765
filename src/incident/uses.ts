/** Tells which exchanges are attempts that failed without showing what they were for. */
import type { Exchange } from '../model/exchange.ts';
import { outcomeOf } from '../model/outcome.ts';

/** A SYN without an answer for this long is taken for a hanging attempt when the client is answered. */
export const HANGING_AFTER = 400e6;
/** Octets of TLS records after the client's first application data that a server sends without answering: tickets, alerts. */
const TLS_HOUSEKEEPING = 1200;

/**
 * Did this connection end, without any request seen on it, in a way that a gateway calls a failed attempt?
 * A connection that nothing was said on and that its opener closed is none: somebody looked whether the port is open.
 */
export function isHiddenFailure(exchange: Exchange): boolean {
  if (exchange.request || exchange.nth > 0 || exchange.connection.midstream) return false;
  const { is } = outcomeOf(exchange);
  if (is === 'failed' || is === 'rejected') return !isAnsweredInSecret(exchange);
  if (is !== 'abandoned') return false;
  if (!exchange.connection.synAck) return true;
  return exchange.tls?.clientHello !== undefined && !isAnsweredInSecret(exchange);
}

/** Over TLS: the server sent enough after the request for it to have been an answer. */
function isAnsweredInSecret({ tls, serverOctets, connection }: Exchange): boolean {
  if (!tls?.applicationData) return false;
  const last = connection.reverse.lastOctet;
  return last !== undefined && last.frame > tls.applicationData.frame && serverOctets > TLS_HOUSEKEEPING * 4;
}

/** Is this connection still waiting for an answer to its SYN after a time in which every living peer answers? */
export function isHanging(exchange: Exchange, now: number): boolean {
  const { connection } = exchange;
  return !connection.synAck && !connection.refusal && now - exchange.start.at >= HANGING_AFTER;
}
