/**
 * Ties attempts to the requests they were made for, and tells of every request that ended in a 502 or that hid a failure:
 * the station's face. One pass, bounded: what is known of a request is kept until it is settled, then forgotten.
 */
import type { HostSink, NeighbourSilent, ResolverAnswer } from '../model/connection.ts';
import type { Exchange, ExchangeSink } from '../model/exchange.ts';
import type { Incident, IncidentWatcher } from '../model/incident.ts';
import type { Answered, KernelEvent, KernelSink } from '../model/kernel-event.ts';
import { outcomeOf } from '../model/outcome.ts';
import type { Nanos } from '../model/time.ts';
import { Attempts } from './attempts.ts';
import { Conclusions } from './conclude.ts';
import type { IncidentCounters } from './counters.ts';
import { Explanations } from './explanations.ts';
import { type Chain, close, type Front, frontOf, isGoodAnswer, isQuestioned } from './front.ts';
import { Gateways } from './gateways.ts';
import { OpenFronts } from './identity/open-fronts.ts';
import { requestsInQuestion, thoseToWeigh } from './in-question.ts';
import { Witness } from './kernel/witness.ts';
import { Acts } from './timing/acts.ts';
import { Assignment } from './timing/assignment.ts';
import type { Knowledge } from './timing/chain.ts';
import { Gaps } from './timing/densities.ts';
import { Habits } from './timing/habits.ts';
import { learnChain } from './timing/lessons.ts';
import { Turns } from './timing/turns.ts';

/** Requests waiting for their answer at once; the longest waiting goes first. */
export const OPEN_LIMIT = 100_000;
/** Answered requests that wait to be settled; past it they are settled early. */
export const WAITING_LIMIT = 50_000;

/** Servers of which it is kept how many requests were left out, until they show to be gateways. */
const SERVERS_LEFT_OUT = 1024;

export interface IncidentOptions {
  /** Endpoints taken for gateways; none: they are found. */
  readonly gateways: readonly string[];
  /** Capture time between an answer and its verdict. */
  readonly settle: Nanos;
  /** The same where the kernel saw what was done for the request, and for all that were answered before it. */
  readonly settleWitnessed?: Nanos | undefined;
  readonly watcher?: IncidentWatcher | undefined;
}

export class IncidentStation implements ExchangeSink, HostSink, KernelSink {
  readonly counters: IncidentCounters = { requests: 0, incidents: 0, masked: 0, unclaimed: 0, veiled: 0, overLimit: 0 };
  readonly #options: IncidentOptions;
  readonly #gateways: Gateways;
  readonly #knowledge: Knowledge = { gaps: new Gaps(), habits: new Habits() };
  readonly #acts = new Acts();
  readonly #open = new OpenFronts();
  /** By the exchange's number. */
  readonly #fronts = new Map<number, Front>();
  readonly #attempts: Attempts;
  /** Answered requests that wait to be settled, in order of their answer. */
  #waiting: Front[] = [];
  /** Requests left out at servers that have not shown to be gateways. */
  readonly #leftOut = new Map<string, number>();
  readonly #explanations = new Explanations();
  readonly #witness = new Witness();
  readonly #conclusions: Conclusions;

  constructor(options: IncidentOptions, emit: (incident: Incident) => void) {
    this.#options = options;
    this.#gateways = new Gateways(options.gateways);
    // Whoever was under way then may be who made it: as good as lost.
    const givenUp = (at: Nanos): void => this.loss(at, 1);
    this.#attempts = new Attempts(this.#gateways, this.#open, this.counters, givenUp);
    const { processes } = this.#witness;
    this.#conclusions = new Conclusions(this.#gateways, processes, this.counters, emit, options.watcher);
  }

  /** Requests that wait for their answer, and answered ones that wait to be settled. */
  get held(): number {
    return this.#fronts.size;
  }

  began(exchange: Exchange): void {
    if (exchange.request) this.asked(exchange);
    else this.#attempts.began(exchange);
    this.#witness.links.observe(exchange);
  }

  asked(exchange: Exchange): void {
    // What is told of a client comes after all that was done for it: an attempt of nobody.
    if (exchange.connection.untold === undefined) this.#attempts.asked(exchange);
    const { request, server } = exchange;
    const mayAnswer502 = exchange.protocol === 'http/1' || exchange.protocol === 'http/2';
    if (!request || !mayAnswer502 || !this.#gateways.mayForward(server)) return;
    const prefixes = this.#knowledge.habits.prefixesOf(this.#gateways.nameOf(server), request.host, request.target);
    const front = frontOf(exchange, prefixes);
    front.atPeer = this.#gateways.isPeer(server);
    this.#fronts.set(exchange.id, front);
    this.#open.add(front);
    if (this.#open.size > OPEN_LIMIT) this.#giveUpOldest();
  }

  requested(_exchange: Exchange): void {}

  responding(_exchange: Exchange): void {}

  responded(exchange: Exchange): void {
    const front = this.#fronts.get(exchange.id);
    const { response } = exchange;
    if (!front || !response || front.answered) return;
    if (isTold502(exchange)) this.counters.veiled--;
    this.#answered(front, response.start, response.status);
    // An attempt is not a request of its own, unless the peer is a gateway too.
    const { server } = exchange;
    const isAttempt = this.#attempts.uses.has(exchange.id) || this.#gateways.isPeer(server);
    if (!isAttempt || this.#gateways.isGateway(server)) this.counters.requests++;
  }

  closing(exchange: Exchange): void {
    this.#witness.links.observe(exchange);
    this.#attempts.closing(exchange);
  }

  ended(exchange: Exchange): void {
    this.#witness.links.observe(exchange);
    const front = this.#fronts.get(exchange.id);
    if (front && !front.answered && exchange.end) {
      // The client went away, or the gateway closed without a word: attempts made for it must still find their request.
      if (exchange.connection.untold === undefined) this.#answered(front, exchange.end.moment, 0);
      // What else was asked there, while the answer that is told was given, is told with its own answer.
      else this.#forget(front);
    }
    this.#attempts.ended(exchange);
    const { watcher } = this.#options;
    if (watcher && this.#gateways.isPeer(exchange.server)) watcher.attempted(exchange);
  }

  neighbourSilent(fact: NeighbourSilent): void {
    this.#explanations.neighbourSilent(fact);
  }

  resolved(answer: ResolverAnswer): void {
    this.#explanations.resolved(answer);
  }

  witnessed(event: KernelEvent): void {
    // Until its request turns out to be readable.
    if (event.kind === 'answered' && (isHidden502(event) || this.#witness.links.isVeiled(event)))
      this.counters.veiled++;
    if (event.kind === 'answered' && event.talk) this.#gateways.answersThere({ text: event.ends.local });
    this.#witness.witnessed(event);
  }

  loss(at: Nanos, count: number): void {
    this.#conclusions.loss(at, count);
  }

  /** Requests at a server that went well and were left out: whether it is a gateway may show later. */
  leftOut(at: Nanos, server: string, requests: number): void {
    if (this.#gateways.isGateway({ text: server })) this.counters.requests += requests;
    else if (this.#leftOut.has(server) || this.#leftOut.size < SERVERS_LEFT_OUT)
      this.#leftOut.set(server, (this.#leftOut.get(server) ?? 0) + requests);
    this.#countLeftOut();
    this.#conclusions.leftOut(at);
  }

  #countLeftOut(): void {
    for (const [text, requests] of this.#leftOut) {
      if (!this.#gateways.isGateway({ text })) continue;
      this.counters.requests += requests;
      this.#leftOut.delete(text);
    }
  }

  /** Endpoints that were seen to make attempts, at most `limit`. */
  gateways(limit: number): string[] {
    return this.#gateways.list(limit);
  }

  /** Capture time has come to `now`: settles what has waited long enough. */
  tick(now: Nanos): void {
    const first = this.#waiting[0];
    const { settle, settleWitnessed = settle } = this.#options;
    if (!first?.answered || first.answered.at > now - settleWitnessed) return;
    if (first.answered.at <= now - settle) this.#settle(now - settle / 2);
    else {
      const until = this.#witness.links.settledUntil(now, settleWitnessed, this.#waiting, this.#attempts.uses);
      if (until !== undefined) this.#settle(until);
    }
  }

  end(_at: Nanos): void {
    this.#settle(Number.POSITIVE_INFINITY);
    this.#countLeftOut();
  }

  #answered(front: Front, moment: { readonly at: Nanos; readonly frame: number }, status: number): void {
    if (status >= 500) this.#attempts.findHanging(front, moment.at);
    front.answered = moment;
    front.status = status;
    this.#open.remove(front);
    this.#witness.links.observeAnswer(front);
    this.#attempts.settlePlain(front);
    const good = front.uses.filter(isGoodAnswer).length;
    this.#attempts.check(front);
    this.#acts.observe(front);
    const asked = front.exchange.request?.head;
    if (status === 502 && asked) front.explanations = this.#explanations.of(asked, moment);
    const questioned = isQuestioned(front);
    const told = this.#witness.links.mayBeTied(front);
    const plain = status !== 502 && !questioned && good === front.uses.length && !told;
    if (!questioned) learnChain(front, this.#knowledge);
    if (plain) {
      this.#conclusions.observe(front);
      this.#drop(front);
    } else {
      this.#waiting.push(front);
      if (status === 502) this.#conclusions.early(front);
      if (this.#waiting.length > WAITING_LIMIT) this.#settle(moment.at);
    }
  }

  #settle(until: Nanos): void {
    const attempts = this.#attempts;
    for (const front of this.#waiting) {
      for (const use of front.uses) use.outcome = outcomeOf(use.exchange);
      front.atPeer = this.#gateways.isPeer(front.exchange.server);
    }
    const questioned = this.#witness.links.settle(this.#waiting, attempts.questioned(), attempts.uses);
    for (const front of this.#waiting) {
      if (!front.chain) continue;
      this.#explainWait(front, front.chain);
      attempts.learn(front);
    }
    for (const use of questioned) use.outcome = outcomeOf(use.exchange);
    const inQuestion = thoseToWeigh(questioned, this.#waiting);
    const turns = new Turns(this.#acts.around(inQuestion), requestsInQuestion(inQuestion, this.#waiting));
    const assignment = new Assignment(inQuestion, this.#waiting, this.#knowledge, turns);
    assignment.solve();
    const later = this.#waiting.findIndex((front) => (front.answered?.at ?? 0) > until);
    const settled = later < 0 ? this.#waiting : this.#waiting.slice(0, later);
    this.#waiting = later < 0 ? [] : this.#waiting.slice(later);
    for (const front of settled) {
      front.settled = true;
      if (isQuestioned(front)) learnChain(front, this.#knowledge);
      this.#conclusions.observe(front);
    }
    this.#conclusions.foresee(this.#fronts.values());
    for (const front of settled) this.#conclusions.conclude(front, assignment, questioned);
    attempts.keep(questioned);
    for (const front of settled) {
      close(front);
      this.#drop(front);
    }
  }

  /** The kernel told that no peer was tried: whoever was waited for may have been told of since. */
  #explainWait(front: Front, { links, direct }: Chain): void {
    const asked = front.exchange.request?.head;
    if (links.length > 0 || direct || !asked || !front.answered) return;
    front.explanations = this.#explanations.ofWait(asked, front.answered);
  }

  #drop(front: Front): void {
    this.#fronts.delete(front.exchange.id);
    this.#witness.links.forget(front);
    for (const use of front.uses) this.#attempts.uses.delete(use.exchange.id);
  }

  #forget(front: Front): void {
    this.#open.remove(front);
    this.#drop(front);
  }

  #giveUpOldest(): void {
    const { oldest } = this.#open;
    if (!oldest) return;
    this.#open.remove(oldest);
    this.#drop(oldest);
    this.counters.overLimit++;
    // Its attempts are anybody's now.
    this.loss(oldest.exchange.start.at, 1);
  }
}

/** The kernel tells what was asked inside TLS, and what was answered .. */
function isHidden502({ talk, status }: Answered): boolean {
  return talk !== undefined && status === 502;
}

/** .. which became this exchange. */
function isTold502({ connection, response }: Exchange): boolean {
  return connection.untold !== undefined && response?.status === 502;
}
