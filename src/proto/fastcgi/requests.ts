/** The requests of one connection that are not over yet, both halves of each, oldest first. */
import type { Moment } from '../../model/time.ts';
import type { CgiMessages } from '../cgi-messages.ts';
import { Answering } from './answering.ts';
import type { Role } from './life.ts';
import { Sending } from './sending.ts';

/** Requests open at once on a connection. nginx and Apache open one, FPM answers one; room for a multiplexing client. */
export const OPEN_LIMIT = 32;

export interface OpenRequest {
  readonly id: number;
  readonly sending: Sending;
  readonly answering: Answering;
}

export class Requests {
  /** Every request of this connection was seen to begin: an id that is not open is one that nobody uses. */
  sure: boolean;
  /** The client has asked a management question (4): an answer with id 0 is owed. */
  managed = false;
  /** A request has begun while the server owed nothing: its next octet begins a record. */
  fresh = false;
  readonly messages: CgiMessages;
  /** Hardly ever more than one. */
  readonly #open: OpenRequest[] = [];

  constructor(messages: CgiMessages, midstream: boolean) {
    this.messages = messages;
    this.sure = !midstream;
  }

  get(id: number): OpenRequest | undefined {
    return this.#open.find((request) => request.id === id);
  }

  begin(id: number, role: Role, start: Moment): OpenRequest {
    const before = this.get(id);
    before?.answering.superseded();
    if (before) this.#forget(before);
    this.fresh ||= this.sure && this.awaiting() === undefined;
    if (this.#open.length >= OPEN_LIMIT) this.#evict(start);
    const sending = new Sending(this.messages, id, role, start);
    const answering = new Answering(this.messages, id, sending, start);
    const request = { id, sending, answering };
    this.#open.push(request);
    return request;
  }

  /** The oldest request whose answer is not over. */
  awaiting(): OpenRequest | undefined {
    return this.#open.find((request) => !request.answering.ended);
  }

  /** The request that octets from the server must belong to, where no other waits for any. */
  soleAwaiting(): OpenRequest | undefined {
    let sole: OpenRequest | undefined;
    for (const request of this.#open) {
      if (request.answering.ended) continue;
      if (sole) return undefined;
      sole = request;
    }
    return sole;
  }

  /** The request that octets from the client must belong to, where it is the only one not sent whole. */
  soleUnsent(): OpenRequest | undefined {
    let sole: OpenRequest | undefined;
    for (const request of this.#open) {
      if (request.sending.state === 'SENT') continue;
      if (sole) return undefined;
      sole = request;
    }
    return sole;
  }

  /** Forgets a request that is over on both sides. */
  settle(request: OpenRequest): void {
    const over = request.answering.ended && request.sending.state === 'SENT';
    if (over) this.#forget(request);
  }

  #forget(request: OpenRequest): void {
    const at = this.#open.indexOf(request);
    if (at >= 0) this.#open.splice(at, 1);
  }

  /** Octets from the server are missing whose request is not known. */
  astray(length: number, moment: Moment): void {
    const sole = this.soleAwaiting();
    for (const request of this.#open) {
      if (!request.answering.ended) request.answering.astray(length, request === sole, moment);
    }
  }

  /** The server can say no more, or the client cannot hear it. */
  close(how: 'fin' | 'rst', moment: Moment): void {
    for (const request of [...this.#open]) {
      request.answering.close(how, moment);
      this.settle(request);
    }
  }

  /** The client will say no more: heads are told as far as they were read. */
  sealed(moment: Moment): void {
    for (const request of this.#open) request.sending.tellHead(moment, false);
  }

  #evict(moment: Moment): void {
    const oldest = this.#open.shift();
    if (!oldest) return;
    this.messages.lost(oldest.id, 'client', 0, moment);
    this.sure = false;
  }
}
