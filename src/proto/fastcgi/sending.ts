/** What the client sends of one request: PARAMS becomes the head; the other streams are counted to their end. */
import type { Moment } from '../../model/time.ts';
import type { CgiMessages } from '../cgi-messages.ts';
import { nextSending, type Role, type SendingInput, type SendingState } from './life.ts';
import { ParamsReader } from './params.ts';
import { HEADER_LENGTH } from './record.ts';

/** Two empty records, PARAMS and STDIN: the end of a request without a body, as every client writes it. */
const EMPTY_ENDS = 2 * HEADER_LENGTH;
/** Longest content of a record (3.3): a body takes at least one header for each. */
const MAX_CONTENT = 0xffff;

export class Sending {
  state: SendingState = 'PARAMS';
  /** Octets of the request's records, headers and padding included. */
  octets = 0;
  method = '';
  readonly #messages: CgiMessages;
  readonly #id: number;
  readonly #role: Role;
  readonly #start: Moment;
  #reader: ParamsReader | undefined = new ParamsReader();
  #headOctets = 0;
  #contentLength: number | undefined = undefined;
  /** Records of this request may be missing. */
  #unsure = false;

  constructor(messages: CgiMessages, id: number, role: Role, start: Moment) {
    this.#messages = messages;
    this.#id = id;
    this.#role = role;
    this.#start = start;
  }

  /** Nothing but the rest of a body of known length is owed: octets that are missing can be nothing else. */
  get owesBody(): boolean {
    return this.state === 'STDIN' && this.#role === 'responder' && this.#contentLength !== undefined;
  }

  params(text: string): void {
    this.#reader?.push(text);
  }

  paramsHole(length: number, moment: Moment): void {
    this.#reader?.hole(length);
    this.#messages.lost(this.#id, 'client', length, moment);
  }

  /** An empty record: the stream is over. */
  streamEnd(input: SendingInput, moment: Moment): void {
    this.tellHead(moment, input === 'params');
    this.#to(nextSending(this.#role, this.state, input), moment);
  }

  /** Tells the head as far as it is known, once; `whole` if the end of PARAMS was seen. */
  tellHead(moment: Moment, whole: boolean): void {
    const params = this.#reader?.params;
    if (!params) return;
    this.#reader = undefined;
    const words = params.words();
    this.method = words.method;
    this.#contentLength = params.contentLength() ?? (whole ? 0 : undefined);
    this.#headOctets = this.octets;
    this.#messages.requestHead(this.#id, words, this.#start, this.octets, moment);
    this.#to(nextSending(this.#role, this.state, 'params'), moment);
  }

  /** Octets after this request's latest record are missing. */
  astray(length: number, moment: Moment): void {
    if (this.state === 'PARAMS' && this.#role === 'responder' && length === EMPTY_ENDS) {
      this.octets += HEADER_LENGTH;
      this.streamEnd('params', moment);
      this.octets += HEADER_LENGTH;
      this.streamEnd('stdin', moment);
      return;
    }
    this.#unsure = true;
    this.tellHead(moment, false);
    this.passing(length, moment);
  }

  /** Octets that can only be this request's; the body's announced length tells when nothing is owed any more. */
  passing(length: number, moment: Moment): void {
    this.octets += length;
    if (!this.#unsure || this.#contentLength === undefined) return;
    const headers = HEADER_LENGTH * (Math.ceil(this.#contentLength / MAX_CONTENT) + 1);
    if (this.octets - this.#headOctets >= this.#contentLength + headers) this.#to('SENT', moment);
  }

  /** The server answers: it knows the head, and where we lost count it has the whole request (judgement). */
  answered(moment: Moment): void {
    this.tellHead(moment, false);
    if (this.#unsure) this.#to('SENT', moment);
  }

  #to(state: SendingState, moment: Moment): void {
    if (this.state === state) return;
    this.state = state;
    if (state === 'SENT') this.#messages.requestEnd(this.#id, this.octets, moment);
  }
}
