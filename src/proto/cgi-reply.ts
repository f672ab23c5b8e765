/**
 * The answer of a uwsgi or SCGI server: a status line or a CGI head, then the body to its Content-Length or to the
 * closing of the connection. There is one per connection: neither protocol knows keep-alive.
 */
import type { Octets } from '../model/octets.ts';
import { type Moment, NO_MOMENT } from '../model/time.ts';
import { ForeignSample } from './cgi-foreign.ts';
import { bodyOwed, CgiHead, type HeadFault, headPiece } from './cgi-head.ts';
import type { CgiMessages } from './cgi-messages.ts';

const SPACE = 0x20;
const LF = 0x0a;
const CR = 0x0d;

/** What the answer needs to know of its request. */
export interface Asked {
  readonly method: string;
  /** The server's first octet came. */
  answered(moment: Moment): void;
}

/** `foreign`: the octets begin no head; gathered to be named. `spoilt`: nothing more can be read. */
type State = 'awaited' | 'head' | 'foreign' | 'body' | 'spoilt' | 'ended';

export class CgiReply {
  readonly #messages: CgiMessages;
  readonly #asked: Asked;
  readonly #head: CgiHead;
  readonly #foreign = new ForeignSample();
  #state: State = 'awaited';
  #octets = 0;
  #bodyOctets = 0;
  /** Where the head ended is not known: the length of the body proves nothing. */
  #unsure = false;
  #moment: Moment = NO_MOMENT;

  constructor(messages: CgiMessages, asked: Asked) {
    this.#messages = messages;
    this.#asked = asked;
    this.#head = new CgiHead(true, (fault) => this.#headFault(fault));
  }

  chunk(octets: Octets, moment: Moment): void {
    if (this.#state === 'ended' || octets.start === octets.end) return;
    this.#begin(moment);
    if (this.#octets === 0 && startsNoLine(octets.bytes[octets.start] as number)) this.#state = 'foreign';
    let at = octets.start;
    if (this.#state === 'foreign') {
      at = this.#foreign.take(octets, at);
      if (this.#foreign.enough) this.#tellForeign();
    }
    while (at < octets.end && this.#state === 'head' && this.#head.state === 'open') {
      at += this.#head.push(headPiece(octets.bytes, at, octets.end));
    }
    this.#octets += at - octets.start;
    if (this.#head.state === 'done' && this.#state === 'head') this.#headEnd();
    if (at < octets.end) this.#rest(octets.end - at);
  }

  gap(length: number, moment: Moment): void {
    if (this.#state === 'ended') return;
    this.#begin(moment);
    this.flush();
    if (this.#state === 'head') {
      this.#messages.lost(0, 'server', length, moment);
      this.#headLost();
    }
    this.#rest(length);
  }

  /** Nobody waits for more: tells what was held back. */
  flush(): void {
    if (this.#state === 'foreign') this.#tellForeign();
  }

  close(how: 'fin' | 'rst', moment: Moment): void {
    this.flush();
    if (this.#state === 'awaited' || this.#state === 'ended') return;
    const closes = this.#state === 'body' && this.#owed() === undefined && how === 'fin';
    this.#moment = moment;
    this.#end(closes ? 'closed' : 'cut');
  }

  #begin(moment: Moment): void {
    this.#moment = moment;
    if (this.#state !== 'awaited') return;
    this.#state = 'head';
    this.#asked.answered(moment);
    this.#messages.responseStart(0, moment);
  }

  #headEnd(): void {
    const { version, status, fields, octets } = this.#head;
    this.#state = 'body';
    this.#messages.responseHead(0, { version, status, fields, headOctets: octets }, this.#moment);
    if (this.#owed() === 0) this.#end('complete');
  }

  /** The rest of the head is missing: it is told if the status was already said, which nothing after it can change. */
  #headLost(): void {
    const { version, known: status, fields, octets } = this.#head;
    this.#unsure = true;
    this.#state = status > 0 ? 'body' : 'spoilt';
    if (status > 0) this.#messages.responseHead(0, { version, status, fields, headOctets: octets }, this.#moment);
  }

  /** Octets after the head, or that cannot be read. */
  #rest(length: number): void {
    if (this.#state === 'ended') return;
    const owed = this.#owed();
    const counted = owed === undefined ? length : Math.min(length, owed - this.#bodyOctets);
    this.#octets += counted;
    if (this.#state !== 'body') return;
    this.#bodyOctets += counted;
    if (this.#bodyOctets === owed) this.#end('complete');
  }

  #owed(): number | undefined {
    return this.#state === 'body' && !this.#unsure ? bodyOwed(this.#head, this.#asked.method) : undefined;
  }

  #tellForeign(): void {
    this.#state = 'spoilt';
    const { name, text: sample } = this.#foreign;
    const text = 'octets that begin neither a status line nor a header line';
    const known = name !== 'unknown';
    const words = {
      name: known ? 'other-protocol' : 'header-line',
      detail: known ? name : '',
      sample,
      offset: 0,
      text,
    } as const;
    this.#messages.fault(0, 'server', words, this.#moment);
  }

  #headFault(fault: HeadFault): void {
    this.#messages.fault(0, 'server', fault, this.#moment);
    if (this.#head.state === 'broken') this.#state = 'spoilt';
  }

  #end(how: 'complete' | 'closed' | 'cut'): void {
    this.#state = 'ended';
    this.#messages.responseEnd(0, how, this.#octets, this.#bodyOctets, this.#moment);
  }
}

/** Control octets can begin neither a status line nor a field line, but they do begin TLS, FastCGI and HTTP/2. */
function startsNoLine(octet: number): boolean {
  return octet < SPACE && octet !== CR && octet !== LF;
}
