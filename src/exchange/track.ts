/** One connection's exchanges, and which of them what is said belongs to. */

import { assertNever } from '../model/assert-never.ts';
import { type Connection, opposite, streamOf } from '../model/connection.ts';
import type { Dialogue, TlsStep } from '../model/message.ts';
import type { Nanos } from '../model/time.ts';
import { type ExchangeRecord, TlsRecord } from './record.ts';

/** Those still under way, oldest first. */
export interface Track {
  readonly connection: Connection;
  dialogue: Dialogue | undefined;
  readonly open: ExchangeRecord[];
  /** The latest exchange, also after it ended: closes that follow belong to it. */
  latest: ExchangeRecord;
  requests: number;
  responseEnd: Nanos | undefined;
}

/** `undefined` where the connection is not followed. No other station writes there. */
export function trackOf(connection: Connection): Track | undefined {
  return connection.track as Track | undefined;
}

/** The exchange that octets from the server belong to: the named request's, else the oldest one still unanswered. */
export function answering(track: Track, requestId: number): ExchangeRecord {
  for (const exchange of track.open) {
    if (exchange.requestId === requestId && !exchange.response?.end) return exchange;
  }
  return track.open[0] ?? track.latest;
}

/** The same of a response. Where only one is told, with some of the requests, it may answer one that is not among them. */
export function answeredBy(track: Track, requestId: number): ExchangeRecord | undefined {
  const exchange = answering(track, requestId);
  const another = exchange.request !== undefined && exchange.requestId !== requestId;
  return another && track.connection.untold !== undefined ? undefined : exchange;
}

/** Which request of its connection the latest one is. Where only some are told, HTTP/2's streams tell it: clients have the odd ones. */
export function nthOf({ connection, requests }: Track, { requestId }: { readonly requestId: number }): number {
  const { untold } = connection;
  if (untold === undefined) return requests;
  return requestId > 0 ? (requestId + 1) >> 1 : untold + requests;
}

/** The latest exchange with that request id: the one whose request is being sent. */
export function asking(track: Track, requestId: number): ExchangeRecord | undefined {
  for (let at = track.open.length - 1; at >= 0; at--) {
    const exchange = track.open[at];
    if (exchange?.requestId === requestId) return exchange;
  }
  return undefined;
}

/** The capture has the answer before the request, so that nobody could read it. An HTTP/2 server speaks before it is asked. */
export function isLate({ connection, dialogue, requests, open }: Track): boolean {
  if (requests > 0 || !dialogue) return false;
  if (dialogue.protocol === 'http/2' || open.some(({ response }) => response)) return false;
  return streamOf(connection, opposite(dialogue.clientDirection)).octets > 0;
}

/** What was seen of TLS on the connection. */
export function tlsOf({ latest }: Track): TlsRecord {
  const rare = latest.rare();
  rare.tls ??= new TlsRecord();
  return rare.tls;
}

export function tlsStep(track: Track, message: TlsStep): void {
  const tls = tlsOf(track);
  switch (message.step) {
    case 'client-hello':
      tls.clientHello ??= message.moment;
      tls.serverName ||= message.serverName;
      return;
    case 'server-hello':
      tls.serverHello ??= message.moment;
      return;
    case 'application-data':
      if (message.direction === message.dialogue.clientDirection) tls.applicationData ??= message.moment;
      else tls.answer ??= message.moment;
      return;
    default:
      assertNever(message.step);
  }
}
