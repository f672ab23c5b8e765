/** The answers of a memcached server, in the order in which their keys were asked for. */
import type { Octets } from '../../model/octets.ts';
import { type Moment, NO_MOMENT } from '../../model/time.ts';
import type { CgiMessages } from '../cgi-messages.ts';
import { type Answer, answerOf } from './answer.ts';
import { Line } from './line.ts';

/** What follows the octets of a value. */
const TRAILER = '\r\nEND\r\n';

/** `spoilt`: nothing more of this answer can be read; it lasts until its client asks again. */
type State = 'awaited' | 'line' | 'value' | 'spoilt';

export class Replies {
  readonly #messages: CgiMessages;
  /** Keys without an answer, oldest first. */
  readonly #keys: string[] = [];
  /** Requests are missing from the capture: an answer may be to one of them. */
  #unsure = false;
  #state: State = 'awaited';
  #line = new Line();
  /** Octets of the value and of its trailer still to come. */
  #left = 0;
  #length = 0;
  #octets = 0;
  /** Octets of this side before the answer under way. */
  #before = 0;
  #moment: Moment = NO_MOMENT;

  constructor(messages: CgiMessages) {
    this.#messages = messages;
  }

  get waiting(): number {
    return this.#keys.length;
  }

  /** The client asks; had it not done with the answer before, it would not. */
  asked(key: string, moment: Moment): void {
    this.#moment = moment;
    if (this.#state === 'spoilt') this.#end('cut');
    if (this.#keys.length === 0) this.#unsure = false;
    this.#keys.push(key);
  }

  requestsLost(): void {
    this.#unsure = true;
  }

  chunk(octets: Octets, moment: Moment): void {
    this.#moment = moment;
    let at = octets.start;
    while (at < octets.end) {
      if (!this.#begin()) {
        this.#before += octets.end - at; // said to nobody we know of
        return;
      }
      const from = at;
      if (this.#state === 'line') at = this.#line.take(octets, at);
      else if (this.#state === 'value') at = this.#value(octets, at);
      else at = octets.end;
      this.#octets += at - from;
      if (this.#state === 'line' && this.#line.state !== 'open') this.#judge();
      else if (this.#state === 'value' && this.#left === 0) this.#end('complete');
    }
  }

  gap(length: number, moment: Moment): void {
    this.#moment = moment;
    if (!this.#begin()) {
      this.#before += length;
      return;
    }
    if (this.#state === 'line') {
      this.#messages.lost(0, 'server', length, moment);
      this.#state = 'spoilt';
    }
    const counted = this.#state === 'value' ? Math.min(length, this.#left) : length;
    this.#octets += counted;
    if (this.#state !== 'value') return;
    this.#left -= counted;
    if (this.#left === 0) this.#end('complete');
    if (length > counted) this.gap(length - counted, moment);
  }

  closed(moment: Moment): void {
    this.#moment = moment;
    if (this.#state !== 'awaited') this.#end('cut');
    this.#keys.length = 0;
  }

  /** False where no answer is awaited. */
  #begin(): boolean {
    if (this.#keys.length === 0) return false;
    if (this.#state !== 'awaited') return true;
    this.#state = 'line';
    this.#messages.responseStart(0, this.#moment);
    return true;
  }

  #judge(): void {
    const { text, octets, state } = this.#line;
    if (state === 'too-long') {
      this.#refuse('head-too-big', 'line', 'a line without an end');
      return;
    }
    const answer = answerOf(text, this.#keys[0] ?? '');
    if (answer.is === 'refused') this.#refused(answer.why);
    else {
      const status = answer.is === 'value' ? 200 : 404;
      this.#messages.responseHead(0, { version: '', status, fields: [], headOctets: octets }, this.#moment);
      if (answer.is === 'end') this.#end('complete');
      else this.#expect(answer.length);
    }
  }

  #expect(length: number): void {
    this.#state = 'value';
    this.#length = length;
    this.#left = length + TRAILER.length;
  }

  #refused(why: (Answer & { is: 'refused' })['why']): void {
    if (why === 'key' && this.#unsure) {
      // The answer to a request that the capture does not hold.
      this.#messages.lost(0, 'server', this.#octets, this.#moment);
      this.#state = 'spoilt';
      return;
    }
    this.#refuse('memcached-reply', why, 'an answer that is neither VALUE with the key and a length nor END');
  }

  #refuse(name: 'memcached-reply' | 'head-too-big', detail: string, text: string): void {
    const words = { name, detail, sample: this.#line.text.replace(/\r\n$/, ''), offset: this.#before, text };
    this.#messages.fault(0, 'server', words, this.#moment);
    this.#state = 'spoilt';
  }

  /** A wrong trailer ends the answer too: its octets were all passed on by then (ngx_http_memcached_filter). */
  #value(octets: Octets, from: number): number {
    let at = from + Math.min(octets.end - from, Math.max(0, this.#left - TRAILER.length));
    this.#left -= at - from;
    while (at < octets.end && this.#left > 0) {
      const expected = TRAILER.charCodeAt(TRAILER.length - this.#left);
      if (octets.bytes[at] !== expected) {
        this.#left = 0;
        return at;
      }
      this.#left--;
      at++;
    }
    return at;
  }

  #end(how: 'complete' | 'cut'): void {
    const body = this.#state === 'value' ? Math.min(this.#length, this.#octets - this.#line.octets) : 0;
    this.#messages.responseEnd(0, how, this.#octets, body, this.#moment);
    this.#before += this.#octets;
    this.#octets = 0;
    this.#line = new Line();
    this.#state = 'awaited';
    this.#keys.shift();
  }
}
