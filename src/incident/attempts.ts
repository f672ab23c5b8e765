/**
 * Attempts as they come: whose they are, where something on the wire says so, and who may have made them, where nothing does.
 * Those are open to question until their window is settled.
 */
import type { Exchange } from '../model/exchange.ts';
import type { Nanos } from '../model/time.ts';
import type { IncidentCounters } from './counters.ts';
import { attach, detach, type Front, fits, isGoodAnswer, type Use, useOf } from './front.ts';
import type { Gateways } from './gateways.ts';
import type { Naming, OpenFronts } from './identity/open-fronts.ts';
import { keep } from './kept.ts';
import { isHanging, isHiddenFailure } from './uses.ts';

/** Attempts of one window whose request is open to question; past it the oldest stay unclaimed. */
export const USE_LIMIT = 20_000;
/** Requests that one attempt may be weighed against. */
export const CANDIDATE_LIMIT = 256;
/** Failures kept per request that were given to another one: any of them makes it doubtful. */
const GIVEN_AWAY_KEPT = 16;

export class Attempts {
  /** By the exchange's number. */
  readonly uses = new Map<number, Use>();
  readonly #gateways: Gateways;
  readonly #open: OpenFronts;
  readonly #counters: IncidentCounters;
  readonly #givenUp: (at: Nanos) => void;
  /** Connections whose SYN has no answer yet, oldest first. */
  readonly #connecting = new Set<Exchange>();
  #questioned: Use[] = [];
  /** Failures that nobody claims, by their exchange: the latest ones, until the kernel tells whose they were. */
  readonly #unclaimed = new Map<number, true>();

  /** @param givenUp told of each attempt that nobody will be asked for any more, with its beginning */
  constructor(gateways: Gateways, open: OpenFronts, counters: IncidentCounters, givenUp: (at: Nanos) => void) {
    this.#gateways = gateways;
    this.#open = open;
    this.#counters = counters;
    this.#givenUp = givenUp;
  }

  /** A connection without a request yet. */
  began(exchange: Exchange): void {
    if (exchange.connection.syn) this.#connecting.add(exchange);
  }

  asked(exchange: Exchange): void {
    this.#connecting.delete(exchange);
    this.#findFront(exchange);
  }

  closing(exchange: Exchange): void {
    this.#question(exchange);
  }

  ended(exchange: Exchange): void {
    this.#connecting.delete(exchange);
    if (exchange.end?.how !== 'forgotten') this.#question(exchange);
  }

  /** Those open to question, in order of their start. */
  questioned(): readonly Use[] {
    return this.#questioned.sort(byStart);
  }

  /** Of these, what is still open to question stays so; the rest of them, and all others, are not any more. */
  keep(questioned: readonly Use[]): void {
    for (const use of questioned) if (use.front?.settled && !use.fixed) giveAway(use);
    this.#questioned = questioned.filter((use) => this.#isOpenToQuestion(use));
  }

  /** An attempt that shows its request: finds whose it is. */
  #findFront(exchange: Exchange): void {
    if (!this.#open.isOpenAt((server) => this.#gateways.mayMake(server, exchange.server))) return;
    const elsewhere = (front: Front): boolean => this.#gateways.couldMake(front, exchange);
    const naming = this.#open.namedBy(
      exchange,
      (front) => elsewhere(front) && this.#gateways.couldHaveSent(front, exchange),
    );
    const only = naming.fronts[0];
    if (!only) {
      this.#suspect(exchange, this.#open.namedBy(exchange, elsewhere));
      return;
    }
    // A gateway that nobody was seen to forward to has clients of its own: only a name without rivals tells another story.
    if (naming.how !== 'only' && !this.#gateways.mayServe(exchange.server)) return;
    const use = useOf(exchange);
    this.uses.set(exchange.id, use);
    if (naming.how === 'many') {
      this.#enquire(use, naming.fronts);
      return;
    }
    use.fixed = true;
    use.named = naming.how === 'only';
    attach(only, use);
  }

  #suspect({ client, request }: Exchange, { fronts, how }: Naming): void {
    const [only] = fronts;
    if (only && request && how === 'only') this.#gateways.suspect(only.exchange.server, client, request.target);
  }

  /** A connection that failed without showing a request: anybody's who waits. */
  #question(exchange: Exchange): void {
    if (this.uses.has(exchange.id) || !isHiddenFailure(exchange) || !this.#gateways.mayServe(exchange.server)) return;
    this.#askAround(useOf(exchange));
  }

  #askAround(use: Use): void {
    const { exchange } = use;
    const candidates = this.#open.filter(
      (front) =>
        fits(front, use) &&
        this.#gateways.couldMake(front, exchange) &&
        this.#gateways.mayComeFrom(front.exchange.server, exchange.client),
    );
    this.uses.set(use.exchange.id, use);
    this.#enquire(use, candidates);
  }

  #enquire(use: Use, candidates: readonly Front[]): void {
    // Those who began to wait last are the likeliest.
    use.candidates = candidates.slice(-CANDIDATE_LIMIT);
    if (use.candidates.length === 0) {
      this.#isUnclaimed(use);
      return;
    }
    const shown = use.exchange.request !== undefined;
    for (const front of use.candidates) {
      front.questions++;
      if (shown) front.claim = front.claims++ === 0 ? use : undefined;
    }
    this.#questioned.push(use);
    if (this.#questioned.length <= USE_LIMIT) return;
    this.#counters.overLimit++;
    const oldest = this.#questioned.shift();
    if (!oldest) return;
    this.uses.delete(oldest.exchange.id);
    this.#givenUp(oldest.exchange.start.at);
  }

  /** Of those that show a request, one could have been made for this one, and for no other, and both were answered alike. */
  settlePlain(front: Front): void {
    const { claim, answered, status, uses } = front;
    if (!claim || !answered || uses.length > 0 || claim.candidates.length > 1 || !isGoodAnswer(claim)) return;
    if (claim.outcome.is !== 'answered' || claim.outcome.status !== status || !fits(front, claim)) return;
    // It came not long ago.
    const at = this.#questioned.lastIndexOf(claim);
    if (at < 0) return;
    this.#questioned.splice(at, 1);
    claim.plain = true;
    front.questions--;
    attach(front, claim);
  }

  /** An answer does not come before the attempt that it is made of: one still under way was given to the wrong request. */
  check(front: Front): void {
    for (const use of [...front.uses]) if (use.fixed && !use.named && use.outcome.is === 'open') detach(use);
    this.learn(front);
  }

  /** Attempts that are this request's beyond question show who is whose peer. */
  learn({ exchange, uses }: Front): void {
    for (const { fixed, outcome, peer, exchange: attempt } of uses) {
      if (this.#unclaimed.delete(attempt.id)) this.#counters.unclaimed--;
      if (fixed && outcome.is !== 'open') this.#gateways.learn(exchange.server, peer, attempt.client);
    }
  }

  /** Attempts whose SYN nobody answered, begun while this request waited. */
  findHanging(front: Front, now: Nanos): void {
    for (const exchange of this.#connecting) {
      if (exchange.connection.synAck) this.#connecting.delete(exchange);
      else if (!isHanging(exchange, now)) return;
      else if (!this.uses.has(exchange.id) && this.#gateways.mayServe(exchange.server)) {
        const use = useOf(exchange);
        if (fits(front, use)) this.#askAround(use);
      }
    }
  }

  #isOpenToQuestion(use: Use): boolean {
    if (use.front?.settled) return false;
    if (use.candidates.some((front) => !front.settled)) return true;
    this.#isUnclaimed(use);
    return false;
  }

  #isUnclaimed({ exchange }: Use): void {
    this.#counters.unclaimed++;
    keep(this.#unclaimed, exchange.id, true, USE_LIMIT);
    this.uses.delete(exchange.id);
  }
}

function byStart(one: Use, other: Use): number {
  return one.exchange.start.frame - other.exchange.start.frame;
}

/** Whoever still waits, and could have met this failure, may lack it. */
function giveAway({ exchange, outcome, candidates }: Use): void {
  for (const front of candidates) {
    if (!front.settled) front.givenAway = [...front.givenAway, { exchange, outcome }].slice(-GIVEN_AWAY_KEPT);
  }
}
