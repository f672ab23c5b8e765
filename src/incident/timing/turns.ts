/**
 * Whose turn it was. A worker of nginx takes up what became readable in the order in which it did (epoll's ready list,
 * ngx_epoll_process_events): of two requests that wait for one worker, the one that came first goes on first. Which client
 * connections share a worker is not on the wire, but shows: where the acts for two of them cross, they do not.
 */
import type { Act, Request } from './acts.ts';
import { Crossings } from './crossings.ts';
import { Line } from './line.ts';
import { workersOf } from './workers.ts';

/** Acts that one act is compared with, in each direction: more hardly ever wait at once. */
const COMPARED = 64;
/** Nothing is impossible: gateways other than the measured ones may differ a little. */
const BELIEVED = new Crossings(0.5);
/** Acts tell much the same of each other: what each further one says of a place counts for this much of it. */
const SCALE = 0.5;
/** The most that an act in its turn is worth, and out of it costs, in nats. */
const IN_TURN = 8;
const OUT_OF_TURN = 12;
/** Acts past which all are lined up anew: each one that is put in its place moves those after it. */
const MANY = 512;
/** What an act is worth that was done by who is believed to have done it, in nats: more acts alone make no chain likelier. */
const USUAL = 2;

/** Of the acts that were seen, one in so many is asked whether it came in its turn, and at least so many must have had one. */
const ASKED_OF = 7;
const ASKED_AT_LEAST = 50;
/** Where more of them came out of it, the capture is out of order: of captures in order it is less than 0.08. */
const OUT_OF_ORDER = 0.15;

export class Turns {
  #workerOf: ReadonlyMap<number, number> = new Map();
  /** All acts of the worker that each client's connection belongs to, in the order in which they were done. */
  #lines: ReadonlyMap<number, Line> = new Map();
  /** What was seen to be done for requests that nobody asks about. */
  readonly #seen: Act[] = [];
  /** What was seen or is believed to have been done for each of the others. */
  readonly #known = new Map<number, readonly Act[]>();
  /** Something else has come to be believed since connections were sorted. */
  #changed = false;
  /** What came to be believed, and what is not any more, since the last price. */
  #come: Act[] = [];
  #gone: Act[] = [];
  /** The connections of the requests that are judged together. */
  readonly #together: number[] = [];
  /** Those next to the act that is priced: of its line, in front of what an earlier act has left here. */
  readonly #rivals: Act[] = [];
  /** Nobody waited while the act that is priced was waited for. */
  #alone = true;
  /** Whether turns tell anything: not where what was seen came out of its turn. */
  readonly tell: boolean;

  /**
   * @param acts in the order in which they were done
   * @param asked requests of which something else may come to be believed
   */
  constructor(acts: readonly Act[], asked: Iterable<Request> = []) {
    const known = new Map<number, Act[]>();
    for (const request of asked) known.set(nameOf(request), []);
    for (const act of acts) (known.get(nameOf(act)) ?? this.#seen).push(act);
    this.#known = known;
    this.#workerOf = workersOf(acts);
    this.#line(acts);
    this.tell = this.#seenInOrder();
  }

  #seenInOrder(): boolean {
    let asked = 0;
    let crossed = 0;
    for (let at = 0; at < this.#seen.length; at += ASKED_OF) {
      const act = this.#seen[at] as Act;
      const tie = this.#tieOf(act);
      if (this.#alone) continue;
      asked++;
      if (tie < 0) crossed++;
    }
    return asked < ASKED_AT_LEAST || crossed < OUT_OF_ORDER * asked;
  }

  #tieOf(act: Act): number {
    this.#alone = true;
    this.#together.length = 0;
    this.#together.push(act.connection);
    const line = this.#lines.get(act.connection);
    return line ? this.#tieAround(line, act) : 0;
  }

  /** The worker of a client's connection: a name that means nothing by itself. */
  workerOf(connection: number): number | undefined {
    return this.#workerOf.get(connection);
  }

  /** Sorts connections into workers again, by all that is believed now; false where nothing else is than the last time. */
  regroup(): boolean {
    if (!this.#changed) return false;
    this.#changed = false;
    // Nobody asks whose turn it was: the rest of what is believed is news nevertheless.
    if (!this.tell) return true;
    const acts = this.#allKnown();
    this.#workerOf = workersOf(acts);
    this.#line(acts);
    return true;
  }

  #allKnown(): readonly Act[] {
    return [...this.#seen, ...[...this.#known.values()].flat()].sort((a, b) => a.acted - b.acted);
  }

  /** Lines them up by worker. */
  #line(acts: readonly Act[]): void {
    const byWorker: Line[] = [];
    const byConnection = new Map<number, Line>();
    for (const [connection, worker] of this.#workerOf) {
      byWorker[worker] ??= new Line();
      byConnection.set(connection, byWorker[worker]);
    }
    this.#lines = byConnection;
    for (const act of acts) byConnection.get(act.connection)?.add(act);
    this.#come = [];
    this.#gone = [];
  }

  /** Believes that this was done for a request, in place of what was seen or believed before. */
  believe(request: Request, acts: readonly Act[]): void {
    const name = nameOf(request);
    const before = this.#known.get(name) ?? [];
    if (areSame(before, acts)) return;
    this.#changed = true;
    if (acts.length > 0) this.#known.set(name, acts);
    else this.#known.delete(name);
    for (const act of before) this.#gone.push(act);
    for (const act of acts) this.#come.push(act);
  }

  /** Puts what is believed since the last price into its place. */
  #catchUp(): void {
    if (this.#come.length + this.#gone.length > MANY) {
      this.#line(this.#allKnown());
      return;
    }
    for (const act of this.#come) this.#lines.get(act.connection)?.add(act);
    for (const act of this.#gone) this.#lines.get(act.connection)?.remove(act);
    this.#come = [];
    this.#gone = [];
  }

  /** What it costs, in nats, to believe in these acts together: little, if each comes in turn among those of its worker. */
  cost(acts: readonly Act[]): number {
    if (!this.tell || acts.length === 0) return 0;
    this.#catchUp();
    this.#together.length = 0;
    for (const { connection } of acts) if (!this.#together.includes(connection)) this.#together.push(connection);
    let cost = 0;
    for (const act of acts) {
      const line = this.#lines.get(act.connection);
      if (!line) continue;
      this.#alone = true;
      let tie = this.#tieAround(line, act);
      for (const earlier of acts) {
        if (earlier === act) break;
        if (!isRival(act, earlier) || this.#lines.get(earlier.connection) !== line) continue;
        this.#alone = false;
        tie += BELIEVED.ties[BELIEVED.place(act, earlier)] as number;
      }
      // Who was alone has no turn.
      if (!this.#alone) cost += USUAL - Math.max(-OUT_OF_TURN, Math.min(IN_TURN, SCALE * tie));
    }
    return cost;
  }

  /** What the acts next to this one among those of its worker tell, but for those of requests that are judged together with it. */
  #tieAround(line: Line, act: Act): number {
    let tie = 0;
    const count = line.rivalsOf(act, COMPARED, this.#rivals);
    for (let n = 0; n < count; n++) {
      const other = this.#rivals[n] as Act;
      if (this.#together.includes(other.connection)) continue;
      this.#alone = false;
      tie += BELIEVED.ties[BELIEVED.place(act, other)] as number;
    }
    return tie;
  }
}

/** A number of its own for each request: a connection has fewer than 2^22 of them, a capture fewer than 2^31 connections. */
function nameOf({ connection, nth }: Request): number {
  return connection * 2 ** 22 + nth;
}

function areSame(some: readonly Act[], others: readonly Act[]): boolean {
  return some.length === others.length && some.every((act, at) => isSame(act, others[at] as Act));
}

/** Of one request. */
function isSame(one: Act, other: Act): boolean {
  return one.acted === other.acted && one.ready === other.ready && one.kind === other.kind;
}

/** Did both wait at once, for different requests? */
function isRival(one: Act, other: Act): boolean {
  if (one.connection === other.connection) return false;
  return one.acted < other.acted ? other.ready < one.acted : one.ready < other.acted;
}
