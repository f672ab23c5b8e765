/** What the server sends of one request: STDOUT with the CGI head, STDERR, END_REQUEST, or less than that. */
import type { Octets } from '../../model/octets.ts';
import type { Moment } from '../../model/time.ts';
import { bodyOwed, CgiHead, type HeadFault, headPiece } from '../cgi-head.ts';
import type { CgiMessages, FaultWords } from '../cgi-messages.ts';
import { type AnsweringInput, type AnsweringState, nextAnswering } from './life.ts';
import type { Sending } from './sending.ts';

/** Text kept of one STDERR record: nginx cuts its log lines at 2048 octets (ngx_log.h). */
export const STDERR_RECORD_LIMIT = 2048;
/** STDERR text told of one request: room for the stack traces of several PHP errors. */
export const STDERR_LIMIT = 16 * 1024;

export class Answering {
  state: AnsweringState = 'AWAITED';
  /** The client sent ABORT_REQUEST: an END_REQUEST without a head is what it asked for. */
  aborted = false;
  readonly #messages: CgiMessages;
  readonly #id: number;
  readonly #sending: Sending;
  readonly #head: CgiHead;
  #moment: Moment;
  #octets = 0;
  #bodyOctets = 0;
  #stderr = '';
  #stderrTold = 0;
  /** Records may be missing: the length of the body proves nothing. */
  #unsure = false;
  /** Some octet of the answer is known to have come. */
  #begun = false;

  constructor(messages: CgiMessages, id: number, sending: Sending, moment: Moment) {
    this.#messages = messages;
    this.#id = id;
    this.#sending = sending;
    this.#moment = moment;
    this.#head = new CgiHead(false, (fault) => this.#headFault(fault));
  }

  get ended(): boolean {
    return this.state === 'ENDED';
  }

  /** Octets of this request's records, whatever they hold. */
  count(octets: number, moment: Moment): void {
    this.#octets += octets;
    this.#moment = moment;
  }

  padded(octets: number): void {
    this.#octets += octets;
  }

  /** The stream ends within a record's header that only this request can have. */
  partial(octets: number, start: Moment): void {
    this.begin(start);
    this.#octets += octets;
  }

  /** A record of this request begins, or octets that can only be its own. */
  begin(start: Moment): void {
    if (this.#begun || this.ended) return;
    this.#begun = true;
    this.#sending.answered(start);
    this.#messages.responseStart(this.#id, start);
    this.#to('record');
  }

  stdout(octets: Octets, from: number, to: number, moment: Moment): void {
    this.#moment = moment;
    let at = from;
    while (at < to && this.state === 'HEAD') {
      at += this.#head.push(headPiece(octets.bytes, at, to));
      if (this.#head.state === 'done') this.#headEnd(moment);
    }
    if (this.state === 'BODY') this.#bodyOctets += to - at;
  }

  stdoutHole(length: number, moment: Moment): void {
    this.#moment = moment;
    if (this.state === 'BODY') this.#bodyOctets += length;
    else if (this.state === 'HEAD') {
      this.#messages.lost(this.#id, 'server', length, moment);
      this.#headLost(moment);
    }
  }

  /** The empty STDOUT record. nginx takes it for a failure while it waits for the head. */
  stdoutEnd(offset: number, moment: Moment): void {
    if (this.state === 'HEAD') {
      const text = 'STDOUT ended before the head did';
      this.fault({ name: 'record-unexpected', detail: 'empty-stdout', sample: '', offset, text }, moment);
    }
    this.#to('stdout');
  }

  stderr(text: string): void {
    this.#stderr += text.slice(0, STDERR_RECORD_LIMIT - this.#stderr.length);
  }

  stderrEnd(moment: Moment): void {
    const text = this.#stderr.slice(0, STDERR_LIMIT - this.#stderrTold);
    this.#stderr = '';
    if (!text || this.ended) return;
    this.#stderrTold += text.length;
    this.#messages.stderr(this.#id, text, moment);
  }

  /** The header of END_REQUEST, which nginx rejects where the head is still owed. */
  endRequestBegins(offset: number, moment: Moment): void {
    if (this.state !== 'HEAD' || this.aborted) return;
    const text = 'END_REQUEST before the head';
    this.fault({ name: 'record-unexpected', detail: 'end-request', sample: '', offset, text }, moment);
  }

  /** END_REQUEST is complete; `undefined` statuses where the capture does not hold them. */
  endRequest(statuses: { readonly app: number; readonly protocol: number } | undefined, moment: Moment): void {
    if (this.ended) return;
    if (statuses) this.#messages.endRequest(this.#id, statuses.app, statuses.protocol, moment);
    this.#end(this.#short() ? 'cut' : 'complete', 'endRequest', moment);
  }

  /** A fault in the octets of this request, or of a stream that is this request's alone. */
  fault(words: FaultWords, moment: Moment): void {
    this.begin(moment);
    if (this.state === 'ENDED' || this.state === 'CLOSED' || this.state === 'SPOILT') return;
    this.#messages.fault(this.#id, 'server', words, moment);
    if (this.state === 'BODY') this.#end('cut', 'fault', moment);
    else this.#to('fault');
  }

  /** Octets of this side are missing, and some may have been this request's; `sole` if they can be no other's. */
  astray(length: number, sole: boolean, moment: Moment): void {
    this.#unsure = true;
    if (sole) {
      this.begin(moment);
      this.count(length, moment);
    }
    this.#headLost(moment);
  }

  /** No more octets will come. */
  close(how: 'fin' | 'rst', moment: Moment): void {
    this.stderrEnd(moment);
    if (!this.#begun || this.ended) return;
    this.#end(this.#closing(how), 'close', moment);
  }

  /** The client uses the id again, so it had the whole answer even if we did not see its end. */
  superseded(): void {
    if (!this.#begun || this.ended) return;
    this.#end('complete', 'endRequest', this.#moment);
  }

  #closing(how: 'fin' | 'rst'): 'complete' | 'closed' | 'cut' {
    if (this.state === 'CLOSED') return 'complete';
    if (this.state !== 'BODY') return 'cut';
    const owed = bodyOwed(this.#head, this.#sending.method);
    if (owed !== undefined && this.#bodyOctets >= owed) return 'complete';
    return this.#unsure && how === 'fin' ? 'closed' : 'cut';
  }

  #short(): boolean {
    const owed =
      this.state === 'BODY' || this.state === 'CLOSED' ? bodyOwed(this.#head, this.#sending.method) : undefined;
    return owed !== undefined && !this.#unsure && this.#bodyOctets < owed;
  }

  #headEnd(moment: Moment): void {
    const { version, status, fields, octets } = this.#head;
    this.#to('head');
    this.#messages.responseHead(this.#id, { version, status, fields, headOctets: octets }, moment);
  }

  /** The rest of the head is missing: it is told if the status was already said, which nothing after it can change. */
  #headLost(moment: Moment): void {
    if (this.state !== 'HEAD' && this.state !== 'AWAITED') return;
    const { version, known: status, fields, octets } = this.#head;
    this.#unsure = true;
    if (status > 0) this.#messages.responseHead(this.#id, { version, status, fields, headOctets: octets }, moment);
    this.#to(status > 0 ? 'head' : 'gap');
  }

  #headFault(fault: HeadFault): void {
    this.#messages.fault(this.#id, 'server', fault, this.#moment);
    if (this.#head.state === 'broken') this.#to('fault');
  }

  #end(how: 'complete' | 'closed' | 'cut', input: AnsweringInput, moment: Moment): void {
    this.#to(input);
    this.#messages.responseEnd(this.#id, how, this.#octets, this.#bodyOctets, moment);
  }

  #to(input: AnsweringInput): void {
    this.state = nextAnswering(this.state, input);
  }
}
