/** The two facets of an exchange here: a request at a gateway (`Front`), and a try of a gateway at a peer (`Use`). */
import type { Endpoint } from '../model/endpoint.ts';
import type { Exchange } from '../model/exchange.ts';
import type { AttemptEnded, Logged } from '../model/kernel-event.ts';
import { type Outcome, outcomeOf } from '../model/outcome.ts';
import type { Moment } from '../model/time.ts';
import type { Explanation } from './explanations.ts';
import type { Place } from './list.ts';
import type { Prefixes } from './timing/habits.ts';

/** An exchange seen as a request that a gateway may serve by making attempts. */
export interface Front {
  readonly exchange: Exchange;
  readonly prefixes: Prefixes;
  /** First octet of the final response; `undefined` while the client waits. */
  answered: Moment | undefined;
  status: number;
  /** Its server has only been seen to serve attempts: it would be news if it made some. */
  atPeer: boolean;
  /** What else than an attempt on a connection may explain its 502, and which of them is believed to, if any. */
  explanations: readonly Explanation[];
  explanation: Explanation | undefined;
  /** The first 502s of its location in the window under question for which no attempt is known; bounded. */
  firstQuiet: readonly Front[];
  /** Attempts tied to it so far, in order of their start. */
  readonly uses: Use[];
  /** How many attempts whose request is open to question could be its own. */
  questions: number;
  /** Those of them that show a request, and the one, while there is only one. */
  claims: number;
  claim: Use | undefined;
  /** Attempts that could be its own and were given to a settled request, by timing alone; the latest ones. */
  givenAway: readonly Tried[];
  /** Where it stands among the open ones: by the number of each index, and after those in the list of all (`open-fronts.ts`). */
  readonly places: (Place<Front> | undefined)[];
  /** What the kernel saw the gateway do for it, from then on beyond question. */
  chain: Chain | undefined;
  /** Its verdict has been given: nothing about it may change any more. */
  settled: boolean;
}

/** One attempt as the gateway's thread ended it, and its connection where the capture holds it. */
export interface ChainLink {
  readonly ending: AttemptEnded;
  readonly use: Use | undefined;
  /** What the thread wrote about it into its error log. */
  readonly logged: Logged | undefined;
}

/** What the kernel saw a gateway's thread do for one request. */
export interface Chain {
  /** Its attempts in order; empty: it made none. */
  readonly links: readonly ChainLink[];
  /** The first one is known to be the first. */
  readonly whole: boolean;
  /** Of none: the answer was made in the turn in which the client's octets were read, without asking anybody anything. */
  readonly direct: boolean;
  /** What the thread wrote into its error log right before the answer, after all of them. */
  readonly logged: Logged | undefined;
}

/** What was tried, and how it ended, without whose it could have been: to keep one of these keeps no request. */
export interface Tried {
  readonly exchange: Exchange;
  /** As read when a window was solved last. */
  readonly outcome: Outcome;
}

/** An exchange seen as an attempt that some gateway made. */
export interface Use {
  readonly exchange: Exchange;
  readonly peer: Endpoint;
  /** Whose it is, is settled: it is never moved. */
  fixed: boolean;
  /** It went well, and nobody else could have been served by it: not worth a search. */
  plain: boolean;
  /** Its request names the front and no other open one. */
  named: boolean;
  /** The kernel saw whose it is. */
  witnessed: boolean;
  front: Front | undefined;
  /** Fronts it could belong to, best first; empty for a fixed one. */
  candidates: readonly Front[];
  /** Those of them that are looked at in the window that is solved, likeliest first. */
  likely: readonly Front[];
  /** How it ended, as read when the window is solved. */
  outcome: Outcome;
}

const NO_EXPLANATIONS: readonly Explanation[] = [];
const NO_FRONTS: readonly Front[] = [];
const NONE_TRIED: readonly Tried[] = [];

export function frontOf(exchange: Exchange, prefixes: Prefixes): Front {
  return {
    exchange,
    prefixes,
    answered: undefined,
    status: 0,
    atPeer: false,
    explanations: NO_EXPLANATIONS,
    explanation: undefined,
    firstQuiet: NO_FRONTS,
    uses: [],
    questions: 0,
    claims: 0,
    claim: undefined,
    givenAway: NONE_TRIED,
    places: [undefined, undefined, undefined, undefined, undefined, undefined],
    chain: undefined,
    settled: false,
  };
}

export function useOf(exchange: Exchange): Use {
  return {
    exchange,
    peer: exchange.server,
    fixed: false,
    plain: false,
    named: false,
    witnessed: false,
    front: undefined,
    candidates: NO_FRONTS,
    likely: NO_FRONTS,
    outcome: outcomeOf(exchange),
  };
}

/** When the gateway could have started an attempt for it: after the request, or after its head where it streams the body. */
export function askedBefore(front: Front, start: Moment): Moment | undefined {
  const request = front.exchange.request;
  if (!request) return undefined;
  if (request.end && request.end.frame <= start.frame) return request.end;
  return request.head.frame <= start.frame ? request.head : undefined;
}

/** When the gateway knew that the attempt was over without an answer; `undefined` while it was not. */
export function failureOf(use: Use): Moment | undefined {
  const { outcome } = use;
  return outcome.is === 'answered' || outcome.is === 'unseen' || outcome.is === 'open' ? undefined : outcome.moment;
}

/** The gateway's own close of a connection that had failed: its last act before it turns to the next peer or the client. */
export function closeAfter(use: Use, failure: Moment): Moment | undefined {
  const close = use.exchange.clientClose;
  return close && close.frame > failure.frame ? close : undefined;
}

/** Could it have been made for `front`, by the order of frames alone? */
export function fits(front: Front, { exchange, outcome }: Tried): boolean {
  if (front.exchange.connection === exchange.connection) return false;
  if (!askedBefore(front, exchange.start)) return false;
  const { answered } = front;
  if (!answered) return true;
  const end = outcome.is === 'open' ? exchange.start : outcome.moment;
  return end.frame <= answered.frame;
}

/** May what is believed of it still change? */
export function isQuestioned({ questions, explanations }: Front): boolean {
  return questions > 0 || explanations.length > 0;
}

/** Nothing about it may change any more: whoever keeps it keeps its attempts, but not all who could have made them. */
export function close(front: Front): void {
  front.firstQuiet = NO_FRONTS;
  for (const use of front.uses) {
    use.candidates = NO_FRONTS;
    use.likely = NO_FRONTS;
  }
}

/** Puts a use into its place among the front's, by start. */
export function attach(front: Front, use: Use): void {
  let at = front.uses.length;
  while (at > 0 && (front.uses[at - 1]?.exchange.start.frame ?? 0) > use.exchange.start.frame) at--;
  front.uses.splice(at, 0, use);
  use.front = front;
}

export function detach(use: Use): void {
  const uses = use.front?.uses;
  if (uses) uses.splice(uses.indexOf(use), 1);
  use.front = undefined;
}

/** Where the uses that start after `frame` begin, in a list that is in order of start. */
export function firstAfter(uses: readonly Use[], frame: number): number {
  let low = 0;
  let high = uses.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((uses[middle]?.exchange.start.frame ?? 0) <= frame) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As things stand now: it was answered, and not by a 502 that a later attempt may hide. */
export function isGoodAnswer(use: Use): boolean {
  use.outcome = outcomeOf(use.exchange);
  return use.outcome.is === 'answered' && use.outcome.status !== 502;
}
