/** Which protocol octets belong to, and who says them: the registry's protocols are asked, one proof decides. */
import { type Direction, opposite } from '../model/connection.ts';
import type { Octets } from '../model/octets.ts';
import type { Protocol, Recognition } from './protocol.ts';

export interface Found {
  readonly protocol: Protocol;
  readonly clientDirection: Direction;
}

/**
 * Judges octets that were sent in `direction`. `sure`: `forward` is known to be the client's; else both roles are tried,
 * the guessed one first. `last`: no more octets will come to decide between two that fit.
 */
export function judge(
  protocols: readonly Protocol[],
  octets: Octets,
  direction: Direction,
  sure: boolean,
  last: boolean,
): Found | 'no' | 'more' {
  const role = direction === 'forward' ? 'client' : 'server';
  const guessed = inRole(protocols, octets, role, last);
  if (typeof guessed === 'object') return { protocol: guessed, clientDirection: 'forward' };
  if (sure) return guessed;
  const other = inRole(protocols, octets, role === 'client' ? 'server' : 'client', last);
  if (typeof other === 'object') return { protocol: other, clientDirection: opposite('forward') };
  return guessed === 'more' || other === 'more' ? 'more' : 'no';
}

function inRole(
  protocols: readonly Protocol[],
  octets: Octets,
  role: 'client' | 'server',
  last: boolean,
): Protocol | 'no' | 'more' {
  let found: Protocol | undefined;
  let open = false;
  for (const protocol of protocols) {
    const fits: Recognition = protocol[role](octets);
    if (fits === 'more') open = true;
    if (fits !== 'yes') continue;
    // Two proofs: more octets may refute one of them; without more, the earlier one wins.
    if (found && !last) return 'more';
    found ??= protocol;
  }
  return found ?? (open ? 'more' : 'no');
}
