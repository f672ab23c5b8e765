/** One memcached connection on which a client asks for one key at a time, as nginx's memcached_pass does. */
import type { GapWhy } from '../../model/connection.ts';
import type { Dialogue, Message } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import type { Moment } from '../../model/time.ts';
import { CgiMessages } from '../cgi-messages.ts';
import type { Parser, Side } from '../protocol.ts';
import { maybeKey } from './key.ts';
import { Line } from './line.ts';
import { Replies } from './replies.ts';

/** Keys asked for and not answered; nginx asks for one at a time. */
export const WAITING_LIMIT = 64;

export class MemcachedParser implements Parser {
  readonly #messages: CgiMessages;
  readonly #replies: Replies;
  #line = new Line();
  #start: Moment | undefined = undefined;
  /** The line under way may lack its beginning. */
  #holed = false;
  /** The client said something else than `get KEY`: it is no gateway, and its commands are not followed. */
  #deaf = false;

  constructor(dialogue: Dialogue, emit: (message: Message) => void) {
    this.#messages = new CgiMessages(dialogue, emit);
    this.#replies = new Replies(this.#messages);
  }

  chunk(side: Side, octets: Octets, moment: Moment): void {
    if (side === 'server') {
      this.#replies.chunk(octets, moment);
      return;
    }
    let at = octets.start;
    while (at < octets.end && !this.#deaf) {
      this.#start ??= moment;
      at = this.#line.take(octets, at);
      if (this.#line.state !== 'open') this.#lineEnds(this.#start, moment);
    }
  }

  gap(side: Side, length: number, _why: GapWhy, moment: Moment): void {
    if (side === 'server') {
      this.#replies.gap(length, moment);
      return;
    }
    if (this.#deaf) return;
    this.#messages.lost(0, 'client', length, moment);
    this.#replies.requestsLost();
    this.#line = new Line();
    this.#start = undefined;
    this.#holed = true;
  }

  finished(side: Side, moment: Moment): void {
    if (side === 'server') this.#replies.closed(moment);
  }

  aborted(_side: Side, moment: Moment): void {
    this.#replies.closed(moment);
  }

  #lineEnds(start: Moment, moment: Moment): void {
    const { text, octets } = this.#line;
    const key = maybeKey(text);
    const holed = this.#holed;
    this.#line = new Line();
    this.#start = undefined;
    this.#holed = false;
    if (key !== undefined && this.#replies.waiting < WAITING_LIMIT) this.#ask(key, octets, start, moment);
    else if (!holed) {
      this.#deaf = true;
      this.#messages.lost(0, 'client', octets, moment);
    }
  }

  #ask(key: string, octets: number, start: Moment, moment: Moment): void {
    this.#replies.asked(key, moment);
    const words = { method: 'GET', target: key, version: '', host: '', fields: [], downstream: undefined };
    this.#messages.requestHead(0, words, start, octets, moment);
    this.#messages.requestEnd(0, octets, moment);
  }
}
