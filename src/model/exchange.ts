/**
 * Boundary 5, exchange -> incident: one request and its response on one connection, or a connection on which no request
 * was ever seen (refused, TLS that failed, closed before anything was said): an attempt exists even if nothing was sent.
 *
 * Trap: RFC 9110 3.7 calls the side toward the origin *inbound* and lets messages flow from upstream to downstream, the
 * opposite of nginx. Configuration, logs and users speak nginx, so we do: downstream is the client's side of the gateway.
 */
import type { Connection } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import type {
  DownstreamIdentity,
  EndRequest,
  Fault,
  Field,
  Goaway,
  ProtocolName,
  StreamReset,
  TlsAlert,
} from './message.ts';
import type { Moment, Nanos } from './time.ts';

export interface RequestFacts {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly version: string;
  readonly fields: readonly Field[];
  /** One of the fields could hold an id of the request; false: none has a name like that. */
  readonly mayBearId: boolean;
  readonly downstream: DownstreamIdentity | undefined;
  /** First octet, end of the head, last octet. */
  readonly start: Moment;
  readonly head: Moment;
  /** `undefined` until the request is complete. */
  readonly end: Moment | undefined;
  /** Octets of the whole request seen so far. */
  readonly octets: number;
}

export interface ResponseFacts {
  /** First octet from the server that belongs to this exchange. */
  readonly start: Moment;
  /** End of the final response's head; `undefined` while there is none. */
  readonly head: Moment | undefined;
  /** 0 while there is no final head. */
  readonly status: number;
  readonly version: string;
  readonly fields: readonly Field[];
  readonly end: Moment | undefined;
  readonly how: 'complete' | 'closed' | 'cut' | undefined;
  readonly octets: number;
  readonly bodyOctets: number;
}

/** Who ended it. Client and server are the exchange's own: on an upstream connection the client is the gateway. */
export type EndHow =
  | 'complete' // a whole response; the connection may live on
  | 'unseen' // the same, but the capture does not hold it
  | 'refused' // RST to the SYN
  | 'unreachable' // ICMP to the SYN
  | 'server-fin'
  | 'server-rst'
  | 'client-fin'
  | 'client-rst'
  | 'forgotten'; // we stopped following: idle, a limit, or the capture ended

export interface ExchangeEnd {
  readonly how: EndHow;
  readonly moment: Moment;
}

/** What was seen of TLS on the connection. */
export interface TlsFacts {
  readonly clientHello: Moment | undefined;
  readonly serverHello: Moment | undefined;
  /** The client's first octets of the application: its request. */
  readonly applicationData: Moment | undefined;
  /** The server's first octets of the application after that, tickets excepted: most likely its answer. */
  readonly answer: Moment | undefined;
  readonly serverName: string;
  readonly alerts: readonly TlsAlert[];
}

export interface Exchange {
  /** Counted from 1 in order of `start`, as seen. */
  readonly id: number;
  readonly connection: Connection;
  /** `undefined` where nothing was said that names a protocol. */
  readonly protocol: ProtocolName | undefined;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** nth request on the connection, counted from 1 as nginx's $connection_requests; 0 where no request was seen. */
  readonly nth: number;
  /** The connection had carried an exchange before this one. */
  readonly reused: boolean;
  /** On a reused connection: since the end of the response before. */
  readonly idle: Nanos | undefined;
  /** First act of the client for this exchange: its SYN, or the first octet of the request on a reused connection. */
  readonly start: Moment;
  readonly request: RequestFacts | undefined;
  readonly response: ResponseFacts | undefined;
  /** Octets the server sent for this exchange, whether they could be read or not. */
  readonly serverOctets: number;
  readonly clientOctets: number;
  /** First FIN or RST of each side within this exchange, in packet order. */
  readonly serverClose: (Moment & { readonly rst: boolean }) | undefined;
  readonly clientClose: (Moment & { readonly rst: boolean }) | undefined;
  readonly faults: readonly Fault[];
  /** Bounded FCGI_STDERR text. */
  readonly stderr: string;
  readonly endRequest: EndRequest | undefined;
  readonly tls: TlsFacts | undefined;
  readonly goaway: Goaway | undefined;
  readonly streamReset: StreamReset | undefined;
  /** `undefined` while it goes on. */
  readonly end: ExchangeEnd | undefined;
  /** Octets that would tell how it went are missing from the capture. */
  readonly obscured: boolean;
  /** Something of it may be missing from the capture: nothing about it may be `certain`. */
  readonly incomplete: boolean;
}

/** The next station's input. An exchange is one object that fills; each call says what became known. */
export interface ExchangeSink {
  /** Its first act was seen: a connection was opened, or a request began on a reused one. */
  began(exchange: Exchange): void;
  /** The head of its request is complete, on a connection for which `began` was called without one. */
  asked(exchange: Exchange): void;
  /** The request is complete (for a gateway this is when it may start an attempt). */
  requested(exchange: Exchange): void;
  /** The first octet of its response was seen. */
  responding(exchange: Exchange): void;
  /** The final response's head is complete: the status is known. */
  responded(exchange: Exchange): void;
  /** Its client closed first (`clientClose` is set) while the exchange was still under way. */
  closing(exchange: Exchange): void;
  /** `exchange.end` is set; the last call for it. */
  ended(exchange: Exchange): void;
}
