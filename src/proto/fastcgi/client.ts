/** The client's records (FastCGI 1.0, 5.1 to 5.4): they open requests and fill them. */
import type { Octets } from '../../model/octets.ts';
import type { Moment } from '../../model/time.ts';
import type { ForeignSample } from '../cgi-foreign.ts';
import type { FaultWords } from '../cgi-messages.ts';
import { foreignFault } from './foreign-fault.ts';
import type { Role, SendingInput } from './life.ts';
import {
  FCGI_ABORT_REQUEST,
  FCGI_BEGIN_REQUEST,
  FCGI_DATA,
  FCGI_GET_VALUES,
  FCGI_NULL_REQUEST_ID,
  FCGI_PARAMS,
  FCGI_STDIN,
  FIXED_CONTENT_LENGTH,
  HEADER_LENGTH,
  type RecordHeader,
  type RecordSink,
} from './record.ts';
import type { OpenRequest, Requests } from './requests.ts';

/** FCGI_RESPONDER, FCGI_AUTHORIZER, FCGI_FILTER (5.1); anything else is read as a Responder. */
const ROLES: readonly Role[] = ['responder', 'authorizer', 'filter'];
const ROLE_OCTETS = 2;

export class ClientSide implements RecordSink {
  readonly #requests: Requests;
  #type = 0;
  #requestId = 0;
  #contentLength = 0;
  #start: Moment | undefined = undefined;
  #request: OpenRequest | undefined = undefined;
  /** The role's octets as they come. */
  #role = 0;
  #roleOctets = 0;
  /** The octets astray can only be a body's: nothing that matters is lost. */
  #harmless = false;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  header(header: RecordHeader, moment: Moment): void {
    const { type, requestId, contentLength, start } = header;
    this.#type = type;
    this.#requestId = requestId;
    this.#contentLength = contentLength;
    this.#start = start;
    this.#request = undefined;
    switch (type) {
      case FCGI_BEGIN_REQUEST:
        this.#begins(header, moment);
        return;
      case FCGI_ABORT_REQUEST:
      case FCGI_PARAMS:
      case FCGI_STDIN:
      case FCGI_DATA:
        this.#goesOn(header, moment);
        return;
      default:
        // Any type is a management question with id 0; the server answers UNKNOWN_TYPE (4.2).
        if (requestId === FCGI_NULL_REQUEST_ID || type === FCGI_GET_VALUES) this.#requests.managed = true;
        else this.#fault('record-type', `record type ${type}, which no client may send`, header, moment);
    }
  }

  content(octets: Octets, from: number, to: number): void {
    this.#count(to - from);
    if (this.#type === FCGI_PARAMS) {
      this.#request?.sending.params(octets.bytes, from, to, to - from === this.#contentLength);
    }
    if (this.#type === FCGI_BEGIN_REQUEST) this.#roleOctetsFrom(octets, from, to);
  }

  hole(length: number, moment: Moment): void {
    this.#count(length);
    if (this.#type === FCGI_PARAMS) this.#request?.sending.paramsHole(length, moment);
    else if (this.#type === FCGI_BEGIN_REQUEST) this.#roleOctets += length;
  }

  contentEnd(moment: Moment): void {
    if (this.#type === FCGI_BEGIN_REQUEST && this.#start && this.#contentLength === FIXED_CONTENT_LENGTH) {
      const role = ROLES[this.#role - 1] ?? 'responder';
      this.#request = this.#requests.begin(this.#requestId, role, this.#start);
      this.#count(HEADER_LENGTH + FIXED_CONTENT_LENGTH);
    } else if (this.#contentLength === 0 && this.#request) {
      const ended = STREAMS[this.#type];
      if (ended) this.#request.sending.streamEnd(ended, moment);
      this.#requests.settle(this.#request);
    }
  }

  padding(length: number): void {
    this.#count(length);
  }

  foreign(sample: ForeignSample, offset: number, moment: Moment): void {
    const id = this.#requests.soleUnsent()?.id ?? 0;
    this.#requests.messages.fault(id, 'client', foreignFault(sample, offset), moment);
  }

  unreadable(length: number): void {
    const request = this.#requests.soleUnsent();
    if (request) request.sending.octets += length;
  }

  astray(length: number, moment: Moment): void {
    const request = this.#requests.soleUnsent();
    this.#request = undefined;
    this.#harmless = request?.sending.owesBody === true;
    if (!this.#harmless) this.#requests.sure = false;
    this.passed(length, moment);
    if (!request) return;
    request.sending.astray(length, moment);
    this.#requests.settle(request);
  }

  passing(length: number, moment: Moment): void {
    const request = this.#requests.soleUnsent();
    if (!request) return;
    request.sending.passing(length, moment);
    this.#requests.settle(request);
  }

  passed(length: number, moment: Moment): void {
    if (this.#harmless) return;
    this.#requests.messages.lost(this.#requests.soleUnsent()?.id ?? 0, 'client', length, moment);
  }

  fits(type: number, requestId: number, contentLength: number): boolean {
    switch (type) {
      case FCGI_BEGIN_REQUEST:
        return requestId !== FCGI_NULL_REQUEST_ID && contentLength === FIXED_CONTENT_LENGTH;
      case FCGI_ABORT_REQUEST:
      case FCGI_PARAMS:
      case FCGI_STDIN:
      case FCGI_DATA: {
        const request = this.#requests.get(requestId);
        return request !== undefined && request.sending.state !== 'SENT';
      }
      default:
        return false;
    }
  }

  #begins(header: RecordHeader, moment: Moment): void {
    this.#role = 0;
    this.#roleOctets = 0;
    if (header.requestId === FCGI_NULL_REQUEST_ID) {
      this.#contentLength = -1;
      this.#fault('record-request-id', 'BEGIN_REQUEST with request id 0', header, moment);
    } else if (header.contentLength !== FIXED_CONTENT_LENGTH) {
      this.#fault('record-unexpected', 'BEGIN_REQUEST whose content is not 8 octets', header, moment, 'begin-request');
    }
  }

  #goesOn(header: RecordHeader, moment: Moment): void {
    const request = this.#requests.get(header.requestId);
    this.#request = request;
    if (request) {
      if (header.type === FCGI_ABORT_REQUEST) request.answering.aborted = true;
      else if (header.type !== FCGI_PARAMS) request.sending.tellHead(moment, false);
      this.#count(HEADER_LENGTH);
    } else if (this.#requests.sure && header.contentLength > 0) {
      this.#fault('record-request-id', `a record for request ${header.requestId}, which is not open`, header, moment);
    }
  }

  #roleOctetsFrom(octets: Octets, from: number, to: number): void {
    for (let at = from; at < to && this.#roleOctets < ROLE_OCTETS; at++, this.#roleOctets++) {
      this.#role = this.#role * 256 + (octets.bytes[at] as number);
    }
  }

  #count(octets: number): void {
    if (this.#request) this.#request.sending.octets += octets;
  }

  #fault(
    name: 'record-type' | 'record-request-id' | 'record-unexpected',
    text: string,
    header: RecordHeader,
    moment: Moment,
    detail = '',
  ): void {
    const words: FaultWords = { name, detail, sample: '', offset: header.offset, text };
    this.#requests.messages.fault(header.requestId, 'client', words, moment);
  }
}

/** The stream that an empty record of a type ends. */
const STREAMS: Readonly<Record<number, SendingInput>> = {
  [FCGI_PARAMS]: 'params',
  [FCGI_STDIN]: 'stdin',
  [FCGI_DATA]: 'data',
};
