/** Makes the messages of one HTTP/1 dialogue; every kind has one shape, so that later stations stay fast. */
import { type Direction, opposite } from '../../model/connection.ts';
import type { Dialogue, FaultName, Field, Message, RequestHead, ResponseHead } from '../../model/message.ts';
import type { Moment } from '../../model/time.ts';
import type { Side } from '../protocol.ts';
import { fieldsOf } from './field-lines.ts';
import type { HeadFacts } from './fields.ts';
import type { RequestLine, StatusLine } from './start-line.ts';

class HeadOfRequest implements RequestHead {
  readonly kind = 'request-head';
  readonly dialogue: Dialogue;
  readonly moment: Moment;
  readonly requestId = 0;
  readonly start: Moment;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly host: string;
  readonly mayBearId: boolean;
  readonly downstream: undefined = undefined;
  readonly headOctets: number;
  readonly #text: string;
  #fields: readonly Field[] | undefined = undefined;

  constructor(
    dialogue: Dialogue,
    line: RequestLine,
    facts: HeadFacts,
    host: string,
    octets: number,
    start: Moment,
    moment: Moment,
  ) {
    this.#text = facts.text;
    this.dialogue = dialogue;
    this.moment = moment;
    this.start = start;
    this.method = line.method;
    this.target = line.target;
    this.version = line.version;
    this.host = host;
    this.headOctets = octets;
    this.mayBearId = facts.bearsId;
  }

  get fields(): readonly Field[] {
    this.#fields ??= fieldsOf(this.#text);
    return this.#fields;
  }
}

class HeadOfResponse implements ResponseHead {
  readonly kind = 'response-head';
  readonly dialogue: Dialogue;
  readonly moment: Moment;
  readonly requestId = 0;
  readonly interim: boolean;
  readonly version: string;
  readonly status: number;
  readonly headOctets: number;
  readonly #text: string;
  #fields: readonly Field[] | undefined = undefined;

  constructor(dialogue: Dialogue, line: StatusLine, text: string, interim: boolean, octets: number, moment: Moment) {
    this.#text = text;
    this.dialogue = dialogue;
    this.moment = moment;
    this.interim = interim;
    this.version = line.version;
    this.status = line.status;
    this.headOctets = octets;
  }

  get fields(): readonly Field[] {
    this.#fields ??= fieldsOf(this.#text);
    return this.#fields;
  }
}

export class Teller {
  /** Where what the server says is kept for now. */
  kept: Message[] | undefined = undefined;
  readonly #dialogue: Dialogue;
  readonly #emit: (message: Message) => void;

  constructor(dialogue: Dialogue, emit: (message: Message) => void) {
    this.#dialogue = dialogue;
    this.#emit = emit;
  }

  #direction(side: Side): Direction {
    const { clientDirection } = this.#dialogue;
    return side === 'client' ? clientDirection : opposite(clientDirection);
  }

  requestHead(line: RequestLine, facts: HeadFacts, host: string, octets: number, start: Moment, moment: Moment): void {
    this.#emit(new HeadOfRequest(this.#dialogue, line, facts, host, octets, start, moment));
  }

  requestEnd(octets: number, moment: Moment): void {
    this.#emit({ kind: 'request-end', dialogue: this.#dialogue, moment, requestId: 0, octets });
  }

  /** What was kept. */
  again(messages: readonly Message[]): void {
    for (const message of messages) this.#emit(message);
  }

  #emitOf(side: Side, message: Message): void {
    if (side === 'server' && this.kept) this.kept.push(message);
    else this.#emit(message);
  }

  responseStart(moment: Moment): void {
    this.#emitOf('server', { kind: 'response-start', dialogue: this.#dialogue, moment, requestId: 0 });
  }

  responseHead(line: StatusLine, interim: boolean, text: string, octets: number, moment: Moment): void {
    this.#emitOf('server', new HeadOfResponse(this.#dialogue, line, text, interim, octets, moment));
  }

  responseEnd(how: 'complete' | 'closed' | 'cut', octets: number, bodyOctets: number, moment: Moment): void {
    const dialogue = this.#dialogue;
    this.#emitOf('server', { kind: 'response-end', dialogue, moment, requestId: 0, how, octets, bodyOctets });
  }

  responseUnseen(moment: Moment): void {
    this.#emit({ kind: 'response-unseen', dialogue: this.#dialogue, moment, requestId: 0 });
  }

  /** `offset` counts from the start of the side's stream, as far as it was seen. */
  fault(
    side: Side,
    name: FaultName,
    detail: string,
    sample: string,
    offset: number,
    text: string,
    moment: Moment,
  ): void {
    this.#emitOf(side, {
      kind: 'fault',
      dialogue: this.#dialogue,
      moment,
      requestId: 0,
      direction: this.#direction(side),
      name,
      detail,
      sample,
      malformed: { layer: 'http1', why: name === 'head-too-big' ? 'limit' : 'malformed', offset, text },
    });
  }

  lost(side: Side, octets: number, moment: Moment): void {
    this.#emitOf(side, {
      kind: 'lost',
      dialogue: this.#dialogue,
      moment,
      requestId: 0,
      direction: this.#direction(side),
      octets,
    });
  }
}
