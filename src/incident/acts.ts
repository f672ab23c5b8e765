/**
 * What a gateway was seen to do when: for requests whose attempt is known for sure, each act and the frame that made it
 * possible. Kept for the latest acts only, without an object for any of them.
 */
import type { Front } from './front.ts';

/** Acts remembered: seconds of a busy gateway. */
export const ACTS_KEPT = 1 << 16;

/** Acts of one kind of a worker come in the order of what made them possible. */
export type Kind =
  | 'open' // the first request of a client's connection -> the attempt begins
  | 'next' // a later one -> the attempt begins
  | 'send' // the peer's SYN-ACK -> the request is sent
  | 'answer'; // the peer's response -> the answer
const KINDS: readonly Kind[] = ['open', 'next', 'send', 'answer'];

export interface Act {
  readonly kind: Kind;
  /** Frames: what made it possible, and the act itself. */
  readonly ready: number;
  readonly acted: number;
  /** The client's connection that it was done for. */
  readonly connection: number;
}

export class Acts {
  readonly #kind = new Uint8Array(ACTS_KEPT);
  readonly #ready = new Float64Array(ACTS_KEPT);
  readonly #acted = new Float64Array(ACTS_KEPT);
  readonly #connection = new Float64Array(ACTS_KEPT);
  #count = 0;

  /** Takes note of a request that was answered. */
  observe({ answered, exchange, uses }: Front): void {
    const [use] = uses;
    if (!answered || !use || uses.length > 1 || !use.fixed) return;
    const { start, request, response, reused, connection } = use.exchange;
    const client = exchange.connection.id;
    const asked = exchange.request?.end;
    if (asked) this.#note(exchange.nth > 1 ? 'next' : 'open', asked.frame, start.frame, client);
    if (!reused && connection.synAck && request) {
      this.#note('send', connection.synAck.frame, request.start.frame, client);
    }
    if (response) this.#note('answer', response.start.frame, answered.frame, client);
  }

  #note(kind: Kind, ready: number, acted: number, connection: number): void {
    if (acted <= ready) return;
    const at = this.#count++ % ACTS_KEPT;
    this.#kind[at] = KINDS.indexOf(kind);
    this.#ready[at] = ready;
    this.#acted[at] = acted;
    this.#connection[at] = connection;
  }

  /** Those that were waited for or done between two frames, in the order in which they were done. */
  between(from: number, until: number): readonly Act[] {
    const acts: Act[] = [];
    for (let at = 0; at < Math.min(this.#count, ACTS_KEPT); at++) {
      const [ready = 0, acted = 0] = [this.#ready[at], this.#acted[at]];
      if (acted < from || ready > until) continue;
      const kind = KINDS[this.#kind[at] ?? 0] ?? 'open';
      acts.push({ kind, ready, acted, connection: this.#connection[at] ?? 0 });
    }
    return acts.sort((a, b) => a.acted - b.acted);
  }
}
