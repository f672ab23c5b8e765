/** What is known of the tries that a gateway made for a request, with packets or without: at whom, and when they failed. */
import type { Moment } from '../model/time.ts';
import { type Front, failureOf, type Use } from './front.ts';

export interface Try {
  readonly peer: string;
  /** It is under way. */
  readonly open: boolean;
  readonly failed: Moment | undefined;
  /** Whose it is, is settled. */
  readonly sure: boolean;
  readonly reused: boolean;
}

/** In order; those that left no packets (unix sockets) where the kernel told of them. */
export function triesOf({ uses, chain }: Front): readonly Try[] {
  const tries = uses.map(tryOf);
  for (const { ending, use } of chain?.links ?? []) {
    if (use || !ending.ends) continue;
    const failed = ending.errno > 0 || ending.byPeer ? ending.moment : undefined;
    tries.push({ peer: ending.ends.remote, open: false, failed, sure: true, reused: ending.reused });
  }
  return tries;
}

function tryOf(use: Use): Try {
  const { peer, outcome, fixed, exchange } = use;
  return { peer: peer.text, open: outcome.is === 'open', failed: failureOf(use), sure: fixed, reused: exchange.reused };
}
