/** Evidence and phrases that many causes share: how the attempt began, and how its end lies to its request. */

import { elapsed } from '../model/time.ts';
import type { Evidence } from '../model/verdict.ts';
import { type Close, isForeignRst, type Wire } from './wire-facts.ts';
import { duration, octets, packet, relative } from './words.ts';

/** Said where the gateway's own word would decide. */
export const LOG_UNSEEN = "the gateway's error log: its line for this request would decide";
export const COUNT_UNSEEN = 'the gateway\'s own count of failures: only its error log tells ("no live upstreams")';

export const PROCESS_UNSEEN = "the peer's process: no kernel events in this capture";

/** What to do where all that ever happened were lost races on kept-alive connections. */
export const RACE_ADVICE: readonly string[] = [
  "Make the gateway close idle connections first: keepalive_timeout in the upstream block shorter than the peers' idle timeout.",
  'Raise max_fails (or max_fails=0) and lower fail_timeout, so that one failure does not take a peer away from everybody.',
];

/** Said of every cause whose root is inside the peer. */
export function processUnseen(wire: Wire): readonly string[] {
  return wire.attempt.link === 'kernel' ? [] : [PROCESS_UNSEEN];
}

/** The connection's and the request's part of the story. */
export function beginning(wire: Wire): readonly Evidence[] {
  const { connection, request, idle, nth } = wire.exchange;
  const told: Evidence[] = [];
  if (wire.reused && request) {
    const since = idle === undefined || idle < 0 ? '' : `, idle for ${duration(idle)}`;
    told.push(packet(request.start, `connection to ${wire.peer} used again (request ${nth} on it)${since}`));
  } else if (connection.established && connection.syn) {
    const took = elapsed(connection.syn, connection.established);
    const after = took === undefined ? '' : `, open after ${duration(took)}`;
    told.push(packet(connection.established, `new connection to ${wire.peer}${after}`));
  }
  if (request?.end) told.push(packet(request.end, `request complete (${octets(request.octets)})`));
  return told;
}

/** `RST from the peer 0.3 ms after the end of the request; no response octets`. */
export function closeText(wire: Wire, close: Close): string {
  const answer = wire.responseOctets === 0 ? 'no response octets' : `${octets(wire.responseOctets)} of a response`;
  return `${closeFlag(close, wire)} from the peer ${closeWhen(wire, close)}; ${answer}`;
}

export function closeFlag({ rst, alert }: Close, { exchange }: Wire): string {
  if (exchange.connection.transport === 'unix') return rst ? 'reset' : 'close';
  return alert ? 'encrypted TLS alert' : rst ? 'RST' : 'FIN';
}

/** `0.3 ms after the end of the request`, or what else it can be measured from. */
export function closeWhen(wire: Wire, close: Close): string {
  const { request, connection } = wire.exchange;
  if (request?.end && wire.requestWhole) return relative(close, request.end, 'the end of the request');
  if (request) return relative(close, request.start, 'the start of the request');
  if (wire.sent) return relative(close, wire.sent, "the gateway's last octets");
  if (connection.established) return relative(close, connection.established, 'the handshake');
  return 'before anything was sent';
}

/** The 502 (or what else) that the gateway's client got. */
export function told(wire: Wire): readonly Evidence[] {
  const { response } = wire.incident.exchange;
  if (!response?.head) return [];
  return [packet(response.head, `${response.status > 0 ? response.status : 'octets without a status'} to the client`)];
}

export function foreignRst(wire: Wire): readonly string[] {
  if (!isForeignRst(wire)) return [];
  const { ttl, rstTtl } = wire.server;
  return [
    `who sent the RST: its TTL is ${rstTtl}, that of the peer's other segments ${ttl}; a middlebox may have made it`,
  ];
}
