/** Builds the messages of one dialogue for FastCGI, uwsgi, SCGI and memcached: every message of a kind has the same shape. */
import { type Direction, opposite } from '../model/connection.ts';
import type { Dialogue, DownstreamIdentity, FaultName, Field, Message, RequestHead } from '../model/message.ts';
import type { Moment } from '../model/time.ts';
import { SAMPLE_LIMIT } from './foreign.ts';
import type { Side } from './protocol.ts';

export interface RequestWords {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly host: string;
  readonly fields: readonly Field[];
  readonly downstream: DownstreamIdentity | undefined;
}

export interface ResponseWords {
  readonly version: string;
  readonly status: number;
  readonly fields: readonly Field[];
  readonly headOctets: number;
}

export interface FaultWords {
  readonly name: FaultName;
  readonly detail: string;
  readonly sample: string;
  /** Offset in the stream of that side. */
  readonly offset: number;
  /** A sentence without octets from the wire. */
  readonly text: string;
}

class HeadOfRequest implements RequestHead {
  readonly kind = 'request-head';
  readonly dialogue: Dialogue;
  readonly moment: Moment;
  readonly requestId: number;
  readonly start: Moment;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly host: string;
  readonly mayBearId = true;
  readonly downstream: DownstreamIdentity | undefined;
  readonly headOctets: number;
  readonly #words: RequestWords;

  constructor(
    dialogue: Dialogue,
    requestId: number,
    words: RequestWords,
    start: Moment,
    headOctets: number,
    moment: Moment,
  ) {
    this.dialogue = dialogue;
    this.moment = moment;
    this.requestId = requestId;
    this.start = start;
    this.method = words.method;
    this.target = words.target;
    this.version = words.version;
    this.host = words.host;
    this.downstream = words.downstream;
    this.headOctets = headOctets;
    this.#words = words;
  }

  /** Whoever tells the words may make them only now. */
  get fields(): readonly Field[] {
    return this.#words.fields;
  }
}

export class CgiMessages {
  readonly #dialogue: Dialogue;
  readonly #emit: (message: Message) => void;

  constructor(dialogue: Dialogue, emit: (message: Message) => void) {
    this.#dialogue = dialogue;
    this.#emit = emit;
  }

  requestHead(requestId: number, words: RequestWords, start: Moment, headOctets: number, moment: Moment): void {
    this.#emit(new HeadOfRequest(this.#dialogue, requestId, words, start, headOctets, moment));
  }

  requestEnd(requestId: number, octets: number, moment: Moment): void {
    this.#emit({ kind: 'request-end', dialogue: this.#dialogue, moment, requestId, octets });
  }

  responseStart(requestId: number, moment: Moment): void {
    this.#emit({ kind: 'response-start', dialogue: this.#dialogue, moment, requestId });
  }

  /** CGI has no interim responses: a 1xx status is the application's final word (RFC 3875 6.3.3; nginx agrees). */
  responseHead(requestId: number, words: ResponseWords, moment: Moment): void {
    const { version, status, fields, headOctets } = words;
    const dialogue = this.#dialogue;
    const interim = false;
    this.#emit({ kind: 'response-head', dialogue, moment, requestId, interim, version, status, fields, headOctets });
  }

  responseEnd(
    requestId: number,
    how: 'complete' | 'closed' | 'cut',
    octets: number,
    bodyOctets: number,
    moment: Moment,
  ): void {
    this.#emit({ kind: 'response-end', dialogue: this.#dialogue, moment, requestId, how, octets, bodyOctets });
  }

  stderr(requestId: number, text: string, moment: Moment): void {
    this.#emit({ kind: 'stderr', dialogue: this.#dialogue, moment, requestId, text });
  }

  endRequest(requestId: number, appStatus: number, protocolStatus: number, moment: Moment): void {
    this.#emit({ kind: 'end-request', dialogue: this.#dialogue, moment, requestId, appStatus, protocolStatus });
  }

  fault(requestId: number, side: Side, words: FaultWords, moment: Moment): void {
    const { name, detail, offset, text } = words;
    const layer = this.#dialogue.protocol;
    this.#emit({
      kind: 'fault',
      dialogue: this.#dialogue,
      moment,
      requestId,
      direction: this.#direction(side),
      name,
      detail,
      sample: words.sample.slice(0, SAMPLE_LIMIT),
      malformed: { layer, why: name === 'head-too-big' ? 'limit' : 'malformed', offset, text },
    });
  }

  lost(requestId: number, side: Side, octets: number, moment: Moment): void {
    const direction = this.#direction(side);
    this.#emit({ kind: 'lost', dialogue: this.#dialogue, moment, requestId, direction, octets });
  }

  #direction(side: Side): Direction {
    const { clientDirection } = this.#dialogue;
    return side === 'client' ? clientDirection : opposite(clientDirection);
  }
}
