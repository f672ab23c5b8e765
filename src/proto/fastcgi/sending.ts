/** What the client sends of one request: PARAMS becomes the head; the other streams are counted to their end. */
import type { Moment } from '../../model/time.ts';
import type { CgiMessages } from '../cgi-messages.ts';
import { TEXT_PIECE } from '../cgi-params.ts';
import { latin1 } from '../latin1.ts';
import { nextSending, type Role, type SendingInput, type SendingState } from './life.ts';
import { ParamsReader } from './params.ts';
import { HEADER_LENGTH } from './record.ts';
import { type WholeParams, wholeParams } from './whole-params.ts';

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
  /** PARAMS so far: in one piece, or in several or with a hole; neither before the first of them. */
  #whole: WholeParams | undefined = undefined;
  #reader: ParamsReader | undefined = undefined;
  #headTold = false;
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

  /** Octets of PARAMS, `whole` if they are all of a record. */
  params(bytes: Uint8Array, from: number, to: number, whole: boolean): void {
    if (this.#headTold) return;
    if (whole && !this.#whole && !this.#reader) this.#whole = wholeParams(bytes, from, to);
    if (this.#whole && !this.#reader) return;
    for (let at = from; at < to; at += TEXT_PIECE) {
      this.#pieces().push(latin1(bytes, at, Math.min(to, at + TEXT_PIECE)));
    }
  }

  /** What came in one piece was not all of it. */
  #pieces(): ParamsReader {
    if (this.#reader) return this.#reader;
    this.#reader = new ParamsReader();
    if (this.#whole) this.#reader.push(this.#whole.text);
    this.#whole = undefined;
    return this.#reader;
  }

  paramsHole(length: number, moment: Moment): void {
    if (!this.#headTold) this.#pieces().hole(length);
    this.#messages.lost(this.#id, 'client', length, moment);
  }

  /** An empty record: the stream is over. */
  streamEnd(input: SendingInput, moment: Moment): void {
    this.tellHead(moment, input === 'params');
    this.#to(nextSending(this.#role, this.state, input), moment);
  }

  /** Tells the head as far as it is known, once; `whole` if the end of PARAMS was seen. */
  tellHead(moment: Moment, whole: boolean): void {
    if (this.#headTold) return;
    this.#headTold = true;
    const words = this.#whole ?? this.#pieces().params.words();
    this.method = words.method;
    this.#contentLength = words.announced ?? (whole ? 0 : undefined);
    this.#whole = undefined;
    this.#reader = undefined;
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
