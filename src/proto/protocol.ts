/**
 * What a protocol is to this program: a way to recognise its first octets, and a parser that turns the octets of both
 * sides into messages. A parser never throws, keeps bounded state, and gives the same messages however the octets are
 * split. To add a protocol: a folder with a parser, a line in `registry.ts`.
 */
import type { GapWhy } from '../model/connection.ts';
import type { Dialogue, Message, ProtocolName } from '../model/message.ts';
import type { Octets } from '../model/octets.ts';
import type { Moment } from '../model/time.ts';

/** Who speaks. A dialogue's client is not always the connection's active opener: see `Dialogue.clientDirection`. */
export type Side = 'client' | 'server';

/** Reads one connection from its first octet, or from wherever the capture starts. */
export interface Parser {
  /** Octets in order, each once; borrowed for the call. */
  chunk(side: Side, octets: Octets, moment: Moment): void;
  /** `length` octets are missing here. The parser resynchronises at the next octets that begin a message. */
  gap(side: Side, length: number, why: GapWhy, moment: Moment): void;
  /** No more octets from this side (FIN). */
  finished(side: Side, moment: Moment): void;
  /** The connection ended by RST from `side`; nothing more will come. A capture that merely ends aborts nothing. */
  aborted(side: Side, moment: Moment): void;
  /** The connection has left this protocol for one that we do not follow (101, CONNECT). */
  readonly tunnel?: boolean;
}

/** `more`: the octets so far fit, but do not prove it yet. */
export type Recognition = 'yes' | 'no' | 'more';

export interface Protocol {
  readonly name: ProtocolName;
  /** Octets that a client of this protocol sends first. Judges at most the first `RECOGNITION_LIMIT` octets. */
  client(octets: Octets): Recognition;
  /** Octets that a server of this protocol sends first; used where the capture starts midstream or the server speaks first. */
  server(octets: Octets): Recognition;
  open(dialogue: Dialogue, emit: (message: Message) => void): Parser;
}

/** Octets of each side that are held while the protocol is not known yet. */
export const RECOGNITION_LIMIT = 512;
