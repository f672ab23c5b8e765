/**
 * Rung *kernel*: ties attempts to requests by what the gateway's own thread did, one act after the other: it closed an
 * attempt, and wrote to a client. No guess: where that order says nothing, or contradicts what an attempt says of itself,
 * the other rungs decide.
 */

import type { Exchange } from '../../model/exchange.ts';
import type { Answered, AttemptEnded, Logged } from '../../model/kernel-event.ts';
import { outcomeOf } from '../../model/outcome.ts';
import { MILLISECOND, type Moment, type Nanos, NO_TIME } from '../../model/time.ts';
import { attach, type Chain, type ChainLink, detach, type Front, type Use, useOf } from '../front.ts';
import { keep } from '../kept.ts';
import { type Ending, Endings, EVENTS_KEPT, isInOrder } from './endings.ts';
import { isOfNoAttempt, isOfPeer, isOfRequest, isOfSubrequest, LoggedLines } from './logged-lines.ts';

/** Attempts of one request: as many as nginx has peers to try, and the retries of stale connections. */
const CHAIN_LIMIT = 64;
/** Requests of one connection that may be answered before an answer of the first one is told. */
const ANSWERED_KEPT = 8;
/**
 * An answer is told in the call that sends it, some probes before its packet and some behind it: for as long the thread may have
 * been off its processor in between, and with it a virtual machine its own.
 */
const ANSWER_TOLD_WITHIN: Nanos = 100 * MILLISECOND;
/** Between two looks at what was told meanwhile. */
const LOOK_AGAIN: Nanos = 50 * MILLISECOND;

/** An answer, and what was written into the error log right before it. */
interface Answer {
  readonly event: Answered;
  readonly logged: Logged | undefined;
}

export class KernelLinks {
  readonly #endings = new Endings();
  /** By the client's connection, in order. */
  readonly #answers = new Map<string, Answer[]>();
  readonly #lines = new LoggedLines();
  /** When the latest requests of each client's connection were answered, in order. */
  readonly #answered = new Map<string, Moment[]>();
  /** Attempts that named a request which is settled, by their exchange. */
  readonly #spent = new Map<number, true>();
  #witnessed = false;
  #lookedAt: Nanos = NO_TIME;

  began(): void {
    this.#witnessed = true;
  }

  ended(event: AttemptEnded): void {
    this.#endings.ended(event);
  }

  answered(event: Answered): void {
    const key = `${event.ends.local} ${event.ends.remote}`;
    const answers = this.#answers.get(key);
    const answer = { event, logged: this.#lines.take(event.socket) };
    if (answers) answers.push(answer);
    else keep(this.#answers, key, [answer], EVENTS_KEPT);
    if (answers && answers.length > CHAIN_LIMIT) answers.shift();
  }

  logged(event: Logged): void {
    this.#lines.logged(event);
  }

  /** An exchange begins, is closing or has ended: it may be an attempt that the kernel tells of. */
  observe(exchange: Exchange): void {
    if (this.#witnessed) this.#endings.observe(exchange);
  }

  /** The answer went into TLS, right after an attempt had ended: what was asked, and what was answered, cannot be read. */
  isVeiled(answered: Answered): boolean {
    const { ends, after, status } = answered;
    if (after === 0 || status !== 0 || !isInOrder(answered)) return false;
    return this.#endings.latestBetween(ends.remote, ends.local)?.protocol === 'tls';
  }

  /** A request was answered: one of the answers that the kernel tells of may be its own. */
  observeAnswer(front: Front): void {
    if (!this.#witnessed || !front.answered) return;
    const key = keyOf(front);
    const moments = this.#answered.get(key) ?? [];
    moments.push(front.answered);
    if (moments.length > ANSWERED_KEPT) moments.shift();
    keep(this.#answered, key, moments, EVENTS_KEPT);
  }

  /** The kernel told that attempts ended before an answer on this connection, which may be the one to this request. */
  mayBeTied(front: Front): boolean {
    const answers = this.#witnessed ? (this.#answers.get(keyOf(front)) ?? []) : [];
    return answers.some(({ event }) => event.after > 0 && isToldOf(event, front));
  }

  /** A request is settled: what was made for it by its own word was made for nobody else. */
  forget({ uses, chain }: Front): void {
    if (!this.#witnessed) return;
    for (const { ending } of chain?.links ?? []) this.#endings.spend(ending);
    for (const { named, exchange } of uses) if (named) keep(this.#spent, exchange.id, true, EVENTS_KEPT);
  }

  /** Ties what it can of these requests, for good; returns the attempts that are still open to question. */
  settle(waiting: readonly Front[], questioned: readonly Use[], uses: Map<number, Use>): readonly Use[] {
    if (!this.#witnessed) return questioned;
    for (const front of waiting) if (!front.chain && front.answered) this.#tie(front, uses);
    return questioned.filter((use) => {
      if (use.witnessed) return false;
      if (this.#isNobodys(use)) {
        if (!use.front) uses.delete(use.exchange.id);
        return false;
      }
      use.candidates = use.candidates.filter((front) => !front.chain);
      return true;
    });
  }

  /**
   * Ties what it can of requests that were answered `settle` ago; returns when the last of the leading ones was answered that
   * are beyond question now. Looks at times only: what is open to question is weighed anew after it.
   */
  settledUntil(now: Nanos, settle: Nanos, waiting: readonly Front[], uses: Map<number, Use>): Nanos | undefined {
    if (!this.#witnessed || now < this.#lookedAt + LOOK_AGAIN) return undefined;
    this.#lookedAt = now;
    let until: Nanos | undefined;
    for (const front of waiting) {
      if (!front.answered || front.answered.at > now - settle) break;
      if (!front.chain) this.#tie(front, uses);
      if (!front.chain?.whole) break;
      until = front.answered.at;
    }
    return until;
  }

  /** The kernel saw it end, and no answer come of it: its client had left, or its answer was nobody's (a mirror). */
  #isNobodys({ exchange, outcome }: Use): boolean {
    const ending = this.#endings.between(exchange);
    if (!ending || !isInOrder(ending) || outcome.is === 'open') return false;
    return ending.moment.frame > exchange.start.frame;
  }

  #tie(front: Front, uses: Map<number, Use>): void {
    const answer = this.#answerOf(front);
    if (!answer || !isInOrder(answer.event)) return;
    const chain = this.#chainOf(front, answer, uses);
    if (!chain || contradicts(front, chain)) return;
    if (chain.links.some(({ use }) => use && this.#spent.has(use.exchange.id))) return;
    front.chain = chain;
    for (const use of [...front.uses]) if (!use.fixed) detach(use);
    for (const { use } of chain.links) {
      if (!use) continue;
      if (use.front) detach(use);
      use.fixed = use.named = use.witnessed = true;
      uses.set(use.exchange.id, use);
      attach(front, use);
    }
  }

  /** What the kernel told of this answer; it is used once. */
  #answerOf(front: Front): Answer | undefined {
    const { answered } = front;
    const answers = this.#answers.get(keyOf(front));
    if (!answered || !answers) return undefined;
    const at = answers.findIndex(
      ({ event }) => isToldOf(event, front) && this.#nearest(front, answered, event.moment.at) === answered,
    );
    return at < 0 ? undefined : answers.splice(at, 1)[0];
  }

  /** Which answer of this connection was given closest to `at`. */
  #nearest(front: Front, answered: Moment, at: Nanos): Moment {
    const distance = (moment: Moment): Nanos => Math.abs(moment.at - at);
    const moments = this.#answered.get(keyOf(front)) ?? [];
    return moments.reduce((best, other) => (distance(other) < distance(best) ? other : best), answered);
  }

  #chainOf(front: Front, { event, logged: line }: Answer, uses: Map<number, Use>): Chain | undefined {
    const own = line && isOfRequest(line, front.exchange) && !isOfSubrequest(line) ? line : undefined;
    if (event.after === 0 || (own && isOfNoAttempt(own)))
      return { links: [], whole: true, direct: event.direct, logged: own };
    const links: ChainLink[] = [];
    let before = event.after;
    let then = event.moment;
    while (before > 0 && links.length < CHAIN_LIMIT) {
      const ending = this.#endings.of(before, then);
      // Lost, or older than the capture.
      if (!ending) break;
      // What the thread ended before may have been another request's: of HTTP/2 some acts are put off to the end of a turn.
      if (links.length > 0 && (ending.spent || wentWell(ending))) break;
      if (ending.spent) return undefined;
      const { event: ended } = ending;
      links.unshift({ ending: ended, use: this.#useOf(front, ending, uses), logged: this.#lineOf(front, ended) });
      before = ended.after;
      then = ended.moment;
    }
    const whole = before === 0 && links[0]?.ending.first === true;
    // Where there are two error logs, each gets the line.
    const logged = own?.line === links.at(-1)?.logged?.line ? undefined : own;
    return links.length > 0 ? { links, whole, direct: false, logged } : undefined;
  }

  #lineOf({ exchange }: Front, { socket, ends }: AttemptEnded): Logged | undefined {
    const line = this.#lines.of(socket);
    return line && isOfRequest(line, exchange) && (!ends || isOfPeer(line, ends.remote)) ? line : undefined;
  }

  #useOf(front: Front, { event: { ends }, exchange }: Ending, uses: Map<number, Use>): Use | undefined {
    if (!ends) return undefined;
    const own = front.uses.find((use) => use.exchange.client.text === ends.local && use.peer.text === ends.remote);
    if (own) return own;
    if (!exchange) return undefined;
    const use = uses.get(exchange.id) ?? useOf(exchange);
    use.outcome = outcomeOf(exchange);
    return use;
  }
}

/** Nobody goes on to the next peer after that. */
function wentWell({ exchange }: Ending): boolean {
  const outcome = exchange && outcomeOf(exchange);
  return outcome?.is === 'answered' && outcome.status < 400;
}

/** It may be told of this answer. */
function isToldOf({ moment, status: told }: Answered, { exchange, answered, status }: Front): boolean {
  const asked = exchange.request?.head;
  return (
    asked !== undefined &&
    answered !== undefined &&
    moment.frame > asked.frame &&
    Math.abs(moment.at - answered.at) <= ANSWER_TOLD_WITHIN &&
    (told === 0 || told === status)
  );
}

function keyOf({ exchange }: Front): string {
  return `${exchange.server.text} ${exchange.client.text}`;
}

/** An attempt names another request itself, or it began before this one was asked for: then something is amiss. */
function contradicts(front: Front, { links, whole }: Chain): boolean {
  const asked = front.exchange.request?.head.frame ?? 0;
  const amiss = links.some(
    ({ use }) => use && ((use.front && use.front !== front && use.named) || use.exchange.start.frame < asked),
  );
  return amiss || (whole && front.uses.some((use) => use.named && !links.some((link) => link.use === use)));
}
