/**
 * What the packets of one attempt say, read off the model once and shared by all causes.
 * Order is by frame, never by time: frames are in capture order and times may be equal (causes 1.7: FIN then RST is a close).
 */
import type { Direction, StreamFacts } from '../model/connection.ts';
import type { Exchange, ResponseFacts, TlsFacts } from '../model/exchange.ts';
import type { Attempt, Incident } from '../model/incident.ts';
import type { Fault, FaultName, TlsAlert } from '../model/message.ts';
import { type Outcome, outcomeOf } from '../model/outcome.ts';
import { elapsed, MILLISECOND, type Moment, type Nanos } from '../model/time.ts';

/** How a side ended: with a RST, a FIN, or inside TLS with an alert that nobody can read. */
export type Close = Moment & { readonly rst: boolean; readonly alert?: true };

export interface Wire {
  readonly incident: Incident;
  readonly attempt: Attempt;
  readonly exchange: Exchange;
  readonly peer: string;
  readonly outcome: Outcome;
  /** The gateway's stream and the peer's. */
  readonly client: StreamFacts;
  readonly server: StreamFacts;
  readonly serverDirection: Direction;
  /** It is the last attempt made for the request. */
  readonly last: boolean;
  /** The status that the gateway gave its client; 0 where it gave none. */
  readonly status: number;
  /** The peer answered, and the gateway did not pass that on: it sent a 502 of its own, or refused it and went on. */
  readonly dropped: boolean;
  /** The first FIN or RST, if it came from the peer. */
  readonly close: Close | undefined;
  /** The first FIN or RST, if it came from the gateway. */
  readonly gatewayClose: Close | undefined;
  /** The request was complete before the connection ended. */
  readonly requestWhole: boolean;
  /** The end of the request, or the gateway's last octets where the end was not seen. */
  readonly sent: Moment | undefined;
  /** From `sent` to the first FIN or RST of either side. */
  readonly waited: Nanos | undefined;
  /** Octets of the peer that count as a response, readable or not. */
  readonly responseOctets: number;
  /** TLS whose contents nobody decrypted. */
  readonly encrypted: boolean;
  /** The connection had been used before this request, as far as can be seen. */
  readonly reused: boolean;
  /** Round trip of the handshake. */
  readonly rtt: Nanos | undefined;
}

export function wireOf(incident: Incident, attempt: Attempt, exchange: Exchange): Wire {
  const { connection, request } = exchange;
  const forward = exchange.client.text === connection.active.text;
  const client = forward ? connection.forward : connection.reverse;
  const outcome = outcomeOf(exchange);
  const last = attempt === incident.attempts.at(-1);
  const status = incident.exchange.response?.status ?? 0;
  const server = forward ? connection.reverse : connection.forward;
  const serverClose = firstCloseOf(exchange, server);
  const close = first(serverClose, exchange.clientClose);
  const gatewayClose = first(exchange.clientClose, serverClose);
  const ended = close ?? gatewayClose;
  const end = request?.end;
  const encrypted = exchange.tls !== undefined && request === undefined;
  const sent = sentOf(exchange, client, ended);
  return {
    incident,
    attempt,
    exchange,
    peer: attempt.peer.text,
    outcome,
    client,
    server,
    serverDirection: forward ? 'reverse' : 'forward',
    last,
    status,
    dropped: outcome.is === 'answered' && outcome.status !== 502 && wasDropped(incident, exchange, last),
    close,
    gatewayClose,
    requestWhole: request ? end !== undefined && !(ended && ended.frame < end.frame) : exchange.protocol === undefined,
    sent,
    waited: sent && ended && elapsed(sent, ended),
    responseOctets: responseOctetsOf(exchange),
    encrypted,
    reused:
      exchange.reused || (connection.midstream && exchange.clientOctets > 0) || usedBefore(encrypted, exchange, client),
    rtt: connection.established && connection.lastSyn && elapsed(connection.lastSyn, connection.established),
  };
}

/**
 * The peer's first act of ending. A FIN on an idle connection comes before the request that it crosses, and so before its
 * exchange; inside TLS a goodbye comes before the FIN, and the gateway may close in between.
 */
function firstCloseOf(exchange: Exchange, { fin }: StreamFacts): Close | undefined {
  const { serverClose, response } = exchange;
  if (response?.head) return serverClose;
  const goodbye = exchange.request ? undefined : exchange.tls?.alerts.find((alert) => isGoodbye(alert, exchange.tls));
  const crossing: Close | undefined = fin && { at: fin.at, frame: fin.frame, rst: false };
  const alert: Close | undefined = goodbye && { ...goodbye.moment, rst: false, alert: true };
  return [serverClose, crossing, alert].reduce((a, b) => (a && !(b && b.frame < a.frame) ? a : b));
}

/** An encrypted alert of a peer that was asked and never answered (the protocol tells no other of its side). */
function isGoodbye({ description, direction, dialogue }: TlsAlert, tls: TlsFacts | undefined): boolean {
  return description < 0 && direction !== dialogue.clientDirection && tls?.applicationData !== undefined;
}

/** A 502 came of it, or another attempt after an answer that a gateway refuses. */
function wasDropped(incident: Incident, exchange: Exchange, last: boolean): boolean {
  return last ? incident.kind === 'incident' : exchange.faults.some((fault) => REFUSED.has(fault.name));
}

const REFUSED: ReadonlySet<FaultName> = new Set<FaultName>([
  'header-line',
  'header-conflict',
  'status',
  'record-version',
  'record-type',
  'record-request-id',
  'memcached-reply',
  'http2-frame',
]);

/** `close` unless the other side closed before. */
function first(close: Close | undefined, other: Close | undefined): Close | undefined {
  return close && !(other && other.frame < close.frame) ? close : undefined;
}

/** Inside TLS the peer sends octets that answer nothing. HTTP/2's SETTINGS count: nginx has then received something. */
function responseOctetsOf(exchange: Exchange): number {
  const read = exchange.response?.octets ?? 0;
  return exchange.tls ? read : Math.max(read, exchange.serverOctets);
}

/** Inside TLS requests cannot be counted: octets of the client after an answer were another one. */
function usedBefore(encrypted: boolean, exchange: Exchange, client: StreamFacts): boolean {
  const answer = exchange.tls?.answer;
  return encrypted && answer !== undefined && client.lastOctet !== undefined && client.lastOctet.frame > answer.frame;
}

/** When the request was sent, as far as can be seen; inside TLS later octets may be a goodbye. */
function sentOf(exchange: Exchange, client: StreamFacts, ended: Close | undefined): Moment | undefined {
  const { request, tls, clientOctets } = exchange;
  if (request?.end) return request.end;
  const { lastOctet } = client;
  const late = lastOctet !== undefined && ended !== undefined && lastOctet.frame > ended.frame;
  if (late) return tls?.applicationData;
  return clientOctets > 0 ? lastOctet : undefined;
}

/** No octet of a response came; inside TLS: no octets of the application since the gateway's last ones. */
export function isUnanswered(wire: Wire): boolean {
  const { response, tls } = wire.exchange;
  if (response) return false;
  if (!wire.encrypted) return wire.responseOctets === 0;
  if (!tls?.applicationData) return false;
  if (!tls.answer) return true;
  const asked = wire.client.lastOctet;
  const said = wire.server.lastOctet;
  return (
    asked !== undefined &&
    said !== undefined &&
    asked.frame > said.frame &&
    !(wire.close && asked.frame > wire.close.frame)
  );
}

/** A response began, but its head was never complete. */
export function isHeadOpen(wire: Wire): boolean {
  const { response } = wire.exchange;
  return !wire.encrypted && response?.head === undefined && (response !== undefined || wire.responseOctets > 0);
}

/** The peer sent octets, but none of a response: HTTP/2 frames that set the connection up. */
export function isPreamble(wire: Wire): boolean {
  return wire.exchange.protocol === 'http/2' && wire.exchange.response === undefined && wire.responseOctets > 0;
}

/** The handshake was never answered, nor turned down. */
export function isConnecting(wire: Wire): boolean {
  const { connection } = wire.exchange;
  return (
    !connection.midstream &&
    connection.syn !== undefined &&
    connection.synAck === undefined &&
    connection.established === undefined &&
    wire.exchange.clientOctets === 0 &&
    wire.exchange.serverOctets === 0 &&
    wire.close === undefined
  );
}

/** The peer acknowledged nothing of this request: it was gone, or had closed, before the request arrived. */
export function isUnread(wire: Wire): boolean {
  const { clientOctets } = wire.exchange;
  return clientOctets > 0 && wire.client.acknowledged <= wire.client.octets - clientOctets;
}

/** The peer's process lives on, and had not read one octet of the request when it closed, as its kernel says. */
export function isUntouched({ attempt, exchange }: Wire): boolean {
  const closer = attempt.witness?.closer;
  if (closer?.kind !== 'reset-sent' || !closer.process || closer.death || exchange.clientOctets === 0) return false;
  return closer.unread !== undefined && closer.unread >= exchange.clientOctets;
}

/** .. or had read all of it: then it reset the connection because of it, or for reasons of its own, but in no race. */
export function isRead({ attempt }: Wire): boolean {
  const closer = attempt.witness?.closer;
  return closer?.kind === 'reset-sent' && closer.accepted && closer.process !== undefined && closer.unread === 0;
}

/** The first fault of the peer with one of these names. */
export function maybeFault(wire: Wire, ...names: readonly FaultName[]): Fault | undefined {
  return wire.exchange.faults.find((fault) => fault.direction === wire.serverDirection && names.includes(fault.name));
}

/** TLS record types and the first octet of its version (RFC 8446 5.1). */
const TLS_ALERT = 0x15;
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR = 0x03;
/** First octets of a FastCGI record (FastCGI 1.0, 8). */
const FCGI_VERSION_1 = 1;
const FCGI_MAXTYPE = 11;

/** 103 where HTTP/1.0 allows no interim response. */
export function isEarlyHints(fault: Fault): boolean {
  return fault.name === 'status' && fault.detail === 'early-hints';
}

export type Speech = 'http' | 'tls' | 'fastcgi';

/** What the offending octets are, where they are another protocol's first. */
export function maybeSpeech(fault: Fault): Speech | undefined {
  const { detail, sample } = fault;
  const first = sample.charCodeAt(0);
  const second = sample.charCodeAt(1);
  if (sample.startsWith('HTTP') || detail === 'http') return 'http';
  if (detail === 'tls' || ((first === TLS_ALERT || first === TLS_HANDSHAKE) && second === TLS_MAJOR)) return 'tls';
  if (detail === 'fastcgi' || (first === FCGI_VERSION_1 && second >= 1 && second <= FCGI_MAXTYPE)) return 'fastcgi';
  return undefined;
}

export function peerAlerts(wire: Wire): readonly TlsAlert[] {
  return (wire.exchange.tls?.alerts ?? []).filter((alert) => alert.direction === wire.serverDirection);
}

export function gatewayAlerts(wire: Wire): readonly TlsAlert[] {
  return (wire.exchange.tls?.alerts ?? []).filter((alert) => alert.direction !== wire.serverDirection);
}

/** Octets of a response's head: those seen less the body's, or by its fields where the body's framing hides that. */
export function headOctetsOf(response: ResponseFacts): number {
  const fields = response.fields.reduce((sum, field) => sum + field.name.length + field.value.length + 4, 0);
  const chunked = response.fields.some((field) => field.name.toLowerCase() === 'transfer-encoding');
  return chunked ? fields : Math.max(fields, response.octets - response.bodyOctets);
}

/** One page, nginx's smallest default for `*_buffer_size` (4k or 8k by platform). */
export const HEAD_BUFFER = 4096;

/** The RST came from further away, or nearer, than the peer's other segments: a middlebox may have made it. */
export function isForeignRst(wire: Wire): boolean {
  const { ttl, rstTtl } = wire.server;
  return ttl !== 0 && rstTtl !== 0 && ttl !== rstTtl;
}

/** A gateway's own timer is a possible reason to leave: it tried another peer, or told its client 504. */
export function mayBeTimer(wire: Wire): boolean {
  return wire.status === 504 || !wire.last;
}

/** Shorter silences are not a timer of a gateway: nginx's are whole seconds by default, milliseconds by request. */
export const SHORTEST_TIMER: Nanos = 100 * MILLISECOND;

/** How long the connection had been silent when the gateway left it (or the request was over). */
export function silenceOf(wire: Wire): Nanos | undefined {
  const until = wire.gatewayClose ?? nextAct(wire);
  const since = Math.max(wire.server.lastOctet?.at ?? -1, wire.client.lastOctet?.at ?? -1, wire.exchange.start.at);
  return until && until.at >= since ? until.at - since : undefined;
}

/** What the gateway did next for the request: another attempt, or its answer. */
function nextAct(wire: Wire): Moment | undefined {
  const next = wire.incident.attempts.find((attempt) => attempt.n === wire.attempt.n + 1);
  return next ? (next.exchange?.start ?? next.silent?.first) : wire.incident.exchange.response?.start;
}
