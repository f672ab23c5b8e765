/** An exchange as it fills: the only mutable form of `Exchange`, written by this station alone. */
import { type Connection, type Direction, opposite, type StreamFacts, streamOf } from '../model/connection.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Exchange, ExchangeEnd, RequestFacts, ResponseFacts, TlsFacts } from '../model/exchange.ts';
import type {
  Dialogue,
  DownstreamIdentity,
  EndRequest,
  Fault,
  Field,
  Goaway,
  ProtocolName,
  RequestHead,
  ResponseHead,
  StreamReset,
  TlsAlert,
} from '../model/message.ts';
import type { Moment, Nanos } from '../model/time.ts';

/** Faults kept per exchange: the first ones decide, a hostile peer can make any number. */
const FAULTS_KEPT = 4;
const NO_FIELDS: readonly Field[] = [];
const NO_FAULTS: readonly Fault[] = [];
/** FCGI_STDERR text kept per exchange: enough for a PHP message with its stack. */
const STDERR_KEPT = 4096;
/** TLS alerts kept per exchange: a handshake ends with the first fatal one. */
const ALERTS_KEPT = 4;

export class RequestRecord implements RequestFacts {
  end: Moment | undefined = undefined;
  octets: number;
  readonly #said: RequestHead;

  constructor(head: RequestHead) {
    this.octets = head.headOctets;
    this.#said = head;
  }

  get method(): string {
    return this.#said.method;
  }

  get target(): string {
    return this.#said.target;
  }

  get host(): string {
    return this.#said.host;
  }

  get downstream(): DownstreamIdentity | undefined {
    return this.#said.downstream;
  }

  get version(): string {
    return this.#said.version;
  }

  get start(): Moment {
    return this.#said.start;
  }

  get head(): Moment {
    return this.#said.moment;
  }

  get mayBearId(): boolean {
    return this.#said.mayBearId;
  }

  /** Asked for of few requests: the protocol may have them as octets until then. */
  get fields(): readonly Field[] {
    return this.#said.fields;
  }
}

export class ResponseRecord implements ResponseFacts {
  readonly start: Moment;
  end: Moment | undefined = undefined;
  how: 'complete' | 'closed' | 'cut' | undefined = undefined;
  octets = 0;
  bodyOctets = 0;
  #said: ResponseHead | undefined = undefined;

  constructor(start: Moment) {
    this.start = start;
  }

  get head(): Moment | undefined {
    return this.#said?.moment;
  }

  get status(): number {
    return this.#said?.status ?? 0;
  }

  get version(): string {
    return this.#said?.version ?? '';
  }

  get fields(): readonly Field[] {
    return this.#said?.fields ?? NO_FIELDS;
  }

  headed(message: ResponseHead): void {
    this.#said = message;
    this.octets = message.headOctets;
  }
}

export class TlsRecord implements TlsFacts {
  clientHello: Moment | undefined = undefined;
  serverHello: Moment | undefined = undefined;
  applicationData: Moment | undefined = undefined;
  answer: Moment | undefined = undefined;
  serverName = '';
  readonly alerts: TlsAlert[] = [];

  alert(alert: TlsAlert): void {
    if (this.alerts.length < ALERTS_KEPT) this.alerts.push(alert);
  }
}

/** What hardly any exchange has: kept apart, so that those that go well stay small. */
class RareFacts {
  faults: readonly Fault[] = NO_FAULTS;
  stderr = '';
  tls: TlsRecord | undefined = undefined;
  goaway: Goaway | undefined = undefined;
  streamReset: StreamReset | undefined = undefined;
}

/** Where a stream's octets for an exchange end, while it is its connection's latest. */
const NO_END = -1;

export class ExchangeRecord implements Exchange {
  readonly id: number;
  readonly connection: Connection;
  nth = 0;
  requestId = 0;
  readonly idle: Nanos | undefined;
  start: Moment;
  protocol: ProtocolName | undefined;
  client: Endpoint;
  server: Endpoint;
  request: RequestRecord | undefined = undefined;
  response: ResponseRecord | undefined = undefined;
  serverClose: (Moment & { readonly rst: boolean }) | undefined = undefined;
  clientClose: (Moment & { readonly rst: boolean }) | undefined = undefined;
  endRequest: EndRequest | undefined = undefined;
  end: ExchangeEnd | undefined = undefined;
  lost = false;
  obscured = false;

  readonly #serverBase: number;
  readonly #clientBase: number;
  #serverDirection: Direction;
  #serverEnd = NO_END;
  #clientEnd = NO_END;
  #rare: RareFacts | undefined = undefined;

  constructor(start: ExchangeStart) {
    this.id = start.id;
    this.connection = start.connection;
    this.idle = start.idle;
    this.start = start.start;
    this.protocol = start.dialogue?.protocol;
    this.client = start.dialogue?.client ?? start.connection.active;
    this.server = start.dialogue?.server ?? start.connection.passive;
    this.#serverDirection = start.dialogue?.clientDirection === 'reverse' ? 'forward' : 'reverse';
    this.#serverBase = start.serverBase;
    this.#clientBase = start.clientBase;
  }

  get reused(): boolean {
    return this.nth > 1 || this.connection.midstream;
  }

  /** The request this exchange is about: the connection's `nth`. */
  asked(head: RequestHead, nth: number): void {
    this.request = new RequestRecord(head);
    this.requestId = head.requestId;
    this.nth = nth;
    if (this.connection.midstream) this.start = head.start;
  }

  recognised(dialogue: Dialogue): void {
    this.protocol = dialogue.protocol;
    this.client = dialogue.client;
    this.server = dialogue.server;
    this.#serverDirection = dialogue.clientDirection === 'reverse' ? 'forward' : 'reverse';
  }

  get serverOctets(): number {
    return (this.#serverEnd === NO_END ? this.#stream('server').octets : this.#serverEnd) - this.#serverBase;
  }

  get clientOctets(): number {
    return (this.#clientEnd === NO_END ? this.#stream('client').octets : this.#clientEnd) - this.#clientBase;
  }

  get faults(): readonly Fault[] {
    return this.#rare?.faults ?? NO_FAULTS;
  }

  get stderr(): string {
    return this.#rare?.stderr ?? '';
  }

  get tls(): TlsRecord | undefined {
    return this.#rare?.tls;
  }

  get goaway(): Goaway | undefined {
    return this.#rare?.goaway;
  }

  get streamReset(): StreamReset | undefined {
    return this.#rare?.streamReset;
  }

  /** The facts that are kept apart, made on the first need. */
  rare(): RareFacts {
    this.#rare ??= new RareFacts();
    return this.#rare;
  }

  get incomplete(): boolean {
    return this.lost || this.obscured || this.connection.incomplete;
  }

  /** The next exchange on the connection begins: later octets are not this one's. */
  freeze(): void {
    if (this.#serverEnd !== NO_END) return;
    this.#serverEnd = this.#stream('server').octets;
    this.#clientEnd = this.#stream('client').octets;
  }

  fault(fault: Fault): void {
    if (this.faults.length < FAULTS_KEPT) this.rare().faults = [...this.faults, fault];
  }

  addStderr(text: string): void {
    if (this.stderr.length < STDERR_KEPT) this.rare().stderr = (this.stderr + text).slice(0, STDERR_KEPT);
  }

  /** First FIN or RST of a side wins; a RST after a FIN changes nothing the other side can learn from its read. */
  closedBy(side: 'client' | 'server', rst: boolean, moment: Moment): void {
    if (side === 'server') this.serverClose ??= { at: moment.at, frame: moment.frame, rst };
    else this.clientClose ??= { at: moment.at, frame: moment.frame, rst };
  }

  #stream(side: 'client' | 'server'): StreamFacts {
    return streamOf(this.connection, side === 'server' ? this.#serverDirection : opposite(this.#serverDirection));
  }
}

export interface ExchangeStart {
  readonly id: number;
  readonly connection: Connection;
  readonly dialogue: Dialogue | undefined;
  readonly idle: Nanos | undefined;
  readonly start: Moment;
  readonly serverBase: number;
  readonly clientBase: number;
}
