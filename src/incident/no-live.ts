/**
 * Remembers the failures of each location's peers, to tell "no live upstreams" (a 502 for which nginx tried nobody because
 * max_fails had disabled every peer of the group, ngx_http_upstream_get_round_robin_peer) from a 502 that nothing explains.
 */
import type { NoLive } from '../model/incident.ts';
import { type Nanos, SECOND } from '../model/time.ts';
import { mayBeRetried } from './chain.ts';
import { type Front, failureOf, type Use } from './front.ts';
import type { Location } from './habits.ts';

/** A failure disables a peer for fail_timeout: 10 s by default. A longer one is rare, and nothing else is forgotten later. */
const FAIL_TIMEOUT_BELIEVED: Nanos = 60 * SECOND;
/** Locations remembered; the oldest goes first. */
export const LOCATION_LIMIT = 4096;
/** Peers remembered per location. */
const PEER_LIMIT = 64;

/** Attempts tied to a location by timing alone before its peer is believed to be one of the location's .. */
const BELIEVED_AFTER = 2;
/** .. and how rare they may be among the attempts at the peer in question: strays are rarer. */
const BELIEVED_SHARE = 1 / 2;
/** A location whose 502s come without an attempt so often, more often than not, has nobody left; one stray does not tell. */
const WITHOUT_BELIEVED_AFTER = 3;

interface PeerState {
  /** The latest failure: its incident or masked id, and when. */
  failure: { readonly id: string; readonly at: Nanos; readonly sure: boolean; readonly reused: boolean } | undefined;
  /** Requests of the location that were seen to try it, and whether one named it by itself. */
  tried: number;
  sure: boolean;
  /** Peers that one request tried besides this one: they are of one group. */
  readonly companions: Set<string>;
}

interface LocationState {
  readonly peers: Map<string, PeerState>;
  /** 502s for which no attempt was seen. */
  without: number;
}

export class PeerStates {
  readonly #locations = new Map<string, LocationState>();

  /** What the attempts of a settled request show of its location: which peers there are, and how they belong together. */
  observe(front: Front): void {
    for (const { key } of front.prefixes.locations) {
      const location = this.#stateOf(key);
      if (front.uses.length === 0 && front.status === 502) location.without++;
      for (const use of front.uses) {
        const state = peerOf(location, use);
        if (!state) continue;
        state.tried++;
        state.sure ||= use.fixed;
        for (const other of front.uses) if (other.peer.text !== use.peer.text) state.companions.add(other.peer.text);
      }
    }
  }

  /** Which of them failed, and when. `id` is the request's incident or masked id, if it has one. */
  failed(front: Front, id: string): void {
    for (const { key } of front.prefixes.locations) {
      const location = this.#stateOf(key);
      for (const use of front.uses) {
        const failure = failureOf(use);
        const state = failure && peerOf(location, use);
        if (state) state.failure = { id, at: failure.at, sure: use.fixed, reused: use.exchange.reused };
      }
    }
  }

  /**
   * Was nobody left to try? Each worker of nginx keeps its own account of its peers (unless they share a zone), so a peer
   * that answers others may still be down for this request: that each failed lately is what counts.
   */
  noLive(front: Front): NoLive | undefined {
    const last = front.uses.at(-1);
    if (last && !(failureOf(last) && mayBeRetried(front, last))) return undefined;
    for (const location of front.prefixes.locations) {
      const found = last ? this.#nobodyLeft(location, front) : this.#nobodyAtAll(location, front);
      if (found) return found;
    }
    return undefined;
  }

  /** After its last attempt, which failed: was a peer of the location left, that may have been considered down? */
  mayHaveOthers(front: Front): boolean {
    const last = front.uses.at(-1);
    if (!last || !failureOf(last) || !mayBeRetried(front, last)) return false;
    const tried = new Set(front.uses.map((use) => use.peer.text));
    return front.prefixes.locations.some(({ key }) => {
      const { peers } = this.#locations.get(key) ?? EMPTY;
      return [...peers.keys()].some((peer) => !tried.has(peer));
    });
  }

  /** No attempt was made, although the location has peers: all of them had failed within the time that disables them. */
  #nobodyAtAll({ key, whole }: Location, front: Front): NoLive | undefined {
    const { peers, without } = this.#locations.get(key) ?? EMPTY;
    const asked = front.exchange.request?.head.at ?? 0;
    const tries = [...peers.values()].reduce((sum, { tried }) => sum + tried, 0);
    // A group of one is never disabled (ngx_http_upstream_free_round_robin_peer), but one of two may have gone unseen.
    const known = [...peers.values()].some(({ sure, tried }) => sure || (peers.size > 1 && tried >= BELIEVED_AFTER));
    const seldomTried = known && without >= WITHOUT_BELIEVED_AFTER && without > tries;
    // .. unless the kernel told of every one.
    if (peers.size < (seldomTried && !front.chain ? 1 : 2)) return undefined;
    const chain: Failed[] = [];
    for (const [peer, { failure }] of peers) {
      if (!failure || asked - failure.at > FAIL_TIMEOUT_BELIEVED) return undefined;
      chain.push({ peer, ...failure });
    }
    // Peers of several locations below this one are no group, unless some request went from one to the other.
    const one = [...peers.values()].some(({ companions }) => companions.size > 0);
    return one || whole || seldomTried ? noLiveOf(chain) : undefined;
  }

  /** The last attempt failed in a way that nginx passes on, and still it did not try a peer that the location has. */
  #nobodyLeft({ key, whole }: Location, front: Front): NoLive | undefined {
    const tried = new Set(front.uses.map((use) => use.peer.text));
    const asked = front.exchange.request?.head.at ?? 0;
    const chain: Failed[] = [];
    const { peers } = this.#locations.get(key) ?? EMPTY;
    const most = Math.max(...[...tried].map((peer) => peers.get(peer)?.tried ?? 0));
    for (const [peer, state] of peers) {
      const believed = state.tried >= BELIEVED_AFTER && state.tried >= most * BELIEVED_SHARE;
      if (tried.has(peer) || !(state.sure || believed)) continue;
      if (!whole && !front.uses.some((use) => state.companions.has(use.peer.text))) continue;
      if (!state.failure || asked - state.failure.at > FAIL_TIMEOUT_BELIEVED) return undefined;
      chain.push({ peer, ...state.failure });
    }
    if (chain.length === 0 && !hasTriesLeft(front)) return undefined;
    return noLiveOf(chain);
  }

  #stateOf(key: string): LocationState {
    let state = this.#locations.get(key);
    if (!state) {
      state = { peers: new Map(), without: 0 };
      this.#locations.set(key, state);
      const oldest = this.#locations.size > LOCATION_LIMIT ? this.#locations.keys().next().value : undefined;
      if (oldest !== undefined) this.#locations.delete(oldest);
    }
    return state;
  }
}

function peerOf({ peers }: LocationState, use: Use): PeerState | undefined {
  if (use.outcome.is === 'open') return undefined;
  let state = peers.get(use.peer.text);
  if (!state && peers.size < PEER_LIMIT) {
    state = { failure: undefined, tried: 0, sure: false, companions: new Set() };
    peers.set(use.peer.text, state);
  }
  return state;
}

const EMPTY: LocationState = { peers: new Map(), without: 0 };

interface Failed {
  readonly peer: string;
  readonly id: string;
  readonly at: Nanos;
  readonly sure: boolean;
  readonly reused: boolean;
}

function noLiveOf(failures: Failed[]): NoLive {
  failures.sort((a, b) => a.at - b.at);
  return {
    chain: failures.map(({ peer, id, at }) => ({ id, peer, at })),
    sure: failures.every(({ sure }) => sure),
    afterStaleKeepalive: failures[0]?.reused ?? false,
  };
}

/** A kept-alive connection that fails earns one more try, which nobody is left for once all peers were tried. */
function hasTriesLeft({ uses }: Front): boolean {
  return uses.length > 1 && uses.some((use) => use.exchange.reused && use.outcome.is === 'failed');
}
