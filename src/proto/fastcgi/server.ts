/**
 * The server's records (FastCGI 1.0, 5.3 to 5.5), judged as nginx does (ngx_http_fastcgi_process_record): version, type,
 * request id, in this order. Octets that nobody waits for are read over, as nginx does after END_REQUEST.
 */
import type { FaultName } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import type { Moment } from '../../model/time.ts';
import type { ForeignSample } from '../cgi-foreign.ts';
import type { FaultWords } from '../cgi-messages.ts';
import { latin1 } from '../latin1.ts';
import { STDERR_RECORD_LIMIT } from './answering.ts';
import { foreignFault } from './foreign-fault.ts';
import {
  FCGI_END_REQUEST,
  FCGI_GET_VALUES_RESULT,
  FCGI_NULL_REQUEST_ID,
  FCGI_STDERR,
  FCGI_STDOUT,
  FCGI_UNKNOWN_TYPE,
  FIXED_CONTENT_LENGTH,
  HEADER_LENGTH,
  type RecordHeader,
  type RecordSink,
} from './record.ts';
import type { OpenRequest, Requests } from './requests.ts';

/** Octets of END_REQUEST that say something: appStatus, protocolStatus. */
const STATUS_OCTETS = 5;
const APP_STATUS_OCTETS = 4;
/** Stands for the type of a record that was rejected. */
const UNREAD = -1;

export class ServerSide implements RecordSink {
  readonly #requests: Requests;
  #type = 0;
  #contentLength = 0;
  #offset = 0;
  #request: OpenRequest | undefined = undefined;
  #appStatus = 0;
  #protocolStatus = 0;
  #statusOctets = 0;
  /** Octets of the record are missing: statuses cannot be read off it. */
  #holed = false;
  /** The STDERR text of the record under way is complete up to here, as far as it is kept. */
  #stderrKept = 0;
  /** The octets astray can only be what follows a head: nothing that matters is lost. */
  #harmless = false;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  header(header: RecordHeader, moment: Moment): void {
    this.#type = header.type;
    this.#contentLength = header.contentLength;
    this.#offset = header.offset;
    this.#request = undefined;
    switch (header.type) {
      case FCGI_STDOUT:
      case FCGI_STDERR:
      case FCGI_END_REQUEST:
        this.#goesOn(header, moment);
        return;
      case FCGI_GET_VALUES_RESULT:
      case FCGI_UNKNOWN_TYPE:
        if (this.#requests.managed && header.requestId === FCGI_NULL_REQUEST_ID) return;
        this.#reject('record-type', `record type ${header.type}, which nobody asked for`, moment);
        return;
      default:
        this.#reject('record-type', `record type ${header.type}, which no server may send`, moment);
    }
  }

  content(octets: Octets, from: number, to: number, moment: Moment): void {
    const request = this.#request;
    if (!request) return;
    const { answering } = request;
    answering.count(to - from, moment);
    switch (this.#type) {
      case FCGI_STDOUT:
        answering.stdout(octets, from, to, moment);
        return;
      case FCGI_STDERR: {
        const kept = Math.min(to, from + STDERR_RECORD_LIMIT - this.#stderrKept);
        if (kept > from) answering.stderr(latin1(octets.bytes, from, kept));
        this.#stderrKept += Math.max(0, kept - from);
        return;
      }
      case FCGI_END_REQUEST:
        this.#statuses(octets, from, to);
        return;
    }
  }

  hole(length: number, moment: Moment): void {
    const answering = this.#request?.answering;
    if (!answering) return;
    answering.count(length, moment);
    if (this.#type === FCGI_STDOUT) answering.stdoutHole(length, moment);
    this.#holed = true;
  }

  contentEnd(moment: Moment): void {
    const request = this.#request;
    if (!request) return;
    switch (this.#type) {
      case FCGI_STDOUT:
        if (this.#contentLength === 0) request.answering.stdoutEnd(this.#offset, moment);
        return;
      case FCGI_STDERR:
        request.answering.stderrEnd(moment);
        return;
      case FCGI_END_REQUEST: {
        const seen = this.#statusOctets === STATUS_OCTETS && !this.#holed;
        const statuses = seen ? { app: this.#appStatus, protocol: this.#protocolStatus } : undefined;
        request.answering.endRequest(statuses, moment);
        this.#requests.settle(request);
        return;
      }
    }
  }

  padding(length: number): void {
    // The padding of END_REQUEST comes after the end and is nobody's.
    const answering = this.#request?.answering;
    if (answering && !answering.ended) answering.padded(length);
  }

  foreign(sample: ForeignSample, offset: number, moment: Moment): void {
    this.#fault(foreignFault(sample, offset), moment);
  }

  unreadable(length: number, moment: Moment): void {
    this.#requests.awaiting()?.answering.count(length, moment);
  }

  astray(length: number, moment: Moment): void {
    this.#request = undefined;
    this.#harmless = this.#requests.soleAwaiting()?.answering.state === 'BODY';
    this.passed(length, moment);
    this.#requests.astray(length, moment);
  }

  passing(length: number, moment: Moment): void {
    this.#requests.astray(length, moment);
  }

  passed(length: number, moment: Moment): void {
    if (this.#harmless) return;
    this.#requests.messages.lost(this.#requests.awaiting()?.id ?? 0, 'server', length, moment);
  }

  fits(type: number, requestId: number, contentLength: number): boolean {
    const request = this.#requests.get(requestId);
    if (!request || request.answering.ended) return false;
    switch (type) {
      case FCGI_STDOUT:
      case FCGI_STDERR:
        return true;
      case FCGI_END_REQUEST:
        return contentLength === FIXED_CONTENT_LENGTH;
      default:
        return false;
    }
  }

  #goesOn(header: RecordHeader, moment: Moment): void {
    const request = this.#requests.get(header.requestId);
    if (!request) {
      if (!this.#requests.sure) return;
      this.#reject('record-request-id', `a record for request ${header.requestId}, which is not open`, moment);
      return;
    }
    if (request.answering.ended) return;
    this.#request = request;
    this.#statusOctets = this.#appStatus = this.#protocolStatus = this.#stderrKept = 0;
    this.#holed = false;
    request.answering.begin(header.start);
    request.answering.count(HEADER_LENGTH, moment);
    if (header.type === FCGI_END_REQUEST) request.answering.endRequestBegins(header.offset, moment);
  }

  #statuses(octets: Octets, from: number, to: number): void {
    for (let at = from; at < to && this.#statusOctets < STATUS_OCTETS; at++, this.#statusOctets++) {
      const octet = octets.bytes[at] as number;
      if (this.#statusOctets < APP_STATUS_OCTETS) this.#appStatus = ((this.#appStatus << 8) | octet) >>> 0;
      else this.#protocolStatus = octet;
    }
  }

  #reject(name: FaultName, text: string, moment: Moment): void {
    this.#fault({ name, detail: '', sample: '', offset: this.#offset, text }, moment);
    // Its octets came in answer to whoever waits; what they say is not read.
    this.#request = this.#requests.awaiting();
    this.#type = UNREAD;
    this.#request?.answering.count(HEADER_LENGTH, moment);
  }

  /** A fault in the framing harms whoever waits; where nobody does, it harms nobody. */
  #fault(words: FaultWords, moment: Moment): void {
    const harmed = this.#requests.awaiting();
    if (!harmed) return;
    harmed.answering.fault(words, moment);
    this.#requests.settle(harmed);
  }
}
