/**
 * Reads one HTTP/1 dialogue: two streams, and the order that ties a response to its request (RFC 9112 9.3.2). Where
 * octets of requests or responses are lost the order is mended: a client that does not pipeline sends its next request
 * after the response before, so with it everything starts afresh.
 */
import type { GapWhy } from '../../model/connection.ts';
import type { Dialogue, Message } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import type { Moment } from '../../model/time.ts';
import type { Parser, Side } from '../protocol.ts';
import type { MethodKind } from './framing.ts';
import { type Answers, RequestSide } from './request-side.ts';
import { type Questions, ResponseSide } from './response-side.ts';
import { Teller } from './teller.ts';

export class Http1Parser implements Parser, Answers, Questions {
  /** HTTP is over: 101 (Switching Protocols), or 2xx to CONNECT. */
  tunnel = false;
  early = false;
  readonly #requests: RequestSide;
  /** Made once the server has spoken. */
  #responses: ResponseSide | undefined = undefined;
  readonly #tell: Teller;
  #pipelines = false;

  constructor(dialogue: Dialogue, emit: (message: Message) => void) {
    this.#tell = new Teller(dialogue, emit);
    this.#requests = new RequestSide(this.#tell, this);
  }

  chunk(side: Side, octets: Octets, moment: Moment): void {
    this.#stream(side).chunk(octets, moment);
  }

  gap(side: Side, length: number, why: GapWhy, moment: Moment): void {
    this.#stream(side).gap(length, why, moment);
  }

  #stream(side: Side): RequestSide['stream'] {
    if (side === 'client') return this.#requests.stream;
    this.#responses ??= new ResponseSide(this.#tell, this);
    return this.#responses.stream;
  }

  finished(side: Side, moment: Moment): void {
    if (side === 'client') {
      this.#requests.closed();
    } else {
      this.#requests.settle();
      this.#responses?.closed(moment, true);
    }
  }

  aborted(_side: Side, moment: Moment): void {
    this.#requests.closed();
    this.#responses?.closed(moment, false);
  }

  requestBegins(): void {
    this.early = false;
    if (!this.#pipelines) {
      const lostPlace = this.#responses?.lostPlace;
      this.#responses?.settle();
      if (lostPlace) this.#requests.forgetOutstanding();
    }
    if (this.#requests.waiting > 0) {
      this.#pipelines = true;
    }
  }

  get oldest(): MethodKind | undefined {
    return this.#requests.oldest;
  }

  get asked(): boolean {
    return this.#requests.waiting > 0 || this.#requests.stream.state === 'HEAD';
  }

  responseBegins(): void {
    this.#requests.settle();
  }

  answered(): void {
    if (this.#requests.waiting > 0) this.#requests.answered();
    else this.early = this.#requests.stream.state === 'HEAD';
  }

  tunnelled(): void {
    this.tunnel = true;
    this.#requests.stream.enter('tunnel');
  }
}
