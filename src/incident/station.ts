/**
 * Ties attempts to the requests they were made for, and tells of every request that ended in a 502 or that hid a failure:
 * the station's face. One pass, bounded: what is known of a request is kept until it is settled, then forgotten. A little long,
 * because all that can happen to an exchange comes in here, a method each; what is decided then, is decided elsewhere.
 */
import type { HostSink, NeighbourSilent, ResolverAnswer } from '../model/connection.ts';
import type { Exchange, ExchangeSink } from '../model/exchange.ts';
import type { Incident, IncidentWatcher } from '../model/incident.ts';
import type { KernelEvent, KernelSink } from '../model/kernel-event.ts';
import { outcomeOf } from '../model/outcome.ts';
import type { Nanos } from '../model/time.ts';
import { Acts } from './acts.ts';
import { Assignment } from './assignment.ts';
import type { Knowledge } from './chain.ts';
import { Conclusions } from './conclude.ts';
import type { IncidentCounters } from './counters.ts';
import { Gaps } from './densities.ts';
import { Explanations } from './explanations.ts';
import { attach, type Chain, detach, type Front, fits, frontOf, isGoodAnswer, type Use, useOf } from './front.ts';
import { Gateways } from './gateways.ts';
import { Habits } from './habits.ts';
import { learnChain } from './lessons.ts';
import { type Naming, OpenFronts } from './open-fronts.ts';
import { Turns } from './turns.ts';
import { isHanging, isHiddenFailure } from './uses.ts';
import { Witness } from './witness.ts';

/** Requests waiting for their answer at once; the longest waiting goes first. */
export const OPEN_LIMIT = 100_000;
/** Answered requests that wait to be settled; past it they are settled early. */
export const WAITING_LIMIT = 50_000;
/** Attempts of one window whose request is open to question; past it the oldest stay unclaimed. */
export const USE_LIMIT = 20_000;
/** Requests that one attempt may be weighed against. */
export const CANDIDATE_LIMIT = 256;

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
  readonly counters: IncidentCounters = { requests: 0, incidents: 0, masked: 0, unclaimed: 0, overLimit: 0 };
  readonly #options: IncidentOptions;
  readonly #gateways: Gateways;
  readonly #knowledge: Knowledge = { gaps: new Gaps(), habits: new Habits() };
  readonly #acts = new Acts();
  readonly #open = new OpenFronts();
  /** By the exchange's number. */
  readonly #fronts = new Map<number, Front>();
  readonly #uses = new Map<number, Use>();
  /** Connections whose SYN has no answer yet, oldest first. */
  readonly #connecting = new Set<Exchange>();
  /** Attempts open to question, in order of their start. */
  #questioned: Use[] = [];
  /** Answered requests that wait to be settled, in order of their answer. */
  #waiting: Front[] = [];
  readonly #explanations = new Explanations();
  readonly #witness = new Witness();
  readonly #conclusions: Conclusions;

  constructor(options: IncidentOptions, emit: (incident: Incident) => void) {
    this.#options = options;
    this.#gateways = new Gateways(options.gateways);
    const { processes } = this.#witness;
    this.#conclusions = new Conclusions(this.#gateways, processes, this.counters, emit, options.watcher);
  }

  began(exchange: Exchange): void {
    if (exchange.request) this.asked(exchange);
    else if (exchange.connection.syn) this.#connecting.add(exchange);
    this.#witness.links.observe(exchange);
  }

  asked(exchange: Exchange): void {
    this.#connecting.delete(exchange);
    this.#findFront(exchange);
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
    this.#answered(front, response.start, response.status);
    // An attempt is not a request of its own, unless the peer is a gateway too.
    if (!this.#uses.has(exchange.id) || this.#gateways.isGateway(exchange.server)) this.counters.requests++;
  }

  closing(exchange: Exchange): void {
    this.#witness.links.observe(exchange);
    this.#question(exchange);
  }

  ended(exchange: Exchange): void {
    this.#witness.links.observe(exchange);
    this.#connecting.delete(exchange);
    const front = this.#fronts.get(exchange.id);
    // The client went away, or the gateway closed without a word: attempts made for it must still find their request.
    if (front && !front.answered && exchange.end) this.#answered(front, exchange.end.moment, 0);
    if (exchange.end?.how !== 'forgotten') this.#question(exchange);
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
    this.#witness.witnessed(event);
  }

  loss(at: Nanos, count: number): void {
    this.#conclusions.loss(at, count);
  }

  /** Requests at a server that went well and were left out. */
  leftOut(at: Nanos, server: string, requests: number): void {
    if (this.#gateways.isGateway({ text: server })) this.counters.requests += requests;
    this.#conclusions.leftOut(at);
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
      const until = this.#witness.links.settledUntil(now, settleWitnessed, this.#waiting, this.#uses);
      if (until !== undefined) this.#settle(until);
    }
  }

  end(_at: Nanos): void {
    this.#settle(Number.POSITIVE_INFINITY);
  }

  /** An attempt that shows its request: finds whose it is. */
  #findFront(exchange: Exchange): void {
    if (!this.#open.isOpenAt((server) => this.#gateways.mayMake(server, exchange.server))) return;
    const elsewhere = (front: Front): boolean => this.#gateways.couldMake(front, exchange);
    const naming = this.#open.namedBy(
      exchange,
      (front) => elsewhere(front) && this.#gateways.couldHaveSent(front, exchange),
    );
    const [only] = naming.fronts;
    if (!only) {
      this.#suspect(exchange, this.#open.namedBy(exchange, elsewhere));
      return;
    }
    // A gateway that nobody was seen to forward to has clients of its own: only a name without rivals tells another story.
    if (naming.how !== 'only' && !this.#gateways.mayServe(exchange.server)) return;
    const use = useOf(exchange);
    this.#uses.set(exchange.id, use);
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
    if (this.#uses.has(exchange.id) || !isHiddenFailure(exchange) || !this.#gateways.mayServe(exchange.server)) return;
    this.#askAround(useOf(exchange));
  }

  #askAround(use: Use): void {
    const candidates: Front[] = [];
    for (const front of this.#open.all) {
      if (!fits(front, use) || !this.#gateways.couldMake(front, use.exchange)) continue;
      if (this.#gateways.mayComeFrom(front.exchange.server, use.exchange.client)) candidates.push(front);
    }
    this.#uses.set(use.exchange.id, use);
    this.#enquire(use, candidates);
  }

  #enquire(use: Use, candidates: readonly Front[]): void {
    // Those who began to wait last are the likeliest.
    use.candidates = candidates.slice(-CANDIDATE_LIMIT);
    if (use.candidates.length === 0) {
      this.counters.unclaimed++;
      this.#uses.delete(use.exchange.id);
      return;
    }
    for (const front of use.candidates) front.questioned = true;
    this.#questioned.push(use);
    if (this.#questioned.length <= USE_LIMIT) return;
    this.counters.overLimit++;
    const oldest = this.#questioned.shift();
    if (oldest) this.#uses.delete(oldest.exchange.id);
  }

  #answered(front: Front, moment: { readonly at: Nanos; readonly frame: number }, status: number): void {
    if (status >= 500) this.#findHanging(front, moment.at);
    front.answered = moment;
    front.status = status;
    this.#open.remove(front);
    this.#witness.links.observeAnswer(front);
    const good = front.uses.filter(isGoodAnswer).length;
    this.#checkFixed(front);
    this.#acts.observe(front);
    const asked = front.exchange.request?.head;
    if (status === 502 && asked) front.explanations = this.#explanations.of(asked, moment);
    if (front.explanations.length > 0) front.questioned = true;
    const plain = status !== 502 && !front.questioned && good === front.uses.length;
    if (!front.questioned) learnChain(front, this.#knowledge);
    if (plain) {
      this.#conclusions.observe(front);
      this.#drop(front);
    } else {
      this.#waiting.push(front);
      if (status === 502) this.#conclusions.early(front);
      if (this.#waiting.length > WAITING_LIMIT) this.#settle(moment.at);
    }
  }

  /** An answer does not come before the attempt that it is made of: one still under way was given to the wrong request. */
  #checkFixed(front: Front): void {
    for (const use of [...front.uses]) {
      if (!use.fixed) continue;
      if (use.outcome.is !== 'open') this.#gateways.learn(front.exchange.server, use.peer, use.exchange.client);
      else if (!use.named) detach(use);
    }
  }

  /** Attempts whose SYN nobody answered, begun while this request waited. */
  #findHanging(front: Front, now: Nanos): void {
    for (const exchange of this.#connecting) {
      if (exchange.connection.synAck) this.#connecting.delete(exchange);
      else if (!isHanging(exchange, now)) return;
      else if (!this.#uses.has(exchange.id) && this.#gateways.mayServe(exchange.server)) {
        const use = useOf(exchange);
        if (fits(front, use)) this.#askAround(use);
      }
    }
  }

  #settle(until: Nanos): void {
    this.#questioned.sort((a, b) => a.exchange.start.frame - b.exchange.start.frame);
    for (const front of this.#waiting) {
      for (const use of front.uses) use.outcome = outcomeOf(use.exchange);
      front.atPeer = this.#gateways.isPeer(front.exchange.server);
    }
    this.#questioned = this.#witness.links.settle(this.#waiting, this.#questioned, this.#uses);
    for (const front of this.#waiting) if (front.chain) this.#explainWait(front, front.chain);
    for (const use of this.#questioned) use.outcome = outcomeOf(use.exchange);
    const turns = new Turns(this.#acts.around(this.#questioned));
    const assignment = new Assignment(this.#questioned, this.#waiting, this.#knowledge, turns);
    assignment.solve();
    const later = this.#waiting.findIndex((front) => (front.answered?.at ?? 0) > until);
    const settled = later < 0 ? this.#waiting : this.#waiting.slice(0, later);
    this.#waiting = later < 0 ? [] : this.#waiting.slice(later);
    for (const front of settled) {
      front.settled = true;
      if (front.questioned) learnChain(front, this.#knowledge);
      this.#conclusions.observe(front);
    }
    this.#conclusions.foresee(this.#fronts.values());
    for (const front of settled) {
      this.#conclusions.conclude(front, assignment, this.#questioned);
      this.#drop(front);
    }
    this.#questioned = this.#questioned.filter((use) => this.#isOpenToQuestion(use));
  }

  /** The kernel told that no peer was tried: whoever was waited for may have been told of since. */
  #explainWait(front: Front, { links, direct }: Chain): void {
    const asked = front.exchange.request?.head;
    if (links.length > 0 || direct || !asked || !front.answered) return;
    front.explanations = this.#explanations.ofWait(asked, front.answered);
  }

  #isOpenToQuestion(use: Use): boolean {
    if (use.front?.settled) return false;
    if (use.candidates.some((front) => !front.settled)) return true;
    this.counters.unclaimed++;
    this.#uses.delete(use.exchange.id);
    return false;
  }

  #drop(front: Front): void {
    this.#fronts.delete(front.exchange.id);
    for (const use of front.uses) this.#uses.delete(use.exchange.id);
  }

  #giveUpOldest(): void {
    for (const front of this.#open.all) {
      this.#open.remove(front);
      this.#drop(front);
      this.counters.overLimit++;
      return;
    }
  }
}
