/**
 * The station: connections come in, messages go out. Each connection is listened to until its protocol is proved by its
 * octets, on whatever port, and from then on read by that protocol's parser, without copying.
 */
import type { Connection, ConnSink, Direction, Forgotten, GapWhy } from '../model/connection.ts';
import { opposite } from '../model/connection.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Dialogue, Message, MessageSink, ProtocolName } from '../model/message.ts';
import type { Octets } from '../model/octets.ts';
import type { Moment, Nanos } from '../model/time.ts';
import { type Heard, heardAtOnce, Listening, sideOf } from './listening.ts';
import type { Parser, Protocol } from './protocol.ts';
import type { Found } from './recognition.ts';
import { PROTOCOLS } from './registry.ts';

export interface RecognitionCounts {
  /** Connections per protocol. */
  readonly recognised: Record<ProtocolName, number>;
  /** Connections on which something was said that fits no protocol. */
  unrecognised: number;
  /** Connections that began with the PROXY protocol. */
  proxied: number;
  /** Connections that left HTTP for something we do not follow; counted when they are over. */
  tunnels: number;
}

/** What a connection is to us: listened to, read, or given up (`deaf`). */
type Talk = Listening | Reading | 'deaf';

interface Reading {
  readonly dialogue: Dialogue;
  readonly parser: Parser;
  /** One side has said all that it will. */
  half: boolean;
}

/** No other station writes there. */
function talkOf(connection: Connection): Talk | undefined {
  return connection.talk as Talk | undefined;
}

export class Recogniser implements ConnSink {
  readonly counts: RecognitionCounts = {
    recognised: { 'http/1': 0, fastcgi: 0, uwsgi: 0, scgi: 0, memcached: 0, 'http/2': 0, tls: 0 },
    unrecognised: 0,
    proxied: 0,
    tunnels: 0,
  };
  readonly #sink: MessageSink;
  readonly #protocols: readonly Protocol[];
  readonly #emit: (message: Message) => void;

  constructor(sink: MessageSink, protocols: readonly Protocol[] = PROTOCOLS) {
    this.#sink = sink;
    this.#protocols = protocols;
    this.#emit = (message) => sink.message(message);
  }

  opened(_connection: Connection, _moment: Moment): void {}

  established(_connection: Connection, _moment: Moment): void {}

  refused(_connection: Connection, _moment: Moment): void {}

  chunk(connection: Connection, direction: Direction, octets: Octets, moment: Moment): void {
    if (octets.start === octets.end) return;
    const talk = talkOf(connection) ?? this.#first(connection, direction, octets, moment);
    if (talk === 'deaf') return;
    if (!(talk instanceof Listening)) {
      talk.parser.chunk(sideOf(direction, talk.dialogue.clientDirection), octets, moment);
      return;
    }
    let rest: Octets | undefined;
    const heard = talk.chunk(direction, octets, moment, (window) => {
      rest = window;
    });
    const reading = this.#heard(connection, talk, heard, moment);
    if (reading && rest) reading.parser.chunk(sideOf(direction, reading.dialogue.clientDirection), rest, moment);
  }

  gap(connection: Connection, direction: Direction, length: number, why: GapWhy, moment: Moment): void {
    if (length === 0) return;
    const talk = talkOf(connection) ?? this.#listen(connection);
    if (talk === 'deaf') return;
    if (talk instanceof Listening) talk.gap(direction, length, why, moment);
    else talk.parser.gap(sideOf(direction, talk.dialogue.clientDirection), length, why, moment);
  }

  finished(connection: Connection, direction: Direction, moment: Moment): void {
    const reading = this.#lastCall(connection, moment, (talk) => talk.finished(direction, moment));
    if (!reading) return;
    reading.parser.finished(sideOf(direction, reading.dialogue.clientDirection), moment);
    if (reading.half) this.#over(connection, reading);
    reading.half = true;
  }

  reset(connection: Connection, direction: Direction, moment: Moment): void {
    const reading = this.#lastCall(connection, moment, (talk) => talk.ended());
    if (!reading) return;
    reading.parser.aborted(sideOf(direction, reading.dialogue.clientDirection), moment);
    this.#over(connection, reading);
  }

  forgotten(connection: Connection, _why: Forgotten, at: Nanos): void {
    const moment = { at, frame: connection.last.frame };
    const reading = this.#lastCall(connection, moment, (talk) => talk.ended());
    if (reading) this.#over(connection, reading);
    const talk = talkOf(connection);
    if (talk instanceof Listening && talk.heardAnything) this.counts.unrecognised++;
    connection.talk = undefined;
  }

  /** Nothing more will be said: the parser need not stay until the connection is forgotten. */
  #over(connection: Connection, { parser }: Reading): void {
    if (parser.tunnel) this.counts.tunnels++;
    connection.talk = 'deaf' satisfies Talk;
  }

  /** What can be told of a connection that is about to say no more. */
  #lastCall(connection: Connection, moment: Moment, ask: (talk: Listening) => Heard): Reading | undefined {
    const talk = talkOf(connection);
    if (talk === undefined || talk === 'deaf') return undefined;
    return talk instanceof Listening ? this.#heard(connection, talk, ask(talk), moment) : talk;
  }

  #first(connection: Connection, direction: Direction, octets: Octets, moment: Moment): Talk {
    const found = this.#told(connection) ?? heardAtOnce(this.#protocols, connection, direction, octets);
    return found ? this.#read(connection, found, undefined, moment) : this.#listen(connection);
  }

  #told({ spoken }: Connection): Found | undefined {
    const protocol = spoken && this.#protocols.find(({ name }) => name === spoken);
    return protocol && { protocol, clientDirection: 'forward' };
  }

  #listen(connection: Connection): Listening {
    const talk = new Listening(this.#protocols, connection);
    connection.talk = talk;
    return talk;
  }

  #heard(connection: Connection, talk: Listening, heard: Heard, moment: Moment): Reading | undefined {
    if (heard === undefined) return undefined;
    if (heard === 'unrecognised') {
      this.counts.unrecognised++;
      connection.talk = 'deaf' satisfies Talk;
      return undefined;
    }
    if (talk.stripped) this.counts.proxied++;
    const reading = this.#read(connection, heard, talk.proxied, moment);
    talk.replay(reading.parser, heard);
    return reading;
  }

  #read(connection: Connection, found: Found, proxied: Endpoint | undefined, moment: Moment): Reading {
    const dialogue = dialogueOf(connection, found, proxied);
    const reading: Reading = { dialogue, parser: found.protocol.open(dialogue, this.#emit), half: false };
    connection.talk = reading;
    this.counts.recognised[dialogue.protocol]++;
    this.#sink.recognised(dialogue, moment);
    return reading;
  }
}

function dialogueOf(
  connection: Connection,
  { protocol, clientDirection }: Found,
  proxied: Endpoint | undefined,
): Dialogue {
  const swapped = clientDirection === opposite('forward');
  return {
    connection,
    protocol: protocol.name,
    clientDirection,
    client: swapped ? connection.passive : connection.active,
    server: swapped ? connection.active : connection.passive,
    proxied,
  };
}
