/**
 * Reads one HTTP/2 connection in clear (RFC 9113; prior knowledge, as gRPC and nginx's grpc_pass speak it): the preface,
 * then frames of both sides. Streams are the requests; their bodies are counted.
 */
import { type Direction, type GapWhy, opposite } from '../../model/connection.ts';
import type { Dialogue, FaultName, Field, Message } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import { type Moment, NO_MOMENT } from '../../model/time.ts';
import type { Parser, Side } from '../protocol.ts';
import { type Http2Listener, Http2Side } from './http2-side.ts';
import { PREFACE } from './preface.ts';

/** Streams followed at a time: nginx allows its clients 128, gRPC servers announce 100 or no limit; the oldest goes first. */
export const STREAMS_LIMIT = 1024;

const VERSION = 'HTTP/2.0';

interface Stream {
  readonly start: Moment;
  requestOctets: number;
  responseOctets: number;
  bodyOctets: number;
  asked: boolean;
  requestEnded: boolean;
  responding: boolean;
  responded: boolean;
  responseEnded: boolean;
}

type Saying = Message extends infer M ? (M extends Message ? Omit<M, 'dialogue' | 'moment'> : never) : never;

export class Http2Parser implements Parser {
  readonly #dialogue: Dialogue;
  readonly #emit: (message: Message) => void;
  readonly #client: Http2Side;
  readonly #server: Http2Side;
  readonly #streams = new Map<number, Stream>();
  #moment: Moment = NO_MOMENT;
  /** Octets of the preface seen; all of them once the first octet is another. */
  #preface = 0;

  constructor(dialogue: Dialogue, emit: (message: Message) => void) {
    this.#dialogue = dialogue;
    this.#emit = emit;
    this.#client = new Http2Side(true, this.#listen(dialogue.clientDirection));
    this.#server = new Http2Side(false, this.#listen(opposite(dialogue.clientDirection)));
    if (!dialogue.connection.spoken) return;
    this.#client.meetInMidst();
    this.#server.meetInMidst();
  }

  chunk(side: Side, octets: Octets, moment: Moment): void {
    this.#moment = moment;
    if (side === 'server') {
      this.#server.stream.chunk(octets);
      return;
    }
    const start = this.#preface < PREFACE.length ? this.#passPreface(octets) : octets.start;
    if (start === octets.start) this.#client.stream.chunk(octets);
    else if (start < octets.end) this.#client.stream.chunk({ ...octets, start });
  }

  /** Where the octets after the client's preface begin. */
  #passPreface({ bytes, start, end }: Octets): number {
    let at = start;
    while (at < end && this.#preface < PREFACE.length) {
      if (bytes[at] !== PREFACE.charCodeAt(this.#preface)) break;
      this.#preface++;
      at++;
    }
    if (at < end) this.#preface = PREFACE.length;
    return at;
  }

  gap(side: Side, length: number, _why: GapWhy, moment: Moment): void {
    this.#moment = moment;
    if (side === 'server') {
      this.#server.stream.gap(length);
      return;
    }
    this.#preface = PREFACE.length;
    this.#client.stream.gap(length);
  }

  finished(side: Side, moment: Moment): void {
    this.#closed(side, moment);
  }

  aborted(_side: Side, moment: Moment): void {
    this.#closed('client', moment);
    this.#closed('server', moment);
  }

  #closed(side: Side, moment: Moment): void {
    (side === 'client' ? this.#client : this.#server).stream.mute();
    this.#moment = moment;
    if (side === 'client') return;
    for (const [id, stream] of this.#streams) if (stream.responding) this.#responseEnds(id, stream, 'cut');
    this.#streams.clear();
  }

  #listen(direction: Direction): Http2Listener {
    const client = direction === this.#dialogue.clientDirection;
    return {
      headersBegin: (id) => this.#headersBegin(client, id),
      headers: (id, fields, octets, ends) => this.#headers(client, id, fields, octets, ends),
      data: (id, length) => this.#data(client, id, length),
      streamEnds: (id) => this.#streamEnds(client, id),
      streamReset: (id, code) => this.#streamReset(direction, id, code),
      goaway: (lastStream, code) => this.#say({ kind: 'goaway', requestId: 0, direction, code, lastStream }),
      maxFrameSize: (octets) => {
        (client ? this.#server : this.#client).limit = octets;
      },
      fault: (detail, sample, text) => this.#fault(direction, 'http2-frame', detail, sample, text),
      otherProtocol: (detail, sample) =>
        this.#fault(direction, 'other-protocol', detail, sample, 'another protocol where HTTP/2 was owed'),
      lost: (octets) => this.#say({ kind: 'lost', requestId: 0, direction, octets }),
    };
  }

  #stream(id: number): Stream {
    let stream = this.#streams.get(id);
    if (!stream) {
      const oldest = this.#streams.size >= STREAMS_LIMIT ? this.#streams.keys().next().value : undefined;
      if (oldest !== undefined) this.#streams.delete(oldest);
      stream = {
        start: this.#moment,
        requestOctets: 0,
        responseOctets: 0,
        bodyOctets: 0,
        asked: false,
        requestEnded: false,
        responding: false,
        responded: false,
        responseEnded: false,
      };
      this.#streams.set(id, stream);
    }
    return stream;
  }

  #headersBegin(client: boolean, id: number): void {
    const stream = this.#stream(id);
    if (client || stream.responding) return;
    stream.responding = true;
    this.#say({ kind: 'response-start', requestId: id });
  }

  #headers(client: boolean, id: number, fields: readonly Field[] | undefined, octets: number, ends: boolean): void {
    const stream = this.#stream(id);
    if (client) stream.requestOctets += octets;
    else stream.responseOctets += octets;
    if (!fields) return;
    if (client) this.#requestHead(id, stream, fields, octets);
    else this.#responseHead(id, stream, fields, octets, ends);
  }

  #requestHead(id: number, stream: Stream, fields: readonly Field[], octets: number): void {
    const method = fieldNamed(fields, ':method');
    const connect = method === 'CONNECT';
    const target = connect ? fieldNamed(fields, ':authority') : fieldNamed(fields, ':path');
    // Trailers, or a head that refers to what was lost.
    if (stream.asked || !method || !target) return;
    stream.asked = true;
    this.#say({
      kind: 'request-head',
      requestId: id,
      start: stream.start,
      method,
      target,
      version: VERSION,
      host: fieldNamed(fields, ':authority') || fieldNamed(fields, 'host'),
      fields: regular(fields),
      mayBearId: true,
      downstream: undefined,
      headOctets: octets,
    });
  }

  #responseHead(id: number, stream: Stream, fields: readonly Field[], octets: number, ends: boolean): void {
    const status = Number(fieldNamed(fields, ':status'));
    if (stream.responded || !(status >= 100 && status <= 999)) return;
    const interim = status < 200 && !ends;
    stream.responded = !interim;
    const head = { version: VERSION, status, fields: regular(fields), headOctets: octets };
    this.#say({ kind: 'response-head', requestId: id, interim, ...head });
  }

  #data(client: boolean, id: number, length: number): void {
    const stream = this.#streams.get(id);
    if (!stream) return;
    if (client) {
      stream.requestOctets += 9 + length;
    } else {
      stream.responseOctets += 9 + length;
      stream.bodyOctets += length;
    }
  }

  #streamEnds(client: boolean, id: number): void {
    const stream = this.#streams.get(id);
    if (!stream) return;
    if (!client) {
      this.#responseEnds(id, stream, 'complete');
    } else if (!stream.requestEnded) {
      stream.requestEnded = true;
      if (stream.asked) this.#say({ kind: 'request-end', requestId: id, octets: stream.requestOctets });
      if (stream.responseEnded) this.#streams.delete(id);
    }
  }

  #responseEnds(id: number, stream: Stream, how: 'complete' | 'cut'): void {
    if (stream.responseEnded) return;
    stream.responseEnded = true;
    const { responseOctets: octets, bodyOctets } = stream;
    this.#say({ kind: 'response-end', requestId: id, how, octets, bodyOctets });
    // An early answer: the rest of the request may still come.
    if (stream.requestEnded || !stream.asked) this.#streams.delete(id);
  }

  #streamReset(direction: Direction, id: number, code: number): void {
    this.#say({ kind: 'stream-reset', requestId: id, direction, code });
    const stream = this.#streams.get(id);
    if (stream?.responding) this.#responseEnds(id, stream, 'cut');
    this.#streams.delete(id);
  }

  #fault(direction: Direction, name: FaultName, detail: string, sample: string, text: string): void {
    const malformed = { layer: 'http2', why: 'malformed', offset: 0, text } as const;
    this.#say({ kind: 'fault', requestId: 0, direction, name, detail, sample, malformed });
  }

  #say(saying: Saying): void {
    this.#emit({ dialogue: this.#dialogue, moment: this.#moment, ...saying });
  }
}

function fieldNamed(fields: readonly Field[], name: string): string {
  return fields.find((field) => field.name === name)?.value ?? '';
}

/** Pseudo-header fields are told as what they mean. */
function regular(fields: readonly Field[]): Field[] {
  return fields.filter(({ name }) => !name.startsWith(':'));
}
