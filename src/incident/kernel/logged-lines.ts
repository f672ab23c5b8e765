/**
 * The lines of a gateway's error log, each told with the connection that its thread's acts tie it to. A line is believed to be
 * about a request only if what it says itself does not speak against it: it names the request, and of an attempt the peer.
 */
import type { Exchange } from '../../model/exchange.ts';
import type { Logged } from '../../model/kernel-event.ts';
import { keep } from '../kept.ts';

/** Kept until their attempt or their answer is told: minutes of a gateway on which everything fails. */
export const LINES_KEPT = 1 << 12;

export class LoggedLines {
  readonly #lines = new Map<number, Logged>();

  logged(event: Logged): void {
    keep(this.#lines, event.socket, event, LINES_KEPT);
  }

  /** The latest line that is tied to this connection. */
  of(socket: number): Logged | undefined {
    return this.#lines.get(socket);
  }

  /** The same, once: a client's connection may have many answers. */
  take(socket: number): Logged | undefined {
    const line = this.#lines.get(socket);
    this.#lines.delete(socket);
    return line;
  }
}

/** It may be about this request. */
export function isOfRequest({ line }: Logged, { request }: Exchange): boolean {
  return !request || says(line, ', request: "', [`${request.method} ${request.target} `]);
}

/** It is about a request that the gateway made of this one for itself (a mirror, SSI): no answer to the client follows from that. */
export function isOfSubrequest({ line }: Logged): boolean {
  return line.includes(', subrequest: "');
}

/** The peer's name was not found: nobody was tried for that request, whatever its thread ended last before it gave up waiting. */
export function isOfNoAttempt({ line }: Logged): boolean {
  return /^[^\s,]+ could not be resolved \(\d+: /.test(line);
}

const SCHEMES = ['http', 'https', 'fastcgi', 'uwsgi', 'suwsgi', 'scgi', 'grpc', 'grpcs', 'memcached'];
/** Of an address: a URI follows, behind a unix socket's path with a colon; or nothing. */
const ENDS = ['/', ':', '"'];

/** .. and about an attempt at this peer. nginx names the address as it has it, behind the scheme. */
export function isOfPeer({ line }: Logged, peer: string): boolean {
  const named = SCHEMES.flatMap((scheme) => ENDS.map((end) => `${scheme}://${peer}${end}`));
  return says(line, ', upstream: "', named);
}

/**
 * Behind one of the places where this label stands follows one of these values, as far as the line goes: it is cut at some length,
 * and a message or a target may hold a label too.
 */
function says(line: string, label: string, values: readonly string[]): boolean {
  let at = line.indexOf(label);
  if (at < 0) return true;
  for (; at >= 0; at = line.indexOf(label, at + 1)) {
    const from = at + label.length;
    const rest = line.length - from;
    if (values.some((value) => line.startsWith(value.slice(0, rest), from))) return true;
  }
  return false;
}
