/** The client's direction: what requests are, and which of them wait for their response. */
import type { GapWhy } from '../../model/connection.ts';
import type { FaultName } from '../../model/message.ts';
import type { Moment } from '../../model/time.ts';
import { sampleOf } from '../foreign.ts';
import type { Recognition } from '../protocol.ts';
import { type HeadFacts, readFields } from './fields.ts';
import { type Framing, type MethodKind, methodKind, requestFraming } from './framing.ts';
import { MessageStream } from './message-stream.ts';
import type { HeadOctets, Reader } from './reader.ts';
import { beginsRequest, isPlain } from './recognise.ts';
import { cutRequestLine, plainRequestLine, type RequestLine, requestLine } from './start-line.ts';
import type { Teller } from './teller.ts';

/** Requests that may wait for a response on one connection; nginx pipelines none, browsers none, test tools a few dozen. */
export const OUTSTANDING_LIMIT = 1024;

/** Methods whose requests have no body unless their head says so, which hardly any does. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE', 'CONNECT']);

/** Octets of a first line that are judged before it is complete: judging all of it, octet by octet, would be quadratic. */
const LINE_JUDGED = 512;

const AUTHORITY = /^https?:\/\/([^/?#]*)/i;

/** The host that an absolute target names (RFC 9112 3.2.2); nearly every target begins with a slash and names none. */
function hostOf(target: string): string {
  return target.startsWith('/') ? '' : (AUTHORITY.exec(target)?.[1] ?? '');
}

/** What the client's side needs to know of the server's. */
export interface Answers {
  /** A new request begins: a client that does not pipeline has seen the end of the response before. */
  requestBegins(): void;
  /** The response to the request under way has begun already. */
  readonly early: boolean;
  requestEnds(moment: Moment): void;
}

export class RequestSide implements Reader {
  readonly stream: MessageStream = new MessageStream(this, true);
  readonly #tell: Teller;
  readonly #answers: Answers;
  /** The oldest request that waits for its response, and those after it: hardly any client has more than one waiting. */
  #oldest: MethodKind | undefined = undefined;
  #others: MethodKind[] | undefined = undefined;
  #line: RequestLine | undefined = undefined;
  /** A request was begun and its end was not told. */
  #open = false;
  #expects = false;

  constructor(tell: Teller, answers: Answers) {
    this.#tell = tell;
    this.#answers = answers;
  }

  /** Method of the oldest request that waits for its response; `undefined` where none is known of. */
  get oldest(): MethodKind | undefined {
    return this.#oldest;
  }

  get waiting(): number {
    return (this.#oldest === undefined ? 0 : 1) + (this.#others?.length ?? 0);
  }

  answered(): void {
    this.#oldest = this.#others?.shift();
  }

  /** A request whose end was lost is taken to have ended where its octets stopped: a response begins, or a side closes. */
  settle(): void {
    if (this.#open && this.stream.state === 'LOST') this.ended();
  }

  begins(bytes: Uint8Array, from: number, to: number): Recognition {
    return beginsRequest(bytes, from, to);
  }

  begun(): void {
    this.#answers.requestBegins();
    this.#line = undefined;
    this.#expects = false;
  }

  firstLine(bytes: Uint8Array, from: number, lineEnd: number, to: number): 'no-http' | undefined {
    const complete = lineEnd >= 0;
    this.#line = complete ? plainRequestLine(bytes, from, lineEnd) : undefined;
    if (this.#line) return undefined;
    if (isPlain(bytes, from, complete ? lineEnd : Math.min(to, from + LINE_JUDGED))) {
      if (!complete) return undefined;
      this.#line = requestLine(bytes, from, lineEnd);
      if (this.#line) return undefined;
    }
    this.fault('http09', '', sampleOf(bytes, from, to), 0, 'no request line');
    return 'no-http';
  }

  head(head: HeadOctets): Framing {
    const facts = this.#facts(head);
    this.#headKnown(this.#line as RequestLine, facts, head.to - head.from);
    this.#line = undefined;
    this.#expects = facts.expects;
    const framing = requestFraming(facts);
    if (framing === 'length') this.stream.left = facts.length;
    return framing;
  }

  #facts(head: HeadOctets): HeadFacts {
    const facts = readFields(head.bytes, head.from, head.to, head.scan.lines);
    if (facts.conflict) {
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
    return facts;
  }

  owes(method: MethodKind): void {
    if (this.#oldest === undefined) {
      this.#oldest = method;
      return;
    }
    this.#others ??= [];
    this.#others.push(method);
  }

  #headKnown(line: RequestLine, facts: HeadFacts, octets: number): void {
    const { method, target } = line;
    const host = facts.host || (method === 'CONNECT' ? target : hostOf(target));
    this.#tell.requestHead(line, facts, host, octets, this.stream.start, this.stream.last);
    this.#open = true;
    if (this.#answers.early) return;
    if (this.waiting < OUTSTANDING_LIMIT) this.owes(methodKind(method));
  }

  headCut(head: HeadOctets, why: GapWhy | 'closed'): void {
    if (why === 'closed') return;
    const line = this.#line ?? cutRequestLine(head.bytes, head.from, head.to);
    if (!line) return;
    this.#headKnown(line, this.#facts(head), head.to - head.from);
    // The octets that the capture cut are the rest of this very frame: the head's end among them, most often.
    if (why === 'cut' && WITHOUT_BODY.has(line.method)) this.ended();
  }

  ended(): void {
    this.#open = false;
    this.#tell.requestEnd(this.stream.octets, this.stream.last);
    this.#answers.requestEnds(this.stream.last);
  }

  maybeBodiless(): boolean {
    return this.#expects && this.waiting === 0;
  }

  fault(name: FaultName, detail: string, sample: string, offset: number, text: string): void {
    this.#tell.fault('client', name, detail, sample, this.stream.offset + offset, text, this.stream.last);
  }

  lost(octets: number): void {
    this.#tell.lost('client', octets, this.stream.last);
  }

  /** Nothing more will come from the client. */
  closed(): void {
    this.settle();
    this.stream.close();
  }
}
