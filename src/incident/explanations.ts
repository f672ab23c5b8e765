/**
 * What else than an attempt on a connection may have led to a 502: a peer on the gateway's own network that no longer
 * answers for its address, a resolver that failed. Whether it did, the chain's costs decide (`chain.ts`).
 */
import type { NeighbourSilent, ResolverAnswer } from '../model/connection.ts';
import { MILLISECOND, type Moment, type Nanos, SECOND } from '../model/time.ts';

/** Facts about hosts kept to be tied to requests that end later: some seconds' worth. */
const FACT_LIMIT = 1024;
/** Facts that one request may be weighed against. */
const PER_REQUEST = 4;
/** Linux fails all that wait for a neighbour one interval after its last query, by a timer of some milliseconds' grain. */
const NEIGHBOUR_TOLERANCE: Nanos = 60 * MILLISECOND;
/** Between a resolver's packet and the act of the gateway that goes with it: one turn of its event loop, a busy one. */
const RESOLVER_TURN: Nanos = 10 * MILLISECOND;

/** The same where the kernel told that no peer was tried, and that the answer took more than a turn: a very busy one. */
const RESOLVER_TURN_TOLD: Nanos = 100 * MILLISECOND;
/** A request for a name that is being asked for joins that question: until nginx gives up (resolver_timeout, 30 s). */
const RESOLVER_TIMEOUT: Nanos = 30 * SECOND;

/** One of them, as it concerns one request. */
export type Explanation =
  | { readonly is: 'silent'; readonly fact: NeighbourSilent; readonly name: string }
  | {
      readonly is: 'resolver';
      readonly fact: ResolverAnswer;
      readonly name: string;
      /** When the gateway knew; `undefined` where it waited until its own time was over. */
      readonly known: Moment | undefined;
    };

/** -ln of the density of the answer within the neighbour's tolerance, in nats per nanosecond. */
export const SILENT_END = Math.log(NEIGHBOUR_TOLERANCE);

export class Explanations {
  readonly #silent: NeighbourSilent[] = [];
  readonly #resolver: ResolverAnswer[] = [];

  neighbourSilent(fact: NeighbourSilent): void {
    keep(this.#silent, fact);
  }

  resolved(answer: ResolverAnswer): void {
    if (isFailure(answer)) keep(this.#resolver, answer);
  }

  /** What may explain a 502 that was asked for at `asked` and sent at `answered`, latest first. */
  of(asked: Moment, answered: Moment): readonly Explanation[] {
    const found: Explanation[] = [];
    for (const fact of this.#silent) {
      if (givenUpAt(fact) < asked.at || Math.abs(answered.at - givenUpAt(fact)) >= NEIGHBOUR_TOLERANCE) continue;
      found.push({ is: 'silent', fact, name: `silent ${fact.target}` });
    }
    for (const fact of this.#resolver) if (liesWithin(fact, asked, answered)) found.push(explanationBy(fact));
    return found.slice(-PER_REQUEST).reverse();
  }

  /** What explains such a 502 where the kernel told that no peer was tried, but that the gateway waited for something. */
  ofWait(asked: Moment, answered: Moment): readonly Explanation[] {
    const near = this.of(asked, answered);
    if (near.some(({ is }) => is === 'resolver')) return near;
    const heard = this.#resolver.findLast((fact) => liesWithin(fact, asked, answered, RESOLVER_TURN_TOLD));
    const fact = heard ?? this.#resolver.findLast((each) => isWaitedFor(each, asked, answered));
    return fact ? [...near, explanationBy(fact)] : near;
  }
}

function keep<T>(facts: T[], fact: T): void {
  facts.push(fact);
  if (facts.length > FACT_LIMIT) facts.shift();
}

function givenUpAt({ first, last, queries }: NeighbourSilent): Nanos {
  return last.at + (last.at - first.at) / Math.max(1, queries - 1);
}

/** For a resolver that stayed silent, or cannot be reached, nginx waits until its own time is over. */
function isUnheard({ answered, outcome }: ResolverAnswer): boolean {
  return !answered || outcome === 'unreachable';
}

function explanationBy(fact: ResolverAnswer): Explanation {
  const known = isUnheard(fact) ? undefined : fact.answered;
  return { is: 'resolver', fact, name: `resolver ${fact.name}`, known };
}

/**
 * A resolver's failure right before the 502 that it led to; nginx may have asked for an earlier request. One that was not
 * heard was asked right after the request.
 */
function liesWithin(fact: ResolverAnswer, from: Moment, until: Moment, turn = RESOLVER_TURN): boolean {
  const { asked, answered } = fact;
  if (isUnheard(fact) || !answered)
    return asked.frame > from.frame && asked.frame < until.frame && asked.at - from.at < turn;
  return answered.frame > from.frame && answered.frame < until.frame && until.at - answered.at < turn;
}

/** It was not heard, and a request could join those who waited for it. */
function isWaitedFor(fact: ResolverAnswer, from: Moment, until: Moment): boolean {
  return isUnheard(fact) && fact.asked.frame < until.frame && from.at - fact.asked.at < RESOLVER_TIMEOUT;
}

function isFailure({ outcome, addresses }: ResolverAnswer): boolean {
  return outcome !== 0 || addresses === 0;
}
