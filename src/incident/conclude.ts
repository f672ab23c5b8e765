/** Turns a settled request into an incident: its attempts in order, how safe each link is, and what else was going on. */
import type { NeighbourSilent, ResolverAnswer } from '../model/connection.ts';
import { endpoint } from '../model/endpoint.ts';
import type { Attempt, Incident } from '../model/incident.ts';
import { MILLISECOND, type Moment, type Nanos } from '../model/time.ts';
import type { Assignment } from './assignment.ts';
import type { IncidentCounters } from './counters.ts';
import { type Front, failureOf, firstAfter, fits, type Use } from './front.ts';
import type { Gateways } from './gateways.ts';
import { PeerStates } from './no-live.ts';

/** Facts about hosts kept to be tied to requests that end later: some seconds' worth. */
const FACT_LIMIT = 1024;
/** Linux fails all that wait for a neighbour one interval after its last query, by a timer of some milliseconds' grain. */
const NEIGHBOUR_TOLERANCE: Nanos = 60 * MILLISECOND;
/** Between a resolver's packet and the act of the gateway that goes with it: one turn of its event loop, a busy one. */
const RESOLVER_TURN: Nanos = 10 * MILLISECOND;
/** Incident ids by exchange, for the next hop of a gateway behind a gateway. */
const IDS_KEPT = 10_000;

/** Margin, in nats, that it takes to believe by timing alone that a server which serves attempts makes some itself. */
const PEER_BELIEVED_ABOVE = 10;
/** Margin of an attempt that could only be this request's because all others of that name had one under way. */
const BY_ELIMINATION = 20;

export class Conclusions {
  readonly #gateways: Gateways;
  readonly #counters: IncidentCounters;
  readonly #emit: (incident: Incident) => void;
  readonly #peers = new PeerStates();
  readonly #silent: NeighbourSilent[] = [];
  readonly #resolver: ResolverAnswer[] = [];
  readonly #losses: { readonly at: Nanos; readonly count: number }[] = [];
  readonly #ids = new Map<number, string>();

  constructor(gateways: Gateways, counters: IncidentCounters, emit: (incident: Incident) => void) {
    this.#gateways = gateways;
    this.#counters = counters;
    this.#emit = emit;
  }

  neighbourSilent(fact: NeighbourSilent): void {
    keep(this.#silent, fact);
  }

  resolved(answer: ResolverAnswer): void {
    keep(this.#resolver, answer);
  }

  loss(at: Nanos, count: number): void {
    keep(this.#losses, { at, count });
  }

  /** A settled request shows which peers its location has, whether it needs telling or not. */
  observe(front: Front): void {
    this.#peers.observe(front);
  }

  conclude(front: Front, assignment: Assignment, questioned: readonly Use[]): void {
    const kind = this.#isStray(front, assignment) ? undefined : this.#kindOf(front);
    if (!kind || !front.answered) {
      this.#peers.failed(front, '');
      return;
    }
    const id = kind === 'incident' ? `i-${++this.#counters.incidents}` : `m-${++this.#counters.masked}`;
    const attempts = this.#attemptsOf(front, assignment);
    const without = kind === 'incident' && attempts.length === 0;
    const incident: Incident = {
      id,
      kind,
      gateway: front.exchange.server,
      exchange: front.exchange,
      attempts,
      rivals: kind === 'incident' ? rivalsOf(front, questioned) : 0,
      noLive: kind === 'incident' ? this.#peers.noLive(front) : undefined,
      resolver: without && !isSilent(front.explanation) ? front.explanation : undefined,
      nextHop: this.#nextHop(front),
      losses: this.#lossesOf(front, front.answered),
      settled: front.answered,
    };
    this.#peers.failed(front, id);
    this.#ids.set(front.exchange.id, id);
    const oldest = this.#ids.size > IDS_KEPT ? this.#ids.keys().next().value : undefined;
    if (oldest !== undefined) this.#ids.delete(oldest);
    this.#emit(incident);
  }

  #kindOf(front: Front): Incident['kind'] | undefined {
    if (front.status === 502) return 'incident';
    if (front.status === 0) return undefined;
    return mainChain(front).some((use, n, all) => isMasked(use, n === all.length - 1, front.status))
      ? 'masked'
      : undefined;
  }

  /** An answer of a peer, with no attempt behind it, or with one that is as likely somebody else's. */
  #isStray(front: Front, assignment: Assignment): boolean {
    if (!this.#gateways.isPeer(front.exchange.server) || front.uses.some((use) => use.fixed)) return false;
    return front.uses.length === 0 || assignment.safetyOf(front).margin < PEER_BELIEVED_ABOVE;
  }

  #attemptsOf(front: Front, assignment: Assignment): Attempt[] {
    const { margin, interchangeable } = assignment.safetyOf(front);
    const attempts = mainChain(front).map(
      (use, at): Attempt => ({
        n: at + 1,
        peer: use.peer,
        exchange: use.exchange,
        silent: undefined,
        link: use.named ? 'identity' : 'timing',
        margin: use.named ? Number.POSITIVE_INFINITY : use.fixed ? BY_ELIMINATION : margin,
        interchangeable: !use.fixed && interchangeable,
      }),
    );
    return attempts.length === 0 && isSilent(front.explanation) ? [silentAttempt(front.explanation)] : attempts;
  }

  /** What else than an attempt on a connection explains a 502. */
  explain(front: Front): NeighbourSilent | ResolverAnswer | undefined {
    const asked = front.exchange.request?.head;
    const { answered } = front;
    if (!asked || !answered) return undefined;
    const silent = this.#silent.find(
      (fact) => givenUpAt(fact) >= asked.at && Math.abs(answered.at - givenUpAt(fact)) < NEIGHBOUR_TOLERANCE,
    );
    return silent ?? this.#resolver.findLast((answer) => isFailure(answer) && liesWithin(answer, asked, answered));
  }

  #nextHop(front: Front): string | undefined {
    const last = front.uses.at(-1);
    return last && this.#ids.get(last.exchange.id);
  }

  #lossesOf(front: Front, answered: Moment): number {
    const from = front.exchange.start.at;
    let count = 0;
    for (const loss of this.#losses) if (loss.at >= from && loss.at <= answered.at) count += loss.count;
    return count;
  }
}

function keep<T>(facts: T[], fact: T): void {
  facts.push(fact);
  if (facts.length > FACT_LIMIT) facts.shift();
}

function isSilent(explanation: Front['explanation']): explanation is NeighbourSilent {
  return explanation !== undefined && 'queries' in explanation;
}

/** A peer on the gateway's own network that no longer answers: the SYN was never sent. */
function silentAttempt(silent: NeighbourSilent): Attempt {
  const peer = endpoint(silent.target, 0);
  return { n: 1, peer, exchange: undefined, silent, link: 'timing', margin: 0, interchangeable: false };
}

function givenUpAt({ first, last, queries }: NeighbourSilent): Nanos {
  return last.at + (last.at - first.at) / Math.max(1, queries - 1);
}

/**
 * A resolver's failure right before the 502 that it led to; nginx may have asked for an earlier request. For one that stayed
 * silent, or cannot be reached, nginx waits until its own time is over: it was asked right after the request.
 */
function liesWithin({ asked, answered, outcome }: ResolverAnswer, from: Moment, until: Moment): boolean {
  if (!answered || outcome === 'unreachable')
    return asked.frame > from.frame && asked.frame < until.frame && asked.at - from.at < RESOLVER_TURN;
  return answered.frame > from.frame && answered.frame < until.frame && until.at - answered.at < RESOLVER_TURN;
}

function isFailure({ outcome, addresses }: ResolverAnswer): boolean {
  return outcome !== 0 || addresses === 0;
}

/** A failed attempt that the client's answer hides. */
function isMasked({ outcome }: Use, last: boolean, status: number): boolean {
  // nginx answers 500 when an auth_request's subrequest got a 502: that is a neighbour, nothing was hidden.
  if (outcome.is === 'failed' || outcome.is === 'rejected') return !(last && status === 500);
  return outcome.is === 'answered' && outcome.status === 502 && !last;
}

/**
 * The attempts of the request itself, one after the other. Attempts at the same time are subrequests (mirror,
 * background update): of two, the one that the answer followed is the request's own.
 */
function mainChain(front: Front): Use[] {
  const chain: Use[] = [];
  for (const use of front.uses) {
    const before = chain.at(-1);
    if (!before || endFrame(before) <= use.exchange.start.frame) chain.push(use);
    else if (agrees(use, front) && !agrees(before, front)) chain[chain.length - 1] = use;
  }
  return chain;
}

function endFrame(use: Use): number {
  return use.outcome.is === 'open' ? Number.POSITIVE_INFINITY : use.outcome.moment.frame;
}

function agrees({ outcome }: Use, { status }: Front): boolean {
  if (outcome.is === 'answered') return outcome.status === status;
  return outcome.is !== 'open' && status === 502;
}

/**
 * Failed attempts of nobody, or of others by timing alone, that could have come last in this request's chain.
 * @param questioned in order of their start
 */
function rivalsOf(front: Front, questioned: readonly Use[]): number {
  const last = front.uses.at(-1);
  const from = (last && failureOf(last)) ?? front.exchange.request?.head;
  const until = front.answered?.frame ?? Number.POSITIVE_INFINITY;
  if (!from) return 0;
  let rivals = 0;
  for (let at = firstAfter(questioned, from.frame); at < questioned.length; at++) {
    const use = questioned[at];
    if (!use || use.exchange.start.frame > until) break;
    if (use.front !== front && fits(front, use)) rivals++;
  }
  return rivals;
}
