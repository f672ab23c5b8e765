/** How long a body is: RFC 9112 6.3, in its order. */
import type { HeadFacts } from './fields.ts';
import { BAD_LENGTH, NO_LENGTH } from './fields.ts';

export type Framing =
  | 'none' // no body: the message ends with its head
  | 'length' // as many octets as Content-Length says
  | 'chunked'
  | 'close' // everything until the server closes
  | 'tunnel' // HTTP is over on this connection
  | 'unknown'; // cannot be told: look for the next message

/** What of a request decides how its response is framed. */
export type MethodKind = 'HEAD' | 'CONNECT' | 'other';

export function methodKind(method: string): MethodKind {
  return method === 'HEAD' || method === 'CONNECT' ? method : 'other';
}

export function requestFraming(facts: Pick<HeadFacts, 'length' | 'coding'>): Framing {
  if (facts.coding === 'chunked') return 'chunked';
  // "the message body length cannot be determined reliably": the server answers 400 and closes.
  if (facts.coding === 'other' || facts.length === BAD_LENGTH) return 'unknown';
  return facts.length === NO_LENGTH || facts.length === 0 ? 'none' : 'length';
}

export function responseFraming(
  facts: Pick<HeadFacts, 'length' | 'coding'>,
  status: number,
  method: MethodKind,
): Framing {
  if (status === 101) return 'tunnel';
  if (isBodiless(status, method)) return 'none';
  if (method === 'CONNECT' && status < 300) return 'tunnel';
  if (facts.coding === 'chunked') return 'chunked';
  if (facts.coding === 'other' || facts.length < 0) return 'close';
  return facts.length === 0 ? 'none' : 'length';
}

/** A response without a body, whatever its head says. */
export function isBodiless(status: number, method: MethodKind): boolean {
  return method === 'HEAD' || status < 200 || status === 204 || status === 304;
}
