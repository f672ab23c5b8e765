/**
 * Reads one HTTP/1 dialogue: two streams, and the order that ties a response to its request (RFC 9112 9.3.2). Where
 * octets of requests or responses are lost the order is mended: a client that does not pipeline sends its next request
 * after the response before, and acknowledgements tell what a side had read that the capture lacks or brings later.
 */
import { type GapWhy, opposite, streamOf } from '../../model/connection.ts';
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

/** A response to a request that the server had by then, and that the capture brings later or never: it ends at `until`. */
interface Answer {
  readonly until: number;
  readonly messages: Message[];
}

/** As many as one side can say while a hole of the other's is waited for. */
const AWAITED_LIMIT = 16;

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
  /** The oldest first; `undefined` where no response ever came before its request. */
  #answers: Answer[] | undefined = undefined;

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
    if (side === 'server' && this.#overtaken) this.#endOvertaken(this.#overtaken);
  }

  #stream(side: Side): RequestSide['stream'] {
    if (side === 'client') return this.#requests.stream;
    this.#responses ??= new ResponseSide(this.#tell, this);
    return this.#responses.stream;
  }

  finished(side: Side, moment: Moment): void {
    this.#giveUpAnswers(side);
    if (side === 'client') {
      this.#requests.closed();
    } else {
      this.#requests.settle();
      this.#responses?.closed(moment, true);
    }
  }

  aborted(_side: Side, moment: Moment): void {
    this.#giveUpAnswers('client');
    this.#requests.closed();
    this.#responses?.closed(moment, false);
  }

  requestBegins(): void {
    this.early = this.#findAnswer(this.#requests.stream.offset);
    if (this.#requests.waiting > 0 && this.#overtakes()) return;
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
    const direction = side === 'client' ? clientDirection : opposite(clientDirection);
    const { acknowledged, position } = streamOf(connection, direction);
    return acknowledged - position;
  }

  /** The request that begins is asked before the server's octets are here that the client has read by now. */
  #overtakes(): boolean {
    const awaited = this.#awaited('server');
    if (awaited <= 0) return false;
    const until = positionOf(this.#stream('server')) + awaited;
    this.#overtaken ??= [];
    if (this.#overtaken.length === AWAITED_LIMIT) this.#overtaken.pop();
    this.#overtaken.push({ until, requests: this.#requests.waiting });
    return true;
  }

  /** Requests whose responses lie before what the server says now: those that were not seen never will be. */
  #endOvertaken(overtaken: Overtaken[]): void {
    const stream = this.#stream('server');
    const { state } = stream;
    const position = positionOf(stream);
    if (state !== 'IDLE' && state !== 'LOST' && state !== 'HEAD') return;
    for (let first = overtaken[0]; first && first.until <= position; first = overtaken[0]) {
      if (first.requests > 0) this.#responses?.settle();
      while (first.requests > 0 && this.#requests.waiting > 0) this.#unseen();
      overtaken.shift();
    }
  }

  #unseen(): void {
    this.#tell.responseUnseen(this.#stream('server').last);
    this.#answeredOldest();
  }

  #answeredOldest(): void {
    this.#requests.answered();
    if (!this.#overtaken) return;
    for (const each of this.#overtaken) if (each.requests > 0) each.requests--;
  }

  get oldest(): MethodKind | undefined {
    return this.#requests.oldest;
  }

  get asked(): boolean {
    return this.#requests.waiting > 0 || this.#requests.stream.state === 'HEAD';
  }

  responseBegins(): void {
    this.#requests.settle();
    if (this.#overtaken) this.#endOvertaken(this.#overtaken);
    // An interim response came before.
    if (this.#tell.kept) return;
    // A capture of the server's side alone has no requests to come.
    const position = positionOf(this.#requests.stream);
    const awaited = this.asked || position === 0 ? 0 : this.#awaited('client');
    if (awaited > 0) this.#keepAnswer(position + awaited);
  }

  /** An answer to a request that is yet to come is kept until it does. */
  #keepAnswer(until: number): void {
    this.#answers ??= [];
    if (this.#answers.length === AWAITED_LIMIT) this.#giveUpAnswer();
    const answer = { until, messages: [] };
    this.#answers.push(answer);
    this.#tell.kept = answer.messages;
  }

  /** Is the answer to the request that begins here kept? Those before it are nobody's: their requests never come. */
  #findAnswer(offset: number): boolean {
    const answers = this.#answers;
    if (!answers) return false;
    while (answers[0] && answers[0].until <= offset) this.#giveUpAnswer();
    return answers.length > 0;
  }

  /** Its request never comes: it is told without one. */
  #giveUpAnswer(): void {
    const { messages = [] } = this.#answers?.shift() ?? {};
    this.#tell.again(messages);
    if (this.#tell.kept === messages) this.#tell.kept = undefined;
  }

  /** Nothing more comes from the client. */
  #giveUpAnswers(side: Side): void {
    while (side === 'client' && this.#answers && this.#answers.length > 0) this.#giveUpAnswer();
  }

  requestEnds(moment: Moment): void {
    if (!this.early) return;
    const answer = this.#answers?.shift();
    if (!answer) {
      this.#tell.responseUnseen(moment);
      return;
    }
    this.#tell.again(answer.messages);
    if (this.#tell.kept !== answer.messages) return;
    // The rest of it is still to come.
    this.#tell.kept = undefined;
    this.#requests.owes('other');
  }

  answered(): void {
    const kept = this.#tell.kept !== undefined;
    this.#tell.kept = undefined;
    if (kept) return;
    if (this.#requests.waiting > 0) this.#answeredOldest();
    else this.early = this.#requests.stream.state === 'HEAD';
  }

  tunnelled(): void {
    this.tunnel = true;
    this.#requests.stream.enter('tunnel');
  }
}

/** Octets of the stream that were read or are missing. */
function positionOf({ offset, octets }: RequestSide['stream']): number {
  return offset + octets;
}
