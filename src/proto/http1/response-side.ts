/** The server's direction: responses, each framed by the request it answers. */
import type { GapWhy } from '../../model/connection.ts';
import type { FaultName } from '../../model/message.ts';
import type { Moment } from '../../model/time.ts';
import { foreign, sampleOf } from '../foreign.ts';
import type { Recognition } from '../protocol.ts';
import { readFields } from './fields.ts';
import { type Framing, isBodiless, type MethodKind, responseFraming } from './framing.ts';
import type { State } from './life.ts';
import { MessageStream } from './message-stream.ts';
import type { HeadOctets, Reader } from './reader.ts';
import { beginsResponse } from './recognise.ts';
import { type StatusLine, statusLine } from './start-line.ts';
import type { Teller } from './teller.ts';

/** What the server's side needs to know of the client's. */
export interface Questions {
  readonly oldest: MethodKind | undefined;
  /** A request waits for its response, or is being sent. */
  readonly asked: boolean;
  /** A response begins. */
  responseBegins(): void;
  /** The final response is complete; `early`: before the head of its request was. */
  answered(): void;
  /** HTTP is over on this connection. */
  tunnelled(): void;
}

/** Octets of a status line that are judged before it is complete: the version and the status, with some spaces. */
const LINE_JUDGED = 64;

const SWITCHING_PROTOCOLS = 101;
const EARLY_HINTS = 103;

export class ResponseSide implements Reader {
  readonly stream: MessageStream = new MessageStream(this, false);
  readonly #tell: Teller;
  readonly #questions: Questions;
  #line: StatusLine | undefined = undefined;
  #method: MethodKind = 'other';
  /** The response began without a request that is known of: its method is a guess. */
  #guessed = false;
  /** A response was begun, or interim ones were, and the end of the final one was not told. */
  #open = false;
  #interim = false;
  #unasked = false;
  /** Framing that promised more was found broken. */
  #broken = false;

  constructor(tell: Teller, questions: Questions) {
    this.#tell = tell;
    this.#questions = questions;
  }

  /** The response under way has an end that cannot be seen. */
  get lostPlace(): boolean {
    return this.stream.state === 'LOST';
  }

  /** The client goes on, so the response whose end cannot be seen is over. */
  settle(): void {
    if (!this.#open || this.#interim) return;
    const bodiless = this.#guessed && this.stream.bodyOctets === 0 && isBody(this.stream.state);
    if (this.lostPlace || bodiless) this.ended();
    if (bodiless) this.stream.enter('message-begins');
  }

  begins(bytes: Uint8Array, from: number, to: number): Recognition {
    return beginsResponse(bytes, from, to);
  }

  begun(): void {
    this.#questions.responseBegins();
    if (!this.#open) {
      // What nobody asked for is told only once it proves to be a response (408 on an idle connection).
      this.#unasked = !this.#questions.asked;
      if (!this.#unasked) this.#tell.responseStart(this.stream.last);
    }
    this.#open = true;
    this.#interim = false;
    this.#broken = false;
    this.#line = undefined;
  }

  firstLine(bytes: Uint8Array, from: number, lineEnd: number, to: number): 'no-http' | 'place-lost' | undefined {
    const complete = lineEnd >= 0;
    const end = complete ? lineEnd : Math.min(to, from + LINE_JUDGED);
    const line = statusLine(bytes, from, end, complete);
    if (typeof line === 'object' && complete) this.#line = line;
    // A line that is right so far may have begun like no response's.
    if (line !== 'bad' && (complete || beginsResponse(bytes, from, end) !== 'no')) return undefined;
    if (!complete && foreign(bytes, from, to) === undefined) return undefined;
    return this.#noHttp(bytes, from, to);
  }

  #noHttp(bytes: Uint8Array, from: number, to: number): 'no-http' | 'place-lost' {
    // Octets nobody asked for: a body longer than its length. nginx closes such a connection without a word.
    if (this.#unasked && this.stream.offset > 0) {
      this.#open = false;
      return 'place-lost';
    }
    const looks = foreign(bytes, from, to) ?? 'unknown';
    const sample = sampleOf(bytes, from, to);
    if (looks === 'http') this.fault('http09', 'status-line', sample, 0, 'a status line that is none');
    else if (looks === 'unknown') this.fault('http09', '', sample, 0, 'no status line');
    else this.fault('other-protocol', looks, sample, 0, 'another protocol where a response was owed');
    return 'no-http';
  }

  head(head: HeadOctets): Framing {
    return this.#headKnown(this.#line as StatusLine, head, true);
  }

  #headKnown(line: StatusLine, head: HeadOctets, complete: boolean): Framing {
    const { status } = line;
    // Before anything is told: the marks of the scan are good only until somebody scans another head.
    const facts = readFields(head.bytes, head.from, head.to, head.scan.lines);
    if (this.#unasked) this.#tell.responseStart(this.stream.start);
    this.#unasked = false;
    this.#interim = status < 200 && status !== SWITCHING_PROTOCOLS;
    if (facts.conflict && status !== EARLY_HINTS) {
      const sample = sampleOf(head.bytes, facts.conflictAt, facts.conflictEnd);
      const offset = facts.conflictAt - head.from;
      this.fault(
        'header-conflict',
        facts.conflict,
        sample,
        offset,
        'the length of the body is told in two ways, or wrongly',
      );
    }
    if (status === EARLY_HINTS && line.version.startsWith('HTTP/1.0')) {
      this.fault('status', 'early-hints', sampleOf(head.bytes, head.from, head.to), 0, '103 in an HTTP/1.0 response');
    }
    const octets = head.to - head.from;
    this.#tell.responseHead(line, this.#interim, facts.text, octets, this.stream.last);
    this.#guessed = this.#questions.oldest === undefined;
    this.#method = this.#questions.oldest ?? 'other';
    if (!complete) return 'unknown';
    const framing = responseFraming(facts, status, this.#method);
    if (framing === 'length') this.stream.left = facts.length;
    return framing;
  }

  headCut(head: HeadOctets, why: GapWhy | 'closed'): void {
    const { bytes, from, to, scan } = head;
    if (beginsResponse(bytes, from, to) === 'no') {
      this.#noHttp(bytes, from, to);
      return;
    }
    if (why === 'closed') {
      this.#conflicts(head);
      return;
    }
    const complete = scan.firstLineEnd >= 0;
    const line = this.#line ?? statusLine(bytes, from, complete ? scan.firstLineEnd : to, complete);
    if (typeof line === 'string') return;
    this.#headKnown(line, head, false);
    // The octets that the capture cut are the rest of this very frame: the head's end among them, most often.
    if (why === 'cut' && isBodiless(line.status, this.#method)) this.ended();
  }

  /** A head that was never completed may have been refused for a line it held: nginx judges each line as it comes. */
  #conflicts(head: HeadOctets): void {
    const facts = readFields(head.bytes, head.from, head.to, head.scan.lines);
    if (!facts.conflict) return;
    const sample = sampleOf(head.bytes, facts.conflictAt, facts.conflictEnd);
    const text = 'the length of the body is told in two ways, or wrongly';
    this.fault('header-conflict', facts.conflict, sample, facts.conflictAt, text);
  }

  ended(): void {
    this.#end('complete');
  }

  #end(how: 'complete' | 'closed' | 'cut'): void {
    if (this.#interim && how === 'complete') return;
    this.#open = false;
    this.#tell.responseEnd(how, this.stream.octets, this.stream.bodyOctets, this.stream.last);
    this.#questions.answered();
    if (this.stream.state === 'TUNNEL') this.#questions.tunnelled();
  }

  maybeBodiless(): boolean {
    return this.#guessed;
  }

  fault(name: FaultName, detail: string, sample: string, offset: number, text: string): void {
    if (name === 'chunk') this.#broken = true;
    this.#tell.fault('server', name, detail, sample, this.stream.offset + offset, text, this.stream.last);
  }

  lost(octets: number): void {
    this.#tell.lost('server', octets, this.stream.last);
  }

  /** Nothing more will come from the server; `clean`: by FIN. */
  closed(moment: Moment, clean: boolean): void {
    const { state } = this.stream;
    this.stream.close();
    this.stream.last = moment;
    if (!this.#open) return;
    const open = state === 'UNTIL-CLOSE' || state === 'GARBAGE' || (state === 'LOST' && !this.#broken);
    this.#interim = false;
    this.#end(open && clean ? 'closed' : 'cut');
  }
}

function isBody(state: State): boolean {
  return state === 'BODY' || state === 'CHUNKED' || state === 'UNTIL-CLOSE';
}
