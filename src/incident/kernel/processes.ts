/** What the kernel told of the peer's end of each connection, and of the processes there: who closed, who died, of what. */
import type { Connection } from '../../model/connection.ts';
import type { Exchange } from '../../model/exchange.ts';
import type {
  AttemptEnded,
  AttemptWitness,
  Exited,
  Logged,
  NotAccepting,
  OomVictim,
  PeerClosed,
  Process,
  ResetSent,
  Signalled,
  WitnessBegan,
} from '../../model/kernel-event.ts';
import { MILLISECOND, type Nanos, SECOND } from '../../model/time.ts';
import { keep } from '../kept.ts';
import { Sockets } from './sockets.ts';

/** Connections and processes remembered; the oldest goes first. */
export const REMEMBERED = 1 << 14;
/** Closers of one connection, and signals to one process: the first says why, the last that it was in earnest. */
const EACH = 8;
/** A worker is told to stop, and given time (gunicorn's graceful_timeout is 30 s). */
const ORDER_BELIEVED: Nanos = 60 * SECOND;
/** What a master was told last explains what it does to its workers. */
const ORDERS_BELIEVED: Nanos = 35 * SECOND;

/** Whoever has no descriptor left tries again after half a second (nginx), or at once. */
const STARVED_BELIEVED: Nanos = 2 * SECOND;

interface Record {
  readonly signals: Signalled[];
  oom: OomVictim | undefined;
  /** The latest one, of itself or of those that it started. */
  notAccepting: NotAccepting | undefined;
  exit: Exited | undefined;
}

type Closer = PeerClosed | ResetSent;

export class Processes {
  readonly sockets = new Sockets();
  /** By both ends, the gateway's first. */
  readonly #closers = new Map<string, Closer[]>();
  readonly #records = new Map<number, Record>();
  #probes: ReadonlySet<string> = new Set();
  #everyReset = false;

  began({ probes, everyReset }: WitnessBegan): void {
    this.#probes = new Set(probes);
    this.#everyReset = everyReset && this.#probes.has('resets');
  }

  /** Attempts at unix sockets are told, those that connect() refused included. */
  get tellsUnix(): boolean {
    return this.#probes.has('unix') && this.#probes.has('connects');
  }

  closed(event: Closer): void {
    const key = `${event.ends.remote} ${event.ends.local}`;
    const closers = this.#closers.get(key) ?? [];
    closers.push(event);
    if (closers.length > EACH) closers.shift();
    keep(this.#closers, key, closers, REMEMBERED);
  }

  concerns(event: Signalled | Exited): void {
    if (event.kind === 'exited') {
      this.#recordOf(event.process).exit = event;
      return;
    }
    const { signals } = this.#recordOf(event.target);
    signals.push(event);
    if (signals.length > EACH) signals.splice(1, 1);
  }

  oomVictim(event: OomVictim): void {
    this.#recordOf(event.victim).oom = event;
  }

  notAccepting(event: NotAccepting): void {
    for (const id of [event.process.id, event.parent]) this.#recordOf({ id }).notAccepting = event;
  }

  /** `undefined` where the kernel was not asked. */
  witnessOf(
    exchange: Exchange | undefined,
    ending: AttemptEnded | undefined,
    logged?: Logged,
  ): AttemptWitness | undefined {
    if (this.#probes.size === 0) return undefined;
    const closer = (exchange && this.#closerOf(exchange)) ?? (ending && this.#serverOf(ending));
    const process = closer?.process;
    const record = process && this.#records.get(process.id);
    const at = closer?.moment.at ?? 0;
    const signals = (record?.signals ?? []).filter(({ moment }) => isBefore(moment.at, at, ORDER_BELIEVED));
    const sender = signals[0]?.sender;
    const orders = (sender ? (this.#records.get(sender.id)?.signals ?? []) : []).filter(({ moment }) =>
      isBefore(moment.at, at, ORDERS_BELIEVED),
    );
    const foreignReset =
      exchange !== undefined && closer === undefined && this.#everyReset && wasReset(exchange.connection);
    const tellsClosers = this.#probes.has('attempts');
    const oom = record?.oom && within(record.oom.moment.at, at, ORDER_BELIEVED) ? record.oom : undefined;
    const exit = record?.exit && within(record.exit.moment.at, at, ORDER_BELIEVED) ? record.exit : undefined;
    const end = ending?.moment ?? exchange?.end?.moment ?? exchange?.start;
    const address = exchange?.server.text ?? ending?.ends?.remote;
    const listener =
      address && end && this.#isHere(exchange, closer) ? this.sockets.listenerAt(address, end.at) : undefined;
    const since = exchange && (exchange.connection.syn ?? exchange.start);
    const drop = exchange && since && this.sockets.dropOf(exchange.client.text, exchange.server.text, since);
    const starved = (process && record?.notAccepting) ?? this.#records.get(listener?.process?.id ?? 0)?.notAccepting;
    const until = closer?.moment.at ?? end?.at ?? 0;
    const notAccepting = starved && within(starved.moment.at, until, STARVED_BELIEVED) ? starved : undefined;
    return {
      ending,
      logged,
      closer,
      exit,
      signals,
      orders,
      oom,
      notAccepting,
      listener,
      drop,
      foreignReset,
      tellsClosers,
    };
  }

  /** The first of this exchange: what comes later answers octets that were under way. A process before nobody in particular. */
  #closerOf({ client, server, connection, start }: Exchange): Closer | undefined {
    const closers = this.#closers.get(`${client.text} ${server.text}`) ?? [];
    const since = (connection.syn ?? start).at - MILLISECOND;
    const own = closers.filter(({ moment }) => moment.at >= since);
    return own.find(({ process }) => process !== undefined) ?? own[0];
  }

  /**
   * Of a unix socket nothing tells who closed it: whoever read from it last, in dying or by itself. With octets unread that is
   * a reset.
   */
  #serverOf({ server, ends, moment, byPeer, errno }: AttemptEnded): Closer | undefined {
    if (!server || !ends || !(byPeer || errno > 0)) return undefined;
    const exit = this.#records.get(server.id)?.exit;
    const dead = exit !== undefined && Math.abs(exit.moment.at - moment.at) < SECOND;
    const closed = {
      moment: dead ? exit.moment : moment,
      process: server,
      ends: { local: ends.remote, remote: ends.local },
      death: dead ? exit.death : undefined,
    };
    return errno > 0
      ? { kind: 'reset-sent', ...closed, reason: '', accepted: true, unread: undefined }
      : { kind: 'peer-closed', ...closed };
  }

  /** A port's number says nothing of a peer elsewhere. A unix socket is here, and so is a peer that was seen to act. */
  #isHere(exchange: Exchange | undefined, closer: Closer | undefined): boolean {
    return !exchange || closer !== undefined || isHere(exchange.connection);
  }

  #recordOf({ id }: Pick<Process, 'id'>): Record {
    const record = this.#records.get(id) ?? { signals: [], oom: undefined, notAccepting: undefined, exit: undefined };
    keep(this.#records, id, record, REMEMBERED);
    return record;
  }
}

/** What made it end: not after that, but for the clock's grain, and not long before. */
function isBefore(at: Nanos, until: Nanos, span: Nanos): boolean {
  return at <= until + MILLISECOND && at >= until - span;
}

/** Also shortly after: a process that is told to end may close its connections first. */
function within(at: Nanos, until: Nanos, span: Nanos): boolean {
  return at <= until + SECOND && at >= until - span;
}

/** The peer is on this host for sure, and its end of the connection sent a reset. */
function wasReset(connection: Connection): boolean {
  if (connection.transport === 'unix') return false;
  return isHere(connection) && (connection.refusal?.how === 'rst' || connection.reverse.rst !== undefined);
}

/** A unix socket, between two addresses of loopback, or from an address to itself. */
function isHere({ active, passive, transport }: Connection): boolean {
  return (
    transport === 'unix' ||
    passive.address.startsWith('127.') ||
    passive.address === '::1' ||
    passive.address === active.address
  );
}
