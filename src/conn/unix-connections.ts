/**
 * The other road into this station: connections over unix sockets, of which there are no packets. The kernel tells of one
 * attempt at a time, once it is over, with what was said for its request; everything about it becomes known in that moment.
 */
import type { Connection, ConnSink, Direction, StreamFacts } from '../model/connection.ts';
import { type Endpoint, endpoint } from '../model/endpoint.ts';
import type { AttemptEnded, Talk } from '../model/kernel-event.ts';
import type { Moment } from '../model/time.ts';

/** What send() says where the other end is closed. */
const BROKEN_PIPE = 32;

export class UnixConnections {
  readonly #sink: ConnSink;
  #count = 0;

  constructor(sink: ConnSink) {
    this.#sink = sink;
  }

  ended(event: AttemptEnded): void {
    const { talk, ends, moment } = event;
    if (!talk || !ends?.remote.startsWith('unix:')) return;
    // Below zero: those of packets are counted from 1.
    const connection = connectionOf(--this.#count, event, talk);
    const { forward, reverse, first } = connection;
    this.#sink.opened(connection, first);
    this.#say(connection, 'forward', talk.request, forward);
    this.#say(connection, 'reverse', talk.response, reverse);
    if (reverse.rst) this.#sink.reset(connection, 'reverse', moment);
    else this.#sink.finished(connection, reverse.fin ? 'reverse' : 'forward', moment);
    this.#sink.forgotten(connection, 'closed', moment.at);
  }

  #say(connection: Connection, direction: Direction, bytes: Uint8Array, { firstOctet, missing }: StreamFacts): void {
    if (!firstOctet) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#sink.chunk(connection, direction, { bytes, view, start: 0, end: bytes.length }, firstOctet);
    if (missing > 0) this.#sink.gap(connection, direction, missing, 'cut', firstOctet);
  }
}

function connectionOf(id: number, event: AttemptEnded, talk: Talk): Connection {
  const { ends, errno, byPeer, reused, moment } = event;
  const requested: Moment = { at: talk.requestedAt, frame: moment.frame };
  const responded: Moment = { at: talk.respondedAt, frame: moment.frame };
  const rst = errno > 0 ? moment : undefined;
  const fin = byPeer && !rst ? moment : undefined;
  return {
    id,
    transport: 'unix',
    active: nameless(ends?.local ?? ''),
    passive: endpoint(ends?.remote ?? '', 0),
    midstream: reused,
    first: requested,
    last: moment,
    syn: undefined,
    syns: 0,
    lastSyn: undefined,
    synAck: undefined,
    established: undefined,
    refusal: undefined,
    forward: {
      ...streamOf(talk.requestOctets, talk.request, requested),
      fin: rst || fin ? undefined : moment,
      acknowledged: errno === BROKEN_PIPE ? 0 : talk.requestOctets,
    },
    reverse: { ...streamOf(talk.responseOctets, talk.response, responded), fin, rst },
    incomplete: false,
  };
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
