/** Turns a settled request into an incident: its attempts in order, how safe each link is, and what else was going on. */
import type { NeighbourSilent } from '../model/connection.ts';
import { type Endpoint, endpoint, UNKNOWN_ENDPOINT } from '../model/endpoint.ts';
import type { Attempt, Incident, IncidentWatcher } from '../model/incident.ts';
import { MILLISECOND, type Moment, type Nanos } from '../model/time.ts';
import type { IncidentCounters } from './counters.ts';
import type { Explanation } from './explanations.ts';
import { type ChainLink, type Front, failureOf, firstAfter, fits, type Use } from './front.ts';
import type { Gateways } from './gateways.ts';
import type { Processes } from './kernel/processes.ts';
import { PeerStates } from './no-live.ts';
import type { Assignment, Safety } from './timing/assignment.ts';
import { mainChain } from './timing/chain.ts';

/** The capture program tells so long after the first of them that it left requests out, and some more until it is read. */
const TOLD_WITHIN: Nanos = 200 * MILLISECOND;
/** Losses kept to be tied to requests that end later; past it, neighbours are kept as one. */
const LOSS_LIMIT = 1024;
/** Moments kept at which requests were left out. */
const LEFT_OUT_LIMIT = 1024;
/** Incident ids by exchange, for the next hop of a gateway behind a gateway. */
const IDS_KEPT = 10_000;

/** Margin, in nats, that it takes to believe by timing alone that a server which serves attempts makes some itself. */
const PEER_BELIEVED_ABOVE = 10;
/** Margin of an attempt that could only be this request's because all others of that name had one under way. */
const BY_ELIMINATION = 20;

interface Losses {
  readonly from: Nanos;
  until: Nanos;
  count: number;
}

/** Losses so close to each other are one: where a table is full there may be one with each packet. */
const AT_ONCE: Nanos = MILLISECOND;

export class Conclusions {
  readonly #gateways: Gateways;
  readonly #processes: Processes;
  readonly #counters: IncidentCounters;
  readonly #emit: (incident: Incident) => void;
  readonly #watcher: IncidentWatcher | undefined;
  readonly #peers = new PeerStates();
  #losses: Losses[] = [];
  readonly #leftOut: Nanos[] = [];
  readonly #ids = new Map<number, string>();

  constructor(
    gateways: Gateways,
    processes: Processes,
    counters: IncidentCounters,
    emit: (incident: Incident) => void,
    watcher?: IncidentWatcher,
  ) {
    this.#gateways = gateways;
    this.#processes = processes;
    this.#counters = counters;
    this.#emit = emit;
    this.#watcher = watcher;
  }

  loss(at: Nanos, count: number): void {
    const latest = this.#losses.at(-1);
    if (latest && at >= latest.from && at - latest.from < AT_ONCE) {
      latest.until = Math.max(latest.until, at);
      latest.count += count;
      return;
    }
    this.#losses.push({ from: at, until: at, count });
    if (this.#losses.length > LOSS_LIMIT) this.#losses = inPairs(this.#losses);
  }

  leftOut(at: Nanos): void {
    this.#leftOut.push(at);
    if (this.#leftOut.length > LEFT_OUT_LIMIT) this.#leftOut.shift();
  }

  /** A settled request shows which peers its location has, whether it needs telling or not. */
  observe(front: Front): void {
    this.#peers.observe(front);
  }

  /** What requests under way and waiting ones met, before any of them is concluded. */
  foresee(fronts: Iterable<Front>): void {
    this.#peers.foresee(fronts);
  }

  /** A 502 that waits to be settled: tells what can be said of it now. */
  early(front: Front): void {
    if (!this.#watcher || !front.answered || this.#gateways.isPeer(front.exchange.server)) return;
    const { exchange, answered, uses } = front;
    if (uses.length === 0 || uses.some((use) => !use.fixed)) {
      this.#watcher.early(exchange, undefined);
      return;
    }
    this.#watcher.early(exchange, {
      id: '',
      kind: 'incident',
      gateway: exchange.server,
      exchange,
      attempts: this.#attemptsOf(front, { margin: 0, interchangeable: false }),
      // Whoever else may lay claim to its last attempt has not been heard yet.
      rivals: 1,
      witnessed: front.chain !== undefined,
      unixWitnessed: front.chain !== undefined && this.#processes.tellsUnix,
      logged: front.chain?.logged,
      mayHaveOthers: true,
      noLive: undefined,
      resolver: undefined,
      nextHop: this.#nextHop(front),
      losses: this.#lossesOf(front, answered),
      leftOut: this.#isAmidLeftOut(front, answered),
      settled: answered,
    });
  }

  /** @param questioned attempts open to question, in order of their start */
  conclude(front: Front, assignment: Assignment, questioned: readonly Use[]): void {
    this.#peers.reach(front.answered?.frame ?? 0);
    const kind = this.#isStray(front, assignment) ? undefined : this.#kindOf(front);
    if (!kind || !front.answered) {
      this.#watcher?.withdrawn(front.exchange);
      return;
    }
    const id = kind === 'incident' ? `i-${++this.#counters.incidents}` : `m-${++this.#counters.masked}`;
    const attempts = this.#attemptsOf(front, assignment.safetyOf(front));
    const without = kind === 'incident' && attempts.length === 0;
    const explanation = explanationOf(front);
    const incident: Incident = {
      id,
      kind,
      gateway: front.exchange.server,
      exchange: front.exchange,
      attempts,
      rivals: front.chain ? 0 : rivalsOf(front, questioned),
      witnessed: front.chain !== undefined,
      unixWitnessed: front.chain !== undefined && this.#processes.tellsUnix,
      logged: front.chain?.logged,
      mayHaveOthers: kind === 'incident' && this.#peers.mayHaveOthers(front),
      noLive: kind === 'incident' ? this.#peers.noLive(front, (exchange) => this.#ids.get(exchange) ?? '') : undefined,
      resolver: without && explanation?.is === 'resolver' ? explanation.fact : undefined,
      nextHop: this.#nextHop(front),
      losses: this.#lossesOf(front, front.answered),
      leftOut: this.#isAmidLeftOut(front, front.answered),
      settled: front.answered,
    };
    this.#ids.set(front.exchange.id, id);
    const oldest = this.#ids.size > IDS_KEPT ? this.#ids.keys().next().value : undefined;
    if (oldest !== undefined) this.#ids.delete(oldest);
    this.#emit(incident);
  }

  #kindOf(front: Front): Incident['kind'] | undefined {
    if (front.status === 502) return 'incident';
    if (front.status === 0) return undefined;
    return mainChain(front, front.uses).some((use, n, all) => isMasked(use, n === all.length - 1, front.status))
      ? 'masked'
      : undefined;
  }

  /** An answer of a peer, with no attempt behind it, or with one that is as likely somebody else's. */
  #isStray(front: Front, assignment: Assignment): boolean {
    if (!this.#gateways.isPeer(front.exchange.server) || front.uses.some((use) => use.fixed)) return false;
    return front.uses.length === 0 || assignment.safetyOf(front).margin < PEER_BELIEVED_ABOVE;
  }

  #attemptsOf(front: Front, { margin, interchangeable }: Safety): Attempt[] {
    const attempts = mainChain(front, front.uses).map(
      (use, at): Attempt => ({
        n: at + 1,
        peer: use.peer,
        exchange: use.exchange,
        silent: undefined,
        link: use.named ? 'identity' : 'timing',
        margin: use.named ? Number.POSITIVE_INFINITY : use.fixed ? BY_ELIMINATION : margin,
        interchangeable: !use.fixed && interchangeable,
        witness: this.#processes.witnessOf(use.exchange, undefined),
      }),
    );
    if (front.chain) return this.#witnessedAttempts(front.chain.links, attempts);
    return front.explanation?.is === 'silent' ? [silentAttempt(front.explanation.fact)] : attempts;
  }

  /** Those that the kernel tells of, in its order; before them what is known of the beginning that it does not tell of. */
  #witnessedAttempts(links: readonly ChainLink[], attempts: readonly Attempt[]): Attempt[] {
    const own = new Set(links.map(({ use }) => use?.exchange));
    const first = links[0]?.use?.exchange.start.frame ?? 0;
    const before = attempts.filter(({ exchange }) => !own.has(exchange) && exchange && exchange.start.frame < first);
    const told = links.map(({ ending, use, logged }): Attempt => {
      const { ends } = ending;
      return {
        n: 0,
        peer: use?.peer ?? peerOf(ends?.remote),
        exchange: use?.exchange,
        silent: undefined,
        link: 'kernel',
        margin: Number.POSITIVE_INFINITY,
        interchangeable: false,
        witness: this.#processes.witnessOf(use?.exchange, ending, logged),
      };
    });
    return [...before, ...told].map((attempt, at) => ({ ...attempt, n: at + 1 }));
  }

  #nextHop(front: Front): string | undefined {
    const last = front.uses.at(-1);
    return last && this.#ids.get(last.exchange.id);
  }

  #lossesOf(front: Front, answered: Moment): number {
    const asked = front.exchange.start.at;
    let sum = 0;
    for (const { from, until, count } of this.#losses) if (until >= asked && from <= answered.at) sum += count;
    return sum;
  }

  #isAmidLeftOut(front: Front, answered: Moment): boolean {
    const from = front.exchange.start.at;
    return this.#leftOut.some((at) => at >= from && at <= answered.at + TOLD_WITHIN);
  }
}

function inPairs(losses: readonly Losses[]): Losses[] {
  const pairs: Losses[] = [];
  for (let n = 0; n < losses.length; n += 2) {
    const one = losses[n] as Losses;
    const other = losses[n + 1];
    // Attempts that were given up are told late: their time is before that of others.
    const [from, until] = [Math.min(one.from, other?.from ?? one.from), Math.max(one.until, other?.until ?? one.until)];
    pairs.push({ from, until, count: one.count + (other?.count ?? 0) });
  }
  return pairs;
}

/** A peer on the gateway's own network that no longer answers: the SYN was never sent. */
function silentAttempt(silent: NeighbourSilent): Attempt {
  const peer = endpoint(silent.target, 0);
  return {
    n: 1,
    peer,
    exchange: undefined,
    silent,
    link: 'timing',
    margin: 0,
    interchangeable: false,
    witness: undefined,
  };
}

/**
 * Where the kernel saw no attempt, a resolver's failure needs no rival to be weighed against; and where it saw nobody asked,
 * it has nothing to do with it.
 */
function explanationOf({ chain, explanation, explanations }: Front): Explanation | undefined {
  if (chain?.direct) return undefined;
  return explanation ?? (chain?.links.length === 0 ? explanations.find(({ is }) => is === 'resolver') : undefined);
}

/** `ADDR:PORT` as the kernel's event has it. */
function peerOf(text: string | undefined): Endpoint {
  const colon = text?.lastIndexOf(':') ?? -1;
  if (text === undefined || colon < 0) return UNKNOWN_ENDPOINT;
  if (text.startsWith('unix:')) return endpoint(text, 0);
  return endpoint(text.slice(0, colon).replace(/^\[|\]$/g, ''), Number(text.slice(colon + 1)));
}

/** A failed attempt that the client's answer hides. */
function isMasked({ outcome }: Use, last: boolean, status: number): boolean {
  // nginx answers 500 when an auth_request's subrequest got a 502: that is a neighbour, nothing was hidden.
  if (outcome.is === 'failed' || outcome.is === 'rejected') return !(last && status === 500);
  return outcome.is === 'answered' && outcome.status === 502 && !last;
}

/** Failed attempts of nobody, or of others by timing alone, that could have been the last to fail in this request's chain. */
function rivalsOf(front: Front, questioned: readonly Use[]): number {
  const chain = mainChain(front, front.uses);
  const last = chain.findLastIndex(isFailure);
  const failed = chain[last];
  const from = (failed && failureOf(failed)) ?? front.exchange.request?.head;
  const until = (chain[last + 1]?.exchange.start ?? front.answered)?.frame ?? Number.POSITIVE_INFINITY;
  if (!from) return 0;
  let rivals = 0;
  for (let at = firstAfter(questioned, from.frame); at < questioned.length; at++) {
    const use = questioned[at];
    if (!use || use.exchange.start.frame > until) break;
    if (use.front !== front && fits(front, use)) rivals++;
  }
  for (const tried of front.givenAway) {
    const { frame } = tried.exchange.start;
    if (frame > from.frame && frame <= until && fits(front, tried)) rivals++;
  }
  return rivals;
}

function isFailure(use: Use): boolean {
  const { outcome } = use;
  return failureOf(use) !== undefined || (outcome.is === 'answered' && outcome.status === 502);
}
