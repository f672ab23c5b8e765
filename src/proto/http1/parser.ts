/**
 * Reads one HTTP/1 dialogue: two streams, and the order that ties a response to its request (RFC 9112 9.3.2). Where
 * octets of requests or responses are lost the order is mended: a client that does not pipeline sends its next request
 * after the response before, and acknowledgements tell what a side had read that the capture lacks or brings later.
 */
import { type GapWhy, opposite } from '../../model/connection.ts';
import type { Dialogue, Message } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import type { Moment } from '../../model/time.ts';
import type { Parser, Side } from '../protocol.ts';
import type { MethodKind } from './framing.ts';
import { type Answers, RequestSide } from './request-side.ts';
import { type Questions, ResponseSide } from './response-side.ts';
import { Teller } from './teller.ts';

/** Requests that were asked before the client had read the server's octets up to `until`: these answered them. */
interface Overtaken {
  readonly until: number;
  requests: number;
}

/** As many as a client can ask while a hole of the capture is waited for. */
const OVERTAKEN_LIMIT = 16;

export class Http1Parser implements Parser, Answers, Questions {
  /** HTTP is over: 101 (Switching Protocols), or 2xx to CONNECT. */
  tunnel = false;
  early = false;
  readonly #requests: RequestSide;
  /** Made once the server has spoken. */
  #responses: ResponseSide | undefined = undefined;
  readonly #dialogue: Dialogue;
  readonly #tell: Teller;
  #pipelines = false;
  /** The oldest first; `undefined` where no octets of the server were ever awaited. */
  #overtaken: Overtaken[] | undefined = undefined;
  /** The server has answered what the client asked up to here, some of which the capture brings later or never. */
  #answeredUntil = 0;

  constructor(dialogue: Dialogue, emit: (message: Message) => void) {
    this.#dialogue = dialogue;
    this.#tell = new Teller(dialogue, emit);
    this.#requests = new RequestSide(this.#tell, this);
  }

  chunk(side: Side, octets: Octets, moment: Moment): void {
    this.#stream(side).chunk(octets, moment);
  }

  gap(side: Side, length: number, why: GapWhy, moment: Moment): void {
    this.#stream(side).gap(length, why, moment);
    if (side === 'server') this.#endOvertaken();
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
    this.early = this.#requests.stream.offset < this.#answeredUntil;
    const awaited = this.#awaited('server');
    if (awaited > 0 && this.#requests.waiting > 0) {
      this.#overtake(this.#stream('server').position + awaited);
      return;
    }
    if (!this.#pipelines) {
      const lostPlace = this.#responses?.lostPlace;
      this.#responses?.settle();
      while (lostPlace && this.#requests.waiting > 0) this.#unseen();
    }
    if (this.#requests.waiting > 0) {
      this.#pipelines = true;
    }
  }

  /** Octets of a side that the other has acknowledged, and that the capture lacks or brings later. */
  #awaited(side: Side): number {
    const { connection, clientDirection } = this.#dialogue;
    const { acknowledged, position } = connection[side === 'client' ? clientDirection : opposite(clientDirection)];
    return acknowledged - position;
  }

  #overtake(until: number): void {
    this.#overtaken ??= [];
    if (this.#overtaken.length === OVERTAKEN_LIMIT) this.#overtaken.pop();
    this.#overtaken.push({ until, requests: this.#requests.waiting });
  }

  /** Requests whose responses lie before what the server says now: those that were not seen never will be. */
  #endOvertaken(): void {
    const { position, state } = this.#stream('server');
    if (state !== 'IDLE' && state !== 'LOST' && state !== 'HEAD') return;
    for (let [first] = this.#overtaken ?? []; first && first.until <= position; [first] = this.#overtaken ?? []) {
      if (first.requests > 0) this.#responses?.settle();
      while (first.requests > 0 && this.#requests.waiting > 0) this.#unseen();
      this.#overtaken?.shift();
    }
  }

  #unseen(): void {
    this.#tell.responseUnseen(this.#stream('server').last);
    this.#answeredOldest();
  }

  #answeredOldest(): void {
    this.#requests.answered();
    for (const each of this.#overtaken ?? []) if (each.requests > 0) each.requests--;
  }

  get oldest(): MethodKind | undefined {
    return this.#requests.oldest;
  }

  get asked(): boolean {
    return this.#requests.waiting > 0 || this.#requests.stream.state === 'HEAD';
  }

  responseBegins(): void {
    this.#requests.settle();
    if (this.#overtaken) this.#endOvertaken();
    if (this.asked) return;
    const awaited = this.#awaited('client');
    if (awaited > 0) this.#answeredUntil = this.#requests.stream.position + awaited;
  }

  answered(): void {
    if (this.#requests.waiting > 0) this.#answeredOldest();
    else this.early = this.#requests.stream.state === 'HEAD';
  }

  tunnelled(): void {
    this.tunnel = true;
    this.#requests.stream.enter('tunnel');
  }
}
