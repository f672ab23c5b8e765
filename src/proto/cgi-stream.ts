/**
 * One uwsgi or SCGI connection: a request head of known length with parameters, a body of CONTENT_LENGTH octets, and the
 * answer. What differs between the two is how the head is read (`CgiHeadReader`).
 */
import type { Dialogue, Message } from '../model/message.ts';
import type { Octets } from '../model/octets.ts';
import type { Moment } from '../model/time.ts';
import { CgiMessages } from './cgi-messages.ts';
import type { CgiParams } from './cgi-params.ts';
import { type Asked, CgiReply } from './cgi-reply.ts';
import type { Parser, Side } from './protocol.ts';

export interface CgiHeadReader {
  readonly params: CgiParams;
  /** `broken`: a receiver would refuse it, and where it ends is not known. */
  readonly state: 'open' | 'done' | 'broken';
  /** Why it is broken, without octets from the wire. */
  readonly why: string;
  /** Takes octets from `at`; returns where it stopped, which is the end of `octets` unless `state` changed. */
  take(octets: Octets, at: number): number;
  /** `length` octets are missing; returns how many of them are the head's. */
  hole(length: number): number;
}

export class CgiStreamParser implements Parser, Asked {
  method = '';
  readonly #messages: CgiMessages;
  readonly #reader: CgiHeadReader;
  readonly #reply: CgiReply;
  #start: Moment | undefined = undefined;
  #octets = 0;
  #headTold = false;
  #ended = false;
  /** Octets of the head are missing from the capture. */
  #holed = false;
  /** Octets after which the request is complete; `undefined` while that is not known. */
  #whole: number | undefined = undefined;

  constructor(dialogue: Dialogue, emit: (message: Message) => void, reader: CgiHeadReader) {
    this.#messages = new CgiMessages(dialogue, emit);
    this.#reader = reader;
    this.#reply = new CgiReply(this.#messages, this);
  }

  chunk(side: Side, octets: Octets, moment: Moment): void {
    if (side === 'server') this.#reply.chunk(octets, moment);
    else this.#request(octets, moment);
  }

  gap(side: Side, length: number, _why: unknown, moment: Moment): void {
    if (side === 'server') {
      this.#reply.gap(length, moment);
      return;
    }
    this.#start ??= moment;
    let body = length;
    if (!this.#headTold) {
      const taken = this.#reader.hole(length);
      this.#octets += taken;
      body -= taken;
      this.#holed = true;
      this.#messages.lost(0, 'client', length, moment);
      if (this.#reader.state !== 'open') this.#tellHead(false, moment);
    }
    this.#body(body, moment);
  }

  finished(side: Side, moment: Moment): void {
    this.#reply.flush();
    if (side === 'server') this.#reply.close('fin', moment);
    else this.#tellHead(false, moment);
  }

  aborted(_side: Side, moment: Moment): void {
    this.#tellHead(false, moment);
    this.#reply.close('rst', moment);
  }

  /** The server answers: it knows the head, and where its length is not known to us it has the whole request (judgement). */
  answered(moment: Moment): void {
    this.#tellHead(false, moment);
    if (this.#headTold && this.#whole === undefined) this.#end(moment);
  }

  #request(octets: Octets, moment: Moment): void {
    this.#start ??= moment;
    let at = octets.start;
    if (!this.#headTold) {
      at = this.#reader.take(octets, at);
      this.#octets += at - octets.start;
      if (this.#reader.state !== 'open') this.#tellHead(this.#reader.state === 'done' && !this.#holed, moment);
      if (this.#reader.state === 'broken') this.#refuse(moment);
    }
    this.#body(octets.end - at, moment);
  }

  #refuse(moment: Moment): void {
    const words = {
      name: 'header-line',
      detail: '',
      sample: '',
      offset: this.#octets,
      text: this.#reader.why,
    } as const;
    this.#messages.fault(0, 'client', words, moment);
  }

  /** Tells the head as far as it is known, once; `whole` if nothing of it is missing. */
  #tellHead(whole: boolean, moment: Moment): void {
    if (this.#headTold || !this.#start) return;
    this.#headTold = true;
    const { params } = this.#reader;
    const words = params.words();
    const body = words.announced ?? (whole ? 0 : undefined);
    this.method = words.method;
    this.#whole = body === undefined || this.#reader.state !== 'done' ? undefined : this.#octets + body;
    this.#messages.requestHead(0, words, this.#start, this.#octets, moment);
    this.#body(0, moment);
  }

  #body(length: number, moment: Moment): void {
    this.#octets += length;
    if (this.#whole === undefined || this.#octets < this.#whole) return;
    this.#octets = this.#whole; // what follows belongs to nobody
    this.#end(moment);
  }

  #end(moment: Moment): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#messages.requestEnd(0, this.#octets, moment);
  }
}
