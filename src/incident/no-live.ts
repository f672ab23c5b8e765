/**
 * Remembers the failures of each location's peers, to tell "no live upstreams" (a 502 for which nginx tried nobody because
 * max_fails had disabled every peer of the group, ngx_http_upstream_get_round_robin_peer) from a 502 that nothing explains.
 */
import type { NoLive } from '../model/incident.ts';
import { type Nanos, SECOND } from '../model/time.ts';
import { mayBeRetried } from './chain.ts';
import { type Front, failureOf } from './front.ts';
import type { Prefixes } from './habits.ts';

/** A failure disables a peer for fail_timeout: 10 s by default. A longer one is rare, and nothing else is forgotten later. */
const FAIL_TIMEOUT_BELIEVED: Nanos = 60 * SECOND;
/** Locations remembered; the oldest goes first. */
export const LOCATION_LIMIT = 4096;
/** Peers remembered per location. */
const PEER_LIMIT = 64;

interface PeerState {
  readonly id: string;
  readonly at: Nanos;
  readonly failed: boolean;
  readonly sure: boolean;
  readonly reused: boolean;
  /** Requests of the location that were seen to try it. */
  readonly tried: number;
}

export class PeerStates {
  readonly #locations = new Map<string, Map<string, PeerState>>();

  /** What the attempts of a settled request showed of their peers. `id` is its incident or masked id, if it has one. */
  learn(front: Front, id: string): void {
    for (const key of locationsOf(front.prefixes)) {
      const peers = this.#peersOf(key);
      for (const use of front.uses) {
        const { outcome } = use;
        if (outcome.is === 'open' || (peers.size >= PEER_LIMIT && !peers.has(use.peer.text))) continue;
        const failed = outcome.is !== 'answered';
        const tried = (peers.get(use.peer.text)?.tried ?? 0) + 1;
        const { reused } = use.exchange;
        peers.set(use.peer.text, { id, at: outcome.moment.at, failed, sure: use.fixed, reused, tried });
      }
    }
  }

  /**
   * Was nobody left to try? Either every peer known for the location was down when the request came, or its own last
   * attempt failed in a way that nginx passes on to the next peer, and all those were down.
   */
  noLive(front: Front): NoLive | undefined {
    const last = front.uses.at(-1);
    if (last && !(failureOf(last) && mayBeRetried(front, last))) return undefined;
    for (const key of locationsOf(front.prefixes)) {
      const found = this.#noLiveIn(key, front);
      if (found) return found;
    }
    return undefined;
  }

  #noLiveIn(key: string, front: Front): NoLive | undefined {
    const peers = this.#locations.get(key);
    const asked = front.exchange.request?.head.at;
    if (!peers || asked === undefined) return undefined;
    const tried = new Set(front.uses.map((use) => use.peer.text));
    const down: [string, PeerState][] = [];
    for (const [peer, state] of peers) {
      if (tried.has(peer)) continue;
      // One attempt tied by timing may be somebody else's: not enough to contradict an attempt that was seen.
      if (tried.size > 0 && !state.sure && state.tried < 2) return undefined;
      if (!state.failed || asked - state.at > FAIL_TIMEOUT_BELIEVED) return undefined;
      down.push([peer, state]);
    }
    // A group of one is never disabled (ngx_http_upstream_free_round_robin_peer).
    if (down.length + tried.size < 2 || (down.length === 0 && !hasTriesLeft(front))) return undefined;
    down.sort(([, a], [, b]) => a.at - b.at);
    return {
      chain: down.map(([peer, { id, at }]) => ({ id, peer, at })),
      sure: down.every(([, { sure }]) => sure),
      afterStaleKeepalive: down[0]?.[1].reused ?? front.uses[0]?.exchange.reused ?? false,
    };
  }

  #peersOf(key: string): Map<string, PeerState> {
    let peers = this.#locations.get(key);
    if (!peers) {
      peers = new Map();
      this.#locations.set(key, peers);
      const oldest = this.#locations.size > LOCATION_LIMIT ? this.#locations.keys().next().value : undefined;
      if (oldest !== undefined) this.#locations.delete(oldest);
    }
    return peers;
  }
}

/** A kept-alive connection that fails earns one more try, which nobody is left for once all peers were tried. */
function hasTriesLeft({ uses }: Front): boolean {
  return uses.length > 1 && uses.some((use) => use.exchange.reused && use.outcome.is === 'failed');
}

/** The prefixes that may name one group of peers: all but the whole gateway, longest first. */
function locationsOf({ keys }: Prefixes): readonly string[] {
  return keys.slice(0, -1);
}
