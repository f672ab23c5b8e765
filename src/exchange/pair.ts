/**
 * Pairs requests with responses on every connection: the station's face. Responses answer requests in order (RFC 9112
 * 9.3.2); FastCGI and HTTP/2 name the request by its id. A connection on which nothing was asked is an exchange too.
 */
import { assertNever } from '../model/assert-never.ts';
import {
  type Connection,
  type Direction,
  type Forgotten,
  type GapWhy,
  opposite,
  streamOf,
} from '../model/connection.ts';
import type { EndHow, ExchangeSink } from '../model/exchange.ts';
import type { Dialogue, Message, MessageSink, RequestHead, ResponseEnd } from '../model/message.ts';
import type { Moment, Nanos } from '../model/time.ts';
import { ExchangeRecord, ResponseRecord, TlsRecord } from './record.ts';
import { answeredBy, answering, asking, isLate, nthOf, type Track, tlsOf, tlsStep, trackOf } from './track.ts';

/** Requests outstanding on one connection; nginx pipelines none, HTTP/2 allows 128 streams by default. */
export const OUTSTANDING_LIMIT = 256;

export class ExchangePairing implements MessageSink {
  /** Requests not followed because a connection had too many outstanding. */
  overLimit = 0;
  readonly #emit: ExchangeSink;
  #count = 0;

  constructor(emit: ExchangeSink) {
    this.#emit = emit;
  }

  opened(connection: Connection, moment: Moment): void {
    const first = new ExchangeRecord({
      id: ++this.#count,
      connection,
      dialogue: undefined,
      idle: undefined,
      start: moment,
      serverBase: 0,
      clientBase: 0,
    });
    connection.track = {
      connection,
      dialogue: undefined,
      open: [first],
      latest: first,
      requests: 0,
      responseEnd: undefined,
    } satisfies Track;
    this.#emit.began(first);
  }

  /** A head that a snap length cut is told as far as it was seen. */
  gap(connection: Connection, direction: Direction, why: GapWhy): void {
    const track = why === 'cut' ? undefined : trackOf(connection);
    if (!track) return;
    const asked = direction === (track.dialogue?.clientDirection ?? 'forward');
    for (const exchange of [...track.open, track.latest]) {
      if (!exchange.response?.head && !(asked && exchange.request)) exchange.obscured = true;
    }
  }

  refused(connection: Connection, moment: Moment): void {
    const how: EndHow = connection.refusal?.how === 'unreachable' ? 'unreachable' : 'refused';
    this.#endAll(connection, how, moment);
  }

  finished(connection: Connection, direction: Direction, moment: Moment): void {
    this.#closed(connection, direction, false, moment);
  }

  reset(connection: Connection, direction: Direction, moment: Moment): void {
    this.#closed(connection, direction, true, moment);
  }

  forgotten(connection: Connection, _why: Forgotten, at: Nanos): void {
    const track = trackOf(connection);
    if (!track) return;
    this.#endAll(connection, 'forgotten', { at, frame: track.connection.last.frame });
    track.latest.freeze();
    connection.track = undefined;
  }

  recognised(dialogue: Dialogue, _moment: Moment): void {
    const track = trackOf(dialogue.connection);
    if (!track) return;
    track.dialogue = dialogue;
    track.latest.recognised(dialogue);
    if (dialogue.protocol === 'tls') track.latest.rare().tls = new TlsRecord();
  }

  message(message: Message): void {
    const track = trackOf(message.dialogue.connection);
    if (!track) return;
    switch (message.kind) {
      case 'request-head':
        this.#requestHead(track, message);
        return;
      case 'request-end':
        this.#requestEnd(track, message.requestId, message.octets, message.moment);
        return;
      case 'response-start':
        this.#responding(track, message.requestId, message.moment);
        return;
      case 'response-head': {
        const exchange = this.#responding(track, message.requestId, message.moment);
        if (!exchange?.response) return;
        if (message.interim) {
          exchange.response = undefined; // the final response starts anew
          return;
        }
        exchange.response.headed(message);
        this.#emit.responded(exchange);
        return;
      }
      case 'response-end':
        this.#responseEnd(track, message);
        return;
      case 'response-unseen':
        this.#responseUnseen(track, message.moment);
        return;
      case 'stderr':
        answering(track, message.requestId).addStderr(message.text);
        return;
      case 'end-request':
        answering(track, message.requestId).endRequest = message;
        return;
      case 'tls-step':
        tlsStep(track, message);
        return;
      case 'tls-alert':
        tlsOf(track).alert(message);
        return;
      case 'goaway':
        // Streams up to the last one named will still be answered.
        for (const exchange of [...track.open, track.latest]) {
          if (exchange.requestId === 0 || exchange.requestId > message.lastStream) exchange.rare().goaway ??= message;
        }
        return;
      case 'stream-reset':
        answering(track, message.requestId).rare().streamReset ??= message;
        return;
      case 'fault':
        (message.direction === message.dialogue.clientDirection
          ? track.latest
          : answering(track, message.requestId)
        ).fault(message);
        return;
      case 'lost':
        for (const exchange of track.open) exchange.lost = true;
        track.latest.lost = true;
        return;
      default:
        assertNever(message);
    }
  }

  #requestHead(track: Track, head: RequestHead): void {
    // The connection's first exchange has been there since its SYN and now gets its request.
    const first = track.requests === 0 && !track.latest.end;
    const exchange = first ? track.latest : this.#next(track, head);
    if (!exchange) return;
    const late = isLate(track);
    if (late) exchange.obscured = true;
    track.requests++;
    exchange.asked(head, nthOf(track, head));
    if (first) this.#emit.asked(exchange);
    else this.#emit.began(exchange);
    if (late && !first) this.#responseUnseen(track, head.moment);
  }

  #next(track: Track, head: RequestHead): ExchangeRecord | undefined {
    if (track.open.length >= OUTSTANDING_LIMIT) {
      this.overLimit++;
      return undefined;
    }
    track.latest.freeze();
    const { clientDirection } = head.dialogue;
    const exchange = new ExchangeRecord({
      id: ++this.#count,
      connection: track.connection,
      dialogue: track.dialogue,
      idle: track.responseEnd === undefined || track.open.length > 0 ? undefined : head.start.at - track.responseEnd,
      start: head.start,
      serverBase: streamOf(track.connection, opposite(clientDirection)).octets,
      clientBase: streamOf(track.connection, clientDirection).octets - head.headOctets,
    });
    track.open.push(exchange);
    track.latest = exchange;
    return exchange;
  }

  #requestEnd(track: Track, requestId: number, octets: number, moment: Moment): void {
    const exchange = asking(track, requestId);
    if (!exchange?.request || exchange.request.end) return;
    exchange.request.end = moment;
    exchange.request.octets = octets;
    this.#emit.requested(exchange);
    if (exchange.response?.end) this.#end(track, exchange, 'complete', exchange.response.end);
  }

  #responding(track: Track, requestId: number, moment: Moment): ExchangeRecord | undefined {
    const exchange = answeredBy(track, requestId);
    if (!exchange || exchange.end) return undefined;
    if (!exchange.response) {
      exchange.response = new ResponseRecord(moment);
      this.#emit.responding(exchange);
    }
    return exchange;
  }

  #responseEnd(track: Track, message: ResponseEnd): void {
    const exchange = answeredBy(track, message.requestId);
    const response = exchange?.response;
    if (!response || response.end || exchange.end) return;
    response.end = message.moment;
    response.how = message.how;
    response.octets = message.octets;
    response.bodyOctets = message.bodyOctets;
    track.responseEnd = message.moment.at;
    if (message.how === 'cut' || !response.head) return; // the close that cut it ends the exchange
    if (exchange.request && !exchange.request.end) return; // an early answer: the rest of the request may still fail
    this.#end(track, exchange, 'complete', message.moment);
  }

  #responseUnseen(track: Track, moment: Moment): void {
    const exchange = answering(track, 0);
    if (exchange.end || exchange.response) return;
    exchange.lost = true;
    this.#end(track, exchange, 'unseen', moment);
  }

  #closed(connection: Connection, direction: Direction, rst: boolean, moment: Moment): void {
    const track = trackOf(connection);
    if (!track) return;
    const clientDirection = track.dialogue?.clientDirection ?? 'forward';
    const side = direction === clientDirection ? 'client' : 'server';
    const { acknowledged, position } = streamOf(connection, clientDirection);
    for (const exchange of track.open) {
      // The server has a request that the capture brings later or never.
      if (!exchange.request && acknowledged > position) exchange.obscured = true;
      exchange.closedBy(side, rst, moment);
      if (side === 'client' && !exchange.serverClose) this.#emit.closing(exchange);
    }
    track.latest.closedBy(side, rst, moment);
    // A client's FIN may be half a close: its answer can still come.
    if (side === 'server') this.#endAll(connection, rst ? 'server-rst' : 'server-fin', moment);
    else if (rst) this.#endAll(connection, 'client-rst', moment);
  }

  #endAll(connection: Connection, how: EndHow, moment: Moment): void {
    const track = trackOf(connection);
    if (!track) return;
    // Nearly always there is one, or none.
    for (let oldest = track.open[0]; oldest; oldest = track.open[0]) this.#end(track, oldest, how, moment);
  }

  #end(track: Track, exchange: ExchangeRecord, how: EndHow, moment: Moment): void {
    const half = how === 'forgotten' && exchange.clientClose;
    exchange.end = half ? { how: 'client-fin', moment: half } : { how, moment };
    // Nearly always it is the oldest, and the only one.
    if (track.open[0] === exchange) track.open.shift();
    else track.open.splice(track.open.indexOf(exchange), 1);
    this.#emit.ended(exchange);
  }
}
