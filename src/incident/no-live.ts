/**
 * Remembers the failures of each location's peers, to tell "no live upstreams" (a 502 for which nginx tried nobody because
 * max_fails had disabled every peer of the group, ngx_http_upstream_get_round_robin_peer) from a 502 that nothing explains.
 */
import type { NoLive } from '../model/incident.ts';
import { outcomeOf } from '../model/outcome.ts';
import { type Nanos, SECOND } from '../model/time.ts';
import { type Front, failureOf } from './front.ts';
import { Recent } from './recent.ts';
import { mayBeRetried } from './timing/chain.ts';
import type { Location } from './timing/habits.ts';
import { triesOf } from './tries.ts';

/** A failure disables a peer for fail_timeout: 10 s by default. A longer one is rare, and nothing else is forgotten later. */
const FAIL_TIMEOUT_BELIEVED: Nanos = 60 * SECOND;
/** Locations remembered, of every host and depth; the one that was asked for longest ago goes first. */
export const LOCATION_LIMIT = 1 << 14;
/** Peers remembered per location. */
const PEER_LIMIT = 64;

/** Attempts tied to a location by timing alone before its peer is believed to be one of the location's .. */
const BELIEVED_AFTER = 2;
/** .. and how rare they may be among the attempts at the peer in question: strays are rarer. */
const BELIEVED_SHARE = 1 / 2;
/** A location whose 502s come without an attempt so often, more often than not, has nobody left; one stray does not tell. */
const WITHOUT_BELIEVED_AFTER = 3;

interface Failure {
  /** The number of the exchange whose attempt it was, for its incident or masked id. */
  readonly exchange: number;
  readonly at: Nanos;
  readonly frame: number;
  readonly sure: boolean;
  readonly reused: boolean;
}

interface PeerState {
  /** The latest one. */
  failure: Failure | undefined;
  /** Requests of the location that were seen to try it, and whether one named it by itself. */
  tried: number;
  sure: boolean;
  /** Peers that one request tried besides this one, or one whole location: they are of one group. */
  readonly companions: Set<string>;
}

interface LocationState {
  readonly peers: Map<string, PeerState>;
  /** 502s for which no attempt was seen. */
  without: number;
}

/** The incident or masked id of an exchange; empty where it has none, or none yet. */
export type IdOf = (exchange: number) => string;

/** A failure at a peer of a location, before it is time to know of it. */
interface Foreseen {
  readonly location: string;
  readonly peer: string;
  readonly failure: Failure;
}

export class PeerStates {
  readonly #locations = new Recent<LocationState>(LOCATION_LIMIT, () => ({ peers: new Map(), without: 0 }));
  /** Failures that the requests of this window met, in order, and the first of them that has not happened yet for those who ask. */
  #foreseen: Foreseen[] = [];
  #next = 0;

  /** What the attempts of a settled request show of its location: which peers there are, and how they belong together. */
  observe(front: Front): void {
    if (front.uses.length === 0 && !front.chain && front.status !== 502) return;
    const tries = triesOf(front);
    for (const { key, whole } of front.prefixes.locations) {
      const location = this.#locations.ask(key);
      if (tries.length === 0 && front.status === 502) location.without++;
      for (const each of tries) {
        const state = each.open ? undefined : peerOf(location, each.peer);
        if (!state) continue;
        const isNew = state.tried === 0 || (each.sure && !state.sure);
        state.tried++;
        state.sure ||= each.sure;
        for (const { peer } of tries) if (peer !== each.peer) state.companions.add(peer);
        if (whole && isNew) this.#introduce(location, front);
      }
    }
  }

  /** Peers that one whole location was seen to use are of one group, also for the directory above it. */
  #introduce({ peers }: LocationState, { prefixes }: Front): void {
    const group = [...peers].filter(([, { sure }]) => sure).map(([peer]) => peer);
    for (const { key } of prefixes.locations) {
      const location = this.#locations.ask(key);
      for (const one of group) {
        const state = peerOf(location, one);
        for (const other of group) if (other !== one) state?.companions.add(other);
      }
    }
  }

  /**
   * Which attempts failed, and when, of all requests that are under way or wait to be settled: a request that is answered
   * later may have met its failures earlier. Takes the place of what was foreseen before.
   */
  foresee(fronts: Iterable<Front>): void {
    this.#foreseen = [];
    this.#next = 0;
    for (const front of fronts) {
      for (const use of front.uses) if (use.outcome.is === 'open') use.outcome = outcomeOf(use.exchange);
      for (const { peer, failed, sure, reused } of triesOf(front)) {
        if (!failed || !(sure || front.settled)) continue;
        const failure = { exchange: front.exchange.id, at: failed.at, frame: failed.frame, sure, reused };
        for (const { key } of front.prefixes.locations) this.#foreseen.push({ location: key, peer, failure });
      }
    }
    this.#foreseen.sort((a, b) => a.failure.frame - b.failure.frame);
  }

  /** Everything that was foreseen up to this frame has happened now. */
  reach(until: number): void {
    for (; this.#next < this.#foreseen.length; this.#next++) {
      const { location, peer, failure } = this.#foreseen[this.#next] as Foreseen;
      if (failure.frame > until) return;
      const state = peerOf(this.#locations.ask(location), peer);
      if (state && !(state.failure && state.failure.frame > failure.frame)) state.failure = failure;
    }
  }

  /**
   * Was nobody left to try? Each worker of nginx keeps its own account of its peers (unless they share a zone), so a peer
   * that answers others may still be down for this request: that each failed lately is what counts.
   */
  noLive(front: Front, idOf: IdOf): NoLive | undefined {
    const last = front.uses.at(-1);
    if (last && !(failureOf(last) && mayBeRetried(front, last))) return undefined;
    for (const location of front.prefixes.locations) {
      const found = last ? this.#nobodyLeft(location, front) : this.#nobodyAtAll(location, front);
      if (found) return noLiveOf(found, idOf, front);
    }
    return undefined;
  }

  /** After its last attempt, which failed: was a peer of the location left, that may have been considered down? */
  mayHaveOthers(front: Front): boolean {
    const last = front.uses.at(-1);
    if (!last || !failureOf(last) || !mayBeRetried(front, last)) return false;
    const tried = new Set(front.uses.map((use) => use.peer.text));
    // Also a peer that only another location below the same directory was seen to try: early on, that is all one knows.
    return front.prefixes.locations.some(({ key }) => {
      const { peers } = this.#locations.get(key) ?? EMPTY;
      return [...peers.keys()].some((peer) => !tried.has(peer));
    });
  }

  /** No attempt was made, although the location has peers: all of them had failed within the time that disables them. */
  #nobodyAtAll({ key, whole }: Location, front: Front): Failed[] | undefined {
    const { peers, without } = this.#locations.get(key) ?? EMPTY;
    const asked = front.exchange.request?.head.at ?? 0;
    const tries = [...peers.values()].reduce((sum, { tried }) => sum + tried, 0);
    // A group of one is never disabled (ngx_http_upstream_free_round_robin_peer), but one of two may have gone unseen.
    const known = [...peers.values()].some(({ sure, tried }) => sure || (peers.size > 1 && tried >= BELIEVED_AFTER));
    const seldomTried = known && without >= WITHOUT_BELIEVED_AFTER && without > tries;
    const most = Math.max(...[...peers.values()].map(({ tried }) => tried));
    const chain: Failed[] = [];
    for (const [peer, { failure, sure, tried }] of peers) {
      if (failure && asked - failure.at <= FAIL_TIMEOUT_BELIEVED) chain.push({ peer, ...failure });
      else if (sure || tried >= most * BELIEVED_SHARE) return undefined;
    }
    // .. unless the kernel told of every one.
    if (chain.length < (seldomTried && !front.chain ? 1 : 2)) return undefined;
    // Peers of several locations below this one are no group, unless some request went from one to the other.
    const one = [...peers.values()].some(({ companions }) => companions.size > 0);
    return one || whole || seldomTried ? chain : undefined;
  }

  /** The last attempt failed in a way that nginx passes on, and still it did not try a peer that the location has. */
  #nobodyLeft({ key, whole }: Location, front: Front): Failed[] | undefined {
    const tried = new Set(front.uses.map((use) => use.peer.text));
    const asked = front.exchange.request?.head.at ?? 0;
    const chain: Failed[] = [];
    const { peers } = this.#locations.get(key) ?? EMPTY;
    const most = Math.max(...[...tried].map((peer) => peers.get(peer)?.tried ?? 0));
    for (const [peer, state] of peers) {
      const believed = state.tried >= BELIEVED_AFTER && state.tried >= most * BELIEVED_SHARE;
      if (tried.has(peer) || !(state.sure || believed)) continue;
      if (!whole && !meets(tried, state.companions)) continue;
      if (!state.failure || asked - state.failure.at > FAIL_TIMEOUT_BELIEVED) return undefined;
      chain.push({ peer, ...state.failure });
    }
    if (chain.length === 0 && !hasTriesLeft(front)) return undefined;
    return chain;
  }
}

function peerOf({ peers }: LocationState, peer: string): PeerState | undefined {
  let state = peers.get(peer);
  if (!state && peers.size < PEER_LIMIT) {
    state = { failure: undefined, tried: 0, sure: false, companions: new Set() };
    peers.set(peer, state);
  }
  return state;
}

function meets(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const each of some) if (others.has(each)) return true;
  return false;
}

const EMPTY: LocationState = { peers: new Map(), without: 0 };

interface Failed extends Failure {
  readonly peer: string;
}

function noLiveOf(failures: Failed[], idOf: IdOf, { uses }: Front): NoLive {
  failures.sort((a, b) => a.frame - b.frame);
  return {
    chain: failures.map(({ peer, exchange, at, frame, reused }) => ({
      id: idOf(exchange),
      peer,
      moment: { at, frame },
      reused,
    })),
    sure: failures.every(({ sure }) => sure),
    afterStaleKeepalive: failures[0]?.reused ?? uses[0]?.exchange.reused ?? false,
  };
}

/**
 * A kept-alive connection that fails earns one more try, which nobody is left for once all peers were tried. A group of one
 * has it with the same peer again, and is never without (ngx_http_upstream_get_round_robin_peer).
 */
function hasTriesLeft({ uses }: Front): boolean {
  const peers = new Set(uses.map(({ peer }) => peer.text));
  return peers.size > 1 && uses.some((use) => use.exchange.reused && use.outcome.is === 'failed');
}
