/** One row of the lab: a location of nginx, the peers behind it, the load on it, and what packets may call its failures. */
import type { Cause } from '../../src/model/cause.ts';
import type { Peer } from './peers/peer.ts';

export type Method = 'GET' | 'POST';
export type VirtualHost = 'shop.example' | 'api.example';
export const VIRTUAL_HOSTS: readonly VirtualHost[] = ['shop.example', 'api.example'];

/** The peers of a scenario by role, as nginx writes them: `ADDR:PORT` or `unix:/path`; and the run's directory. */
export interface Places {
  /** Throws where the scenario has no such peer. */
  peer(role: string): string;
  readonly dir: string;
}

export interface Load {
  /** Relative to the other scenarios of the same half (healthy or not); 1 where absent. */
  readonly weight?: number;
  /** Drawn from, evenly; GET, GET, POST where absent. */
  readonly methods?: readonly Method[];
  /** Octets of a POST's body; 12 to 600 where absent. */
  readonly body?: { readonly min: number; readonly max: number };
  /** It waits for seconds: it gets slots of its own and this many requests a run, whatever the number of connections. */
  readonly slow?: number;
  /** The client closes its connection after so many milliseconds. */
  readonly abortMs?: number;
  /** The last segments of the target; `item`, `list`, ... where absent. */
  readonly words?: readonly string[];
  /** Sent on one client connection each, one request only. */
  readonly alone?: boolean;
}

/** A pool of kept-alive connections fails only by the race between an idle close and the next request. */
export const STALE = {
  'reset-before-response': 'stale-keepalive',
  'close-before-response': 'stale-keepalive',
} as const;

export interface Scenario {
  readonly name: string;
  /** One sentence: what goes wrong (or right), and how nginx takes it. */
  readonly about: string;
  /** Does the load count it to the healthy half? */
  readonly healthy?: boolean;
  /** Where its attempts go: packets can see `tcp` only. */
  readonly upstream: 'tcp' | 'unix' | 'none';
  /** The prefix of its location; `/<name>/` where absent. */
  readonly path?: string;
  /** Both where absent. */
  readonly hosts?: readonly VirtualHost[];
  /** Sent to the inner nginx directly, too. */
  readonly gateway?: 'outer' | 'inner' | 'both';
  readonly peers?: Readonly<Record<string, Peer>>;
  /** Upstream blocks and the like, at http level. */
  readonly http?: (at: Places) => string;
  /** What stands in the location; without it the scenario shares the location of another one. */
  readonly location?: (at: Places) => string;
  /** More locations of the same server. */
  readonly server?: (at: Places) => string;
  /** The inner nginx's location of the same path. */
  readonly inner?: (at: Places) => string;
  readonly load?: Load;
  /** Its no-live 502s have no failure before them that packets could show. */
  readonly rootless?: boolean;
  /** Its clients choose their own ports, so that they need none of the kernel's. */
  readonly ownPorts?: boolean;
  /** Only in runs that name it, and in recordings. */
  readonly optional?: boolean;
  /** How the peer's process ends a connection without an answer: the subcause of that, which only the kernel tells. */
  readonly subcause?: string;
  /** .. and connections that it has not accepted are reset with it: of a reset there are two ways. */
  readonly goesWithQueue?: true;
  /** What packets call the failure where the log has another or a wider word. */
  readonly wire?: Partial<Record<Cause, Cause>>;
  /** Its peers end a connection after they read what came: no race, as only the kernel knows. */
  readonly reads?: true;
  /** Other causes that are right as well, by the cause of the truth: real races, and what no packet can separate. */
  readonly acceptable?: Partial<Record<Cause, readonly Cause[]>>;
}

export function pathOf(scenario: Scenario): string {
  return scenario.path ?? `/${scenario.name}/`;
}
