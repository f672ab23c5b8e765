/** Gives every scripted peer its address: the same in the peers' processes, in nginx.conf and in the truth. */
import { join } from 'node:path';
import type { PeerAddress } from './peers/listen.ts';
import type { Peer } from './peers/peer.ts';
import { authority, FAR_ADDRESS, FAR_ADDRESS_6, FIRST_PEER_PORT } from './places.ts';
import type { Places, Scenario } from './scenario.ts';

export interface PlacedPeer {
  readonly scenario: string;
  readonly role: string;
  readonly peer: Peer;
  readonly address: PeerAddress;
}

const HOSTS = { local: '127.0.0.1', local6: '::1', far: FAR_ADDRESS, far6: FAR_ADDRESS_6 } as const;

/** Ports are given in the table's order, so pass the whole table always. */
export function placePeers(scenarios: readonly Scenario[], dir: string): readonly PlacedPeer[] {
  const placed: PlacedPeer[] = [];
  for (const scenario of scenarios)
    for (const [role, peer] of Object.entries(scenario.peers ?? {})) {
      const address: PeerAddress =
        peer.transport === 'unix'
          ? { path: join(dir, 'sock', `${scenario.name}.${role}.sock`) }
          : { host: HOSTS[peer.at ?? 'local'], port: peer.port ?? FIRST_PEER_PORT + placed.length };
      placed.push({ scenario: scenario.name, role, peer, address });
    }
  return placed;
}

/** A scenario's own view of the placed peers; `scenario/role` reaches another one's. */
export function placesFor(scenario: Scenario, placed: readonly PlacedPeer[], dir: string): Places {
  return {
    dir,
    peer(role) {
      const [owner, name] = role.includes('/') ? role.split('/') : [scenario.name, role];
      const found = placed.find((each) => each.scenario === owner && each.role === name);
      if (found === undefined) throw new Error(`scenario ${scenario.name} has no peer ${role}`);
      const { host, port, path } = found.address;
      return path === undefined ? authority(host ?? '', port ?? 0) : `unix:${path}`;
    },
  };
}
