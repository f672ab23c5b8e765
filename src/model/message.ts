/**
 * Boundary 4, proto -> exchange: what was said on a connection, in words that do not depend on the protocol's version.
 * Bodies are counted, not kept; heads are bounded by limits. Header text is latin1, one character an octet.
 */
import type { Connection, Direction } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import type { Malformed } from './malformed.ts';
import type { Moment } from './time.ts';

export type ProtocolName = 'http/1' | 'fastcgi' | 'uwsgi' | 'scgi' | 'memcached' | 'http/2' | 'tls';

/** A connection together with the protocol found on it and which direction its client speaks. */
export interface Dialogue {
  readonly connection: Connection;
  readonly protocol: ProtocolName;
  /** The direction that requests flow in; `forward` unless a midstream guess was wrong. */
  readonly clientDirection: Direction;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** The client's true address by PROXY protocol v1 or v2, where the connection starts with it. */
  readonly proxied: Endpoint | undefined;
}

interface Said {
  readonly dialogue: Dialogue;
  /** When the last octet of what this message tells was seen. */
  readonly moment: Moment;
  /** FastCGI request id or HTTP/2 stream; 0 where the protocol has one request at a time. */
  readonly requestId: number;
}

/** Request parameters that name the downstream connection (FastCGI, uwsgi, SCGI: REMOTE_ADDR, REMOTE_PORT, SERVER_ADDR, SERVER_PORT). */
export interface DownstreamIdentity {
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
}

/** The complete head of a request. */
export interface RequestHead extends Said {
  readonly kind: 'request-head';
  /** The first octet of the request. */
  readonly start: Moment;
  readonly method: string;
  /** The request-target exactly as sent (RFC 9112 3.2); for FastCGI and its kin REQUEST_URI, else rebuilt from SCRIPT_NAME, PATH_INFO and QUERY_STRING; for memcached the key. */
  readonly target: string;
  readonly version: string;
  readonly host: string;
  /** Header fields or parameters in order, bounded; names as sent. */
  readonly fields: readonly Field[];
  /** One of the fields could hold an id of the request; false: none has a name like that. */
  readonly mayBearId: boolean;
  readonly downstream: DownstreamIdentity | undefined;
  readonly headOctets: number;
}

export interface Field {
  readonly name: string;
  readonly value: string;
}

/** The request is complete: nothing more is owed to the server. */
export interface RequestEnd extends Said {
  readonly kind: 'request-end';
  readonly octets: number;
}

/** The first octet of an answer. */
export interface ResponseStart extends Said {
  readonly kind: 'response-start';
}

/** The complete head of a response; `interim` for 1xx, which a final one follows. */
export interface ResponseHead extends Said {
  readonly kind: 'response-head';
  readonly interim: boolean;
  readonly version: string;
  readonly status: number;
  readonly fields: readonly Field[];
  readonly headOctets: number;
}

/** The response is over. */
export interface ResponseEnd extends Said {
  readonly kind: 'response-end';
  /** `complete` by its framing (RFC 9112 6.3); `closed` where closing is the framing; `cut` where the framing promised more. */
  readonly how: 'complete' | 'closed' | 'cut';
  readonly octets: number;
  readonly bodyOctets: number;
}

/** A response that the capture does not hold: the client had it before it asked for what came next. */
export interface ResponseUnseen extends Said {
  readonly kind: 'response-unseen';
}

/** Text a FastCGI application wrote to FCGI_STDERR (bounded; several may follow each other). */
export interface Stderr extends Said {
  readonly kind: 'stderr';
  readonly text: string;
}

/** FCGI_END_REQUEST (FastCGI 1.0, 5.5). */
export interface EndRequest extends Said {
  readonly kind: 'end-request';
  readonly appStatus: number;
  readonly protocolStatus: number;
}

/** A TLS alert in clear (RFC 8446 6), or an encrypted one, whose description cannot be read (-1). */
export interface TlsAlert extends Said {
  readonly kind: 'tls-alert';
  readonly direction: Direction;
  readonly level: number;
  readonly description: number;
}

/** A step of a TLS handshake that packets show. */
export interface TlsStep extends Said {
  readonly kind: 'tls-step';
  readonly direction: Direction;
  readonly step: 'client-hello' | 'server-hello' | 'application-data';
  /** server_name of the ClientHello (RFC 6066 3); empty where absent. */
  readonly serverName: string;
}

/** HTTP/2 GOAWAY (RFC 9113 6.8). */
export interface Goaway extends Said {
  readonly kind: 'goaway';
  readonly direction: Direction;
  readonly code: number;
  readonly lastStream: number;
}

/** HTTP/2 RST_STREAM (RFC 9113 6.4); the stream is `requestId`. */
export interface StreamReset extends Said {
  readonly kind: 'stream-reset';
  readonly direction: Direction;
  readonly code: number;
}

/** What a receiver would reject a message for. Named as nginx's own checks (causes 5.5). */
export type FaultName =
  | 'header-line' // a field line that breaks RFC 9112 5
  | 'header-conflict' // two lengths, or Content-Length with Transfer-Encoding
  | 'status' // a status that is not three digits
  | 'http09' // an answer that does not begin with a status line
  | 'head-too-big' // no end of head within our limit
  | 'chunk' // chunked framing broken
  | 'record-version' // FastCGI version that is not 1
  | 'record-type' // FastCGI record type nobody may send here
  | 'record-request-id' // FastCGI record for a request nobody made
  | 'record-unexpected' // END_REQUEST or an end of STDOUT before any head
  | 'memcached-reply' // an answer that is neither VALUE with the key and a length nor END
  | 'http2-frame' // a frame that RFC 9113 forbids here
  | 'other-protocol'; // octets of another protocol where this one was owed

export interface Fault extends Said {
  readonly kind: 'fault';
  readonly direction: Direction;
  readonly name: FaultName;
  /** Subcause or detail in a word or two, from a closed set per name: `cl-te`, `duplicate`, `bad-cl`, `bad-te`, `end-request`, `empty-stdout`, `http`, `tls`, `fastcgi` ... */
  readonly detail: string;
  /** The offending octets as latin1, at most 64 of them. Unsafe to print as they are. */
  readonly sample: string;
  readonly malformed: Malformed | undefined;
}

/** The octets after a gap could not be tied to what came before; what was under way is unknown. */
export interface Lost extends Said {
  readonly kind: 'lost';
  readonly direction: Direction;
  readonly octets: number;
}

export type Message =
  | RequestHead
  | RequestEnd
  | ResponseStart
  | ResponseHead
  | ResponseEnd
  | ResponseUnseen
  | Stderr
  | EndRequest
  | TlsAlert
  | TlsStep
  | Goaway
  | StreamReset
  | Fault
  | Lost;

/** The next station's input: messages, and the connection's own life, which passes through in order. */
export interface MessageSink {
  /** A protocol was recognised on the connection; comes before its first message. */
  recognised(dialogue: Dialogue, moment: Moment): void;
  message(message: Message): void;
}
