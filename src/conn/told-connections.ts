/**
 * The other road into this station: connections of which the kernel tells what was said, because packets do not. On a unix socket
 * there are none; inside TLS they cannot be read. It tells of one request at a time, once that is over: all of it becomes known in
 * that moment.
 */
import type { Connection, ConnSink, Direction, StreamFacts } from '../model/connection.ts';
import { type Endpoint, endpoint, endpointOf, maybeEnd } from '../model/endpoint.ts';
import type { Answered, AttemptEnded, Talk } from '../model/kernel-event.ts';
import type { Moment } from '../model/time.ts';

/** What send() says where the other end is closed. */
const BROKEN_PIPE = 32;

export class ToldConnections {
  readonly #sink: ConnSink;
  #count = 0;

  constructor(sink: ConnSink) {
    this.#sink = sink;
  }

  /** An attempt over a unix socket. */
  ended(event: AttemptEnded): void {
    const { talk, ends, moment } = event;
    if (!talk || !ends?.remote.startsWith('unix:')) return;
    const connection = unixConnection(this.#nextId(), event, talk);
    const { reverse } = connection;
    this.#tell(connection, talk);
    if (reverse.rst) this.#sink.reset(connection, 'reverse', moment);
    else this.#sink.finished(connection, reverse.fin ? 'reverse' : 'forward', moment);
    this.#sink.forgotten(connection, 'closed', moment.at);
  }

  /** A client's request inside TLS. `hidden`: the connection whose packets hide it, where the capture has them. */
  answered({ talk, ends, moment, nth, frames }: Answered, hidden: Connection | undefined): void {
    const [client, server] = [endAt(ends.remote), endAt(ends.local)];
    if (!talk || !client || !server) return;
    const asked = askedIn(hidden, client, talk, moment);
    const connection = hiddenConnection(this.#nextId(), { talk, client, server, asked, answered: moment, nth, frames });
    this.#tell(connection, talk);
    // The rest of the answer is written later, and told to nobody.
    this.#sink.forgotten(connection, 'left-out', moment.at);
  }

  /** Below zero: those of packets are counted from 1. */
  #nextId(): number {
    return --this.#count;
  }

  /** One side after the other, as if they were heard: until then nobody has said anything. */
  #tell(connection: ToldConnection, talk: Talk): void {
    const { first, forward, reverse } = connection;
    connection.forward = connection.reverse = SILENT;
    this.#sink.opened(connection, first);
    connection.forward = forward;
    this.#say(connection, 'forward', talk.request);
    connection.reverse = reverse;
    this.#say(connection, 'reverse', talk.response);
  }

  #say(connection: Connection, direction: Direction, bytes: Uint8Array): void {
    const { firstOctet, missing } = connection[direction];
    if (!firstOctet) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#sink.chunk(connection, direction, { bytes, view, start: 0, end: bytes.length }, firstOctet);
    // Nothing comes after it; among frames that would say that some of the requests are lost.
    if (missing > 0 && !connection.spoken) this.#sink.gap(connection, direction, missing, 'cut', firstOctet);
  }
}

interface ToldConnection extends Connection {
  forward: StreamFacts;
  reverse: StreamFacts;
}

/** What every connection has that is not followed by its packets. */
const WITHOUT_HANDSHAKE = {
  syn: undefined,
  syns: 0,
  lastSyn: undefined,
  synAck: undefined,
  established: undefined,
  refusal: undefined,
  incomplete: false,
} as const;

function unixConnection(id: number, event: AttemptEnded, talk: Talk): ToldConnection {
  const { ends, errno, byPeer, reused, moment } = event;
  const requested: Moment = { at: talk.requestedAt, frame: moment.frame };
  const responded: Moment = { at: talk.respondedAt, frame: moment.frame };
  const rst = errno > 0 ? moment : undefined;
  const fin = byPeer && !rst ? moment : undefined;
  return {
    ...WITHOUT_HANDSHAKE,
    id,
    transport: 'unix',
    active: nameless(ends?.local ?? ''),
    passive: endpoint(ends?.remote ?? '', 0),
    midstream: reused,
    first: requested,
    last: moment,
    forward: {
      ...streamOf(talk.requestOctets, talk.request, requested),
      fin: rst || fin ? undefined : moment,
      acknowledged: errno === BROKEN_PIPE ? 0 : talk.requestOctets,
    },
    reverse: { ...streamOf(talk.responseOctets, talk.response, responded), fin, rst },
  };
}

interface Hidden {
  readonly talk: Talk;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly asked: Moment;
  readonly answered: Moment;
  readonly nth: number;
  readonly frames: boolean;
}

function hiddenConnection(id: number, { talk, client, server, asked, answered, nth, frames }: Hidden): ToldConnection {
  return {
    ...WITHOUT_HANDSHAKE,
    id,
    transport: 'tcp',
    active: client,
    passive: server,
    midstream: frames,
    untold: Math.max(0, nth - 1),
    spoken: frames ? 'http/2' : undefined,
    first: asked,
    last: answered,
    forward: streamOf(talk.requestOctets, talk.request, asked),
    reverse: streamOf(talk.responseOctets, talk.response, answered),
  };
}

/**
 * The packet that brought the request: the client's last one so far. Where it has sent more since, or nothing is captured of it,
 * what is known is only that it was asked earlier than anything was done for it.
 */
function askedIn(hidden: Connection | undefined, client: Endpoint, { requestedAt }: Talk, answered: Moment): Moment {
  if (!hidden) return { at: requestedAt, frame: answered.frame - 1 };
  const { lastOctet } = hidden.active.text === client.text ? hidden.forward : hidden.reverse;
  return lastOctet && lastOctet.at <= requestedAt ? lastOctet : { at: requestedAt, frame: hidden.first.frame };
}

function endAt(text: string): Endpoint | undefined {
  const end = maybeEnd(text);
  return end && endpointOf(end.words, end.port);
}

/** The end that connected is of this host, whichever number its socket has. */
function nameless(text: string): Endpoint {
  return { address: 'unix:', port: 0, text };
}

function streamOf(octets: number, kept: Uint8Array, since: Moment): StreamFacts {
  const said = octets > 0 ? since : undefined;
  return {
    octets,
    position: octets,
    firstOctet: said,
    lastOctet: said,
    fin: undefined,
    rst: undefined,
    retransmissions: 0,
    missing: octets - kept.length,
    acknowledged: octets,
    lastAcknowledgement: undefined,
    zeroWindow: false,
    ttl: 0,
    rstTtl: 0,
  };
}

const SILENT = streamOf(0, new Uint8Array(0), { at: 0, frame: 0 });
