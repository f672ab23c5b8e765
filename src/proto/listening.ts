/**
 * A connection whose protocol is not known yet. The first octets of each side are copied (at most RECOGNITION_LIMIT a
 * side), in order and with their moments, until one side proves a protocol; then all of it is replayed to the parser.
 *
 * Where the beginning of a side was seen, the client's octets decide, and a server that speaks first waits for them; only
 * where they fit nothing is the server's answer asked.
 * Where it was not (midstream, a gap), every chunk may be the beginning of something, said by either side.
 */
import type { Connection, Direction, GapWhy } from '../model/connection.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { type Octets, octetsOf } from '../model/octets.ts';
import type { Moment } from '../model/time.ts';
import { HeldOctets } from './held-octets.ts';
import { type Parser, type Protocol, RECOGNITION_LIMIT, type Side } from './protocol.ts';
import { proxyHeader } from './proxy-protocol.ts';
import { type Found, judge } from './recognition.ts';

/** Chunks of one side that fit nothing before we stop looking, where the beginning was not seen: a long download at most. */
export const TRIES_LIMIT = 64;

/** What one side has said so far. */
interface Ear {
  readonly held: HeldOctets;
  /** The octets held are the first of this side. */
  fromStart: boolean;
  tries: number;
}

type Piece = { readonly direction: Direction; readonly moment: Moment } & (
  | { readonly kind: 'octets'; readonly bytes: Uint8Array }
  | { readonly kind: 'gap'; length: number; readonly why: GapWhy }
  | { readonly kind: 'finished' }
);

export type Heard = Found | 'unrecognised' | undefined;

/** What the first octets of a connection prove at once, as nearly all do: nobody needs to listen then. */
export function heardAtOnce(
  protocols: readonly Protocol[],
  { midstream }: Connection,
  direction: Direction,
  octets: Octets,
): Found | undefined {
  // A server that speaks first waits, and so does whoever may begin with a PROXY header.
  if (!midstream && (direction === 'reverse' || proxyHeader(octets.bytes, octets.start, octets.end) !== 'no'))
    return undefined;
  const last = octets.end - octets.start >= RECOGNITION_LIMIT;
  const heard = judge(protocols, first(octets), direction, !midstream, last);
  return typeof heard === 'object' ? heard : undefined;
}

export class Listening {
  /** Source of the PROXY protocol header, where there was one. */
  proxied: Endpoint | undefined = undefined;
  /** A PROXY protocol header was stripped. */
  stripped = false;
  readonly #protocols: readonly Protocol[];
  readonly #ears: Record<Direction, Ear>;
  #pieces: Piece[] = [];
  /** `forward` is known to be the client's direction. */
  readonly #sure: boolean;
  /** The client's octets fit nothing; a server that answers in HTTP takes them for a bad request. */
  #refused = false;
  #mayBeProxied: boolean;
  /** Octets of a PROXY header (version 2 may be 64 KiB) still to be passed over. */
  #skip = 0;

  constructor(protocols: readonly Protocol[], connection: Connection) {
    this.#protocols = protocols;
    const ear = (): Ear => ({ held: new HeldOctets(), fromStart: !connection.midstream, tries: 0 });
    this.#ears = { forward: ear(), reverse: ear() };
    this.#sure = !connection.midstream;
    this.#mayBeProxied = this.#sure;
  }

  /** Takes octets; once a protocol is found, `rest` of them have not been kept and are for the parser. */
  chunk(direction: Direction, octets: Octets, moment: Moment, rest: (octets: Octets) => void): Heard {
    let window = octets;
    if (direction === 'forward' && (this.#mayBeProxied || this.#skip > 0)) {
      const start = this.#strip(octets);
      if (start < 0) {
        this.#keep(direction, octets, moment);
        return undefined;
      }
      if (start === octets.end) return undefined;
      if (start !== octets.start) window = { bytes: octets.bytes, view: octets.view, start, end: octets.end };
    }
    if (this.#refused && direction === 'forward') {
      this.#keep(direction, window, moment);
      return undefined;
    }
    const heard = this.#hear(direction, window);
    if (typeof heard === 'object') {
      rest(window);
      return heard;
    }
    if (heard === 'more') this.#keep(direction, window, moment);
    else if (heard === 'no') return this.#refuse(direction, window, moment);
    return undefined;
  }

  #hear(direction: Direction, octets: Octets): Found | 'no' | 'more' {
    const ear = this.#ears[direction];
    const { held } = ear;
    // A server that speaks first waits for the client's octets.
    const waits = direction === 'reverse' && ear.fromStart && this.#ears.forward.fromStart && !this.#refused;
    const room = RECOGNITION_LIMIT - held.length;
    const last = octets.end - octets.start >= room;
    if (waits && (!last || room === 0)) return 'more';
    if (!ear.fromStart && ear.tries >= TRIES_LIMIT) return 'no';
    if (held.length > 0 && !ear.fromStart) {
      // What was held need not be the beginning of anything: these octets may be one of their own.
      const alone = judge(this.#protocols, first(octets), direction, this.#sure, last);
      if (typeof alone === 'object') {
        this.#drop(direction);
        return alone;
      }
    }
    const view = held.length === 0 ? first(octets) : joined(held, octets);
    const heard = judge(this.#protocols, view, direction, this.#sure, last);
    if (waits) return typeof heard === 'object' ? heard : 'more';
    return heard === 'more' && last ? 'no' : heard;
  }

  /** Where the octets after a PROXY header begin; -1 while it is not known whether there is one. */
  #strip(octets: Octets): number {
    if (this.#skip === 0) {
      const { held } = this.#ears.forward;
      const view = held.length === 0 ? octets : joined(held, octets);
      const header = proxyHeader(view.bytes, view.start, view.end);
      if (header === 'more') return -1;
      this.#mayBeProxied = false;
      if (header === 'no') return octets.start;
      this.proxied = header.source;
      this.stripped = true;
      this.#skip = header.length - held.length;
      this.#drop('forward');
    }
    const skipped = Math.min(this.#skip, octets.end - octets.start);
    this.#skip -= skipped;
    return octets.start + skipped;
  }

  #keep(direction: Direction, octets: Octets, moment: Moment): void {
    const { held } = this.#ears[direction];
    const length = octets.end - octets.start;
    const kept = Math.min(length, RECOGNITION_LIMIT - held.length);
    if (kept > 0) {
      held.append(octets.bytes, octets.start, octets.start + kept);
      const bytes = octets.bytes.slice(octets.start, octets.start + kept);
      this.#pieces.push({ kind: 'octets', direction, bytes, moment });
    }
    if (kept < length) this.#missing(direction, length - kept, 'limit', moment);
  }

  /** Nothing begins with these octets. */
  #refuse(direction: Direction, octets: Octets, moment: Moment): Heard {
    const ear = this.#ears[direction];
    if (ear.fromStart && direction === 'reverse') return 'unrecognised';
    if (ear.fromStart) {
      this.#refused = true;
      this.#keep(direction, octets, moment);
      return this.#ears.reverse.held.length > 0 ? (this.ended() ?? 'unrecognised') : undefined;
    }
    this.#drop(direction);
    this.#missing(direction, octets.end - octets.start, 'limit', moment);
    ear.tries++;
    const { forward, reverse } = this.#ears;
    return Math.min(forward.tries, reverse.tries) >= TRIES_LIMIT ? 'unrecognised' : undefined;
  }

  #missing(direction: Direction, length: number, why: GapWhy, moment: Moment): void {
    const latest = this.#pieces.findLast((piece) => piece.direction === direction);
    if (latest?.kind === 'gap') latest.length += length;
    else this.#pieces.push({ kind: 'gap', direction, length, why, moment });
  }

  /** The octets held of one side lead nowhere; that they were there is kept as a gap. */
  #drop(direction: Direction): void {
    const ear = this.#ears[direction];
    if (ear.held.length === 0) return;
    const [piece] = this.#pieces.filter((kept) => kept.direction === direction);
    this.#pieces = this.#pieces.filter((kept) => kept.direction !== direction);
    if (piece && !ear.fromStart) this.#missing(direction, ear.held.length, 'limit', piece.moment);
    ear.held.drop();
  }

  gap(direction: Direction, length: number, why: GapWhy, moment: Moment): void {
    if (direction === 'forward' && this.#skip >= length) {
      this.#skip -= length;
      return;
    }
    const ear = this.#ears[direction];
    const proxied = direction === 'forward' && this.#mayBeProxied;
    ear.fromStart = false;
    // A PROXY header that is not whole is nobody's octets.
    if (proxied) this.#drop(direction);
    if (direction === 'forward') {
      this.#skip = 0;
      this.#mayBeProxied = false;
    }
    ear.held.drop();
    this.#missing(direction, length, why, moment);
  }

  /** FIN: the side whose octets are there is judged alone, the server's where it spoke first and the client is silent to its end. */
  finished(direction: Direction, moment: Moment): Heard {
    const heard = direction === 'reverse' && this.#mayClientBegin() ? undefined : this.ended();
    if (!heard) this.#pieces.push({ kind: 'finished', direction, moment });
    return heard;
  }

  /** A server may close before it has heard anything: what a client says nevertheless tells what it took the server for. */
  #mayClientBegin(): boolean {
    const { held, fromStart } = this.#ears.forward;
    return fromStart && held.length === 0 && !this.#pieces.some(({ direction }) => direction === 'forward');
  }

  /** The last chance to tell: nothing more will come. */
  ended(): Heard {
    for (const direction of ['reverse', 'forward'] as const) {
      const { held } = this.#ears[direction];
      if (held.length === 0) continue;
      const view = octetsOf(held.bytes);
      view.end = held.length;
      const heard = judge(this.#protocols, view, direction, this.#sure, true);
      if (typeof heard === 'object') return heard;
    }
    return undefined;
  }

  /** Something was said, so not to know the protocol is worth counting. */
  get heardAnything(): boolean {
    return this.#pieces.some((piece) => piece.kind !== 'finished');
  }

  /** Gives what was held to the parser. */
  replay(parser: Parser, { protocol, clientDirection }: Found): void {
    for (const direction of ['forward', 'reverse'] as const) {
      const { held, fromStart } = this.#ears[direction];
      if (fromStart || held.length === 0) continue;
      // What only might have been a beginning, in the middle of a stream, is none unless it proves to be one.
      const view = { ...octetsOf(held.bytes), end: held.length };
      if (protocol[sideOf(direction, clientDirection)](view) === 'no') this.#drop(direction);
    }
    for (const piece of this.#pieces) {
      const side = sideOf(piece.direction, clientDirection);
      if (piece.kind === 'octets') parser.chunk(side, octetsOf(piece.bytes), piece.moment);
      else if (piece.kind === 'gap') parser.gap(side, piece.length, piece.why, piece.moment);
      else parser.finished(side, piece.moment);
    }
  }
}

/** At most RECOGNITION_LIMIT of the octets. */
function first(octets: Octets): Octets {
  if (octets.end - octets.start <= RECOGNITION_LIMIT) return octets;
  return { bytes: octets.bytes, view: octets.view, start: octets.start, end: octets.start + RECOGNITION_LIMIT };
}

/** What is held and what follows it, in one piece. */
function joined(held: HeldOctets, octets: Octets): Octets {
  const length = Math.min(RECOGNITION_LIMIT, held.length + octets.end - octets.start);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < held.length; i++) bytes[i] = held.bytes[i] as number;
  for (let i = held.length, j = octets.start; i < length; i++, j++) bytes[i] = octets.bytes[j] as number;
  return octetsOf(bytes);
}

export function sideOf(direction: Direction, clientDirection: Direction): Side {
  return direction === clientDirection ? 'client' : 'server';
}
