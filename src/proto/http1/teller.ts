/** Makes the messages of one HTTP/1 dialogue; every kind has one shape, so that later stations stay fast. */
import { type Direction, opposite } from '../../model/connection.ts';
import type { Dialogue, FaultName, Field, Message } from '../../model/message.ts';
import type { Moment } from '../../model/time.ts';
import type { Side } from '../protocol.ts';
import type { RequestLine, StatusLine } from './start-line.ts';

export class Teller {
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

  requestHead(
    line: RequestLine,
    fields: readonly Field[],
    host: string,
    octets: number,
    start: Moment,
    moment: Moment,
  ): void {
    this.#emit({
      kind: 'request-head',
      dialogue: this.#dialogue,
      moment,
      requestId: 0,
      start,
      method: line.method,
      target: line.target,
      version: line.version,
      host,
      fields,
      downstream: undefined,
      headOctets: octets,
    });
  }

  requestEnd(octets: number, moment: Moment): void {
    this.#emit({ kind: 'request-end', dialogue: this.#dialogue, moment, requestId: 0, octets });
  }

  responseStart(moment: Moment): void {
    this.#emit({ kind: 'response-start', dialogue: this.#dialogue, moment, requestId: 0 });
  }

  responseHead(line: StatusLine, interim: boolean, fields: readonly Field[], octets: number, moment: Moment): void {
    this.#emit({
      kind: 'response-head',
      dialogue: this.#dialogue,
      moment,
      requestId: 0,
      interim,
      version: line.version,
      status: line.status,
      fields,
      headOctets: octets,
    });
  }

  responseEnd(how: 'complete' | 'closed' | 'cut', octets: number, bodyOctets: number, moment: Moment): void {
    this.#emit({ kind: 'response-end', dialogue: this.#dialogue, moment, requestId: 0, how, octets, bodyOctets });
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
    this.#emit({
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
    this.#emit({
      kind: 'lost',
      dialogue: this.#dialogue,
      moment,
      requestId: 0,
      direction: this.#direction(side),
      octets,
    });
  }
}
