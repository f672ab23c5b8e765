/**
 * What a gateway was seen to do when: each act for a request, and the frame that made it possible. Of requests whose attempts
 * are known for sure they are kept, the latest ones only, without an object for any of them.
 */
import type { Moment } from '../../model/time.ts';
import { type Front, failureOf, type Use } from '../front.ts';
import { mainChain } from './chain.ts';

/** Acts remembered: seconds of a busy gateway. */
export const ACTS_KEPT = 1 << 16;

/** Frames around the attempts in question within which other acts tell whose turn it was. */
const AROUND = 4_000;

/** Acts of a worker come in the order of what made them possible, kind by kind with few exceptions. */
export const KIND = {
  open: 0, // the first request of a client's connection -> the attempt begins
  next: 1, // a later one -> the attempt begins
  send: 2, // the peer's SYN-ACK -> the request is sent
  retry: 3, // a failure -> the next attempt begins
  answer: 4, // the head of the peer's response -> the answer
  fail: 5, // the last failure -> the 502
} as const;
export type KindName = keyof typeof KIND;
export type Kind = (typeof KIND)[KindName];

export interface Act {
  readonly kind: Kind;
  /** Frames: what made it possible, and the act itself. */
  readonly ready: number;
  readonly acted: number;
  /** The client's connection that it was done for, and which of its requests. */
  readonly connection: number;
  readonly nth: number;
  /** Where the gateway accepted that connection. */
  readonly listener: string;
}

/** Which request of which client's connection. */
export type Request = Pick<Act, 'connection' | 'nth'>;

export function requestOf({ exchange }: Front): Request {
  return { connection: exchange.connection.id, nth: exchange.nth };
}

/** Takes note of an act: what made it possible, and the act itself. */
interface Notes {
  note(front: Front, kind: Kind, ready: number, acted: number): void;
}

/** Notes what was done for a request, if these attempts were made for it. */
function noteActs(front: Front, uses: readonly Use[], notes: Notes): void {
  const { exchange, answered } = front;
  const answeredAt = answered?.frame ?? 0;
  let before: Use | undefined;
  for (const use of mainChain(front, uses)) {
    const { start, reused, connection } = use.exchange;
    if (before) noteOne(notes, front, KIND.retry, lastEvent(before), start.frame);
    else noteOne(notes, front, exchange.nth > 1 ? KIND.next : KIND.open, exchange.request?.end?.frame, start.frame);
    if (!reused) noteOne(notes, front, KIND.send, connection.synAck?.frame, sentAt(use)?.frame ?? 0);
    before = use;
  }
  if (before?.outcome.is === 'answered') noteOne(notes, front, KIND.answer, before.outcome.moment.frame, answeredAt);
  else if (before && front.status === 502) noteOne(notes, front, KIND.fail, lastEvent(before), answeredAt);
}

function noteOne(notes: Notes, front: Front, kind: Kind, ready: number | undefined, acted: number): void {
  if (ready !== undefined && acted > ready) notes.note(front, kind, ready, acted);
}

class ActList implements Notes {
  readonly acts: Act[] = [];

  note({ exchange }: Front, kind: Kind, ready: number, acted: number): void {
    const { connection, nth, server } = exchange;
    this.acts.push({ kind, ready, acted, connection: connection.id, nth, listener: server.text });
  }
}

/** What was done for a request, if these attempts were made for it. */
export function actsOf(front: Front, uses: readonly Use[]): readonly Act[] {
  if (uses.length === 0) return NO_ACTS;
  const list = new ActList();
  noteActs(front, uses, list);
  return list.acts;
}

const NO_ACTS: readonly Act[] = [];

/** What the gateway sent first: the request, or a ClientHello in which it will be hidden. */
function sentAt({ exchange }: Use): Moment | undefined {
  return exchange.request?.start ?? (exchange.reused ? undefined : exchange.connection.forward.firstOctet);
}

/** What told the gateway that an attempt was over. Where it had not sent anything yet, its turn came with the SYN-ACK. */
function lastEvent(use: Use): number | undefined {
  const { response, connection, tls } = use.exchange;
  const { outcome } = use;
  if (outcome.is === 'rejected') return (outcome.fault?.moment ?? response?.start)?.frame;
  const failure = failureOf(use)?.frame;
  if (failure === undefined) return undefined;
  if (outcome.is === 'abandoned' && tls?.serverHello) {
    // It did not like what it was shown: the peer's certificate comes with the ServerHello or later.
    const last = connection.reverse.lastOctet?.frame ?? 0;
    return last < failure ? last : tls.serverHello.frame;
  }
  return !sentAt(use) && connection.synAck ? connection.synAck.frame : failure;
}

export class Acts implements Notes {
  readonly #kind = new Uint8Array(ACTS_KEPT);
  readonly #ready = new Float64Array(ACTS_KEPT);
  readonly #acted = new Float64Array(ACTS_KEPT);
  readonly #connection = new Float64Array(ACTS_KEPT);
  readonly #nth = new Float64Array(ACTS_KEPT);
  readonly #listener: string[] = [];
  #count = 0;

  /** Takes note of a request that was answered. */
  observe(front: Front): void {
    const { answered, uses } = front;
    if (!answered || uses.length === 0) return;
    for (const { fixed, plain } of uses) if (!fixed && !plain) return;
    noteActs(front, uses, this);
  }

  note({ exchange }: Front, kind: Kind, ready: number, acted: number): void {
    const at = this.#count++ % ACTS_KEPT;
    this.#kind[at] = kind;
    this.#ready[at] = ready;
    this.#acted[at] = acted;
    this.#connection[at] = exchange.connection.id;
    this.#nth[at] = exchange.nth;
    this.#listener[at] = exchange.server.text;
  }

  /** Those around attempts, which are in order of their start. */
  around(uses: readonly Use[]): readonly Act[] {
    const [first] = uses;
    const last = uses.at(-1);
    if (!first || !last) return [];
    return this.between(first.exchange.start.frame - AROUND, last.exchange.start.frame + AROUND);
  }

  /** Those that were waited for or done between two frames, in the order in which they were done. */
  between(from: number, until: number): readonly Act[] {
    const acts: Act[] = [];
    for (let at = 0; at < Math.min(this.#count, ACTS_KEPT); at++) {
      const ready = this.#ready[at] ?? 0;
      const acted = this.#acted[at] ?? 0;
      if (acted < from || ready > until) continue;
      const kind = this.#kind[at] as Kind;
      const connection = this.#connection[at] ?? 0;
      acts.push({ kind, ready, acted, connection, nth: this.#nth[at] ?? 0, listener: this.#listener[at] ?? '' });
    }
    return acts.sort((a, b) => a.acted - b.acted);
  }
}
