/** The gateways of this machine: those that the user named, as endpoints, and those that are known by their names. */
import { networkInterfaces } from 'node:os';
import type { GatewayAt } from '../sinks/gateways-text.ts';
import { safeName } from '../sinks/safe-text.ts';
import { type Listener, listeners, listenersOf, reachableAt } from '../sources/machine/listeners.ts';
import type { UsageError } from './command.ts';
import type { GatewayWish } from './live-options.ts';

/** Programs that pass requests on, by the names of their processes. Others are found in the traffic all the same. */
const KNOWN: readonly string[] = [
  ...['nginx', 'openresty', 'angie', 'haproxy', 'envoy', 'apache2', 'httpd', 'caddy', 'traefik', 'varnishd'],
  ...['lighttpd', 'h2o', 'squid', 'pound'],
];
/** Listeners told of in one line. */
const TOLD = 8;

/** Endpoints at which clients reach what the user named. Reads `/proc`: to be called while this is still root. */
export function namedGateways(
  wishes: readonly GatewayWish[],
  all: () => readonly Listener[] = listeners,
  root = process.getuid?.() === 0,
): readonly string[] | UsageError {
  const endpoints: string[] = [];
  let known: readonly Listener[] | undefined;
  for (const wish of wishes) {
    if ('endpoint' in wish) {
      endpoints.push(wish.endpoint);
      continue;
    }
    known ??= all();
    const found = listenersOf(known, wish.process);
    if (found.length === 0) {
      return {
        wrong: `--gateway ${wish.process}: no process of that name or id listens here`,
        remedy: remedyOf(known, root),
      };
    }
    const addresses = addressesHere();
    endpoints.push(...found.flatMap((listener) => reachableAt(listener, addresses)));
  }
  return [...new Set(endpoints)];
}

function remedyOf(all: readonly Listener[], root: boolean): string {
  const names = [...new Set(all.flatMap(({ processes }) => processes.map(({ name }) => safeName(name))))];
  if (all.length === 0) return 'Nothing listens here. Start it first, or name its address, as in 10.0.0.1:80.';
  if (names.length === 0) {
    if (root) return 'Those that do are in another container: name an address, as in 10.0.0.1:80.';
    return 'Whose listeners they are is told to root only: sudo why502';
  }
  return `Those that do: ${names.slice(0, TOLD).join(', ')}.`;
}

/** A listener of a program that is known to be a gateway. */
export interface KnownGateway extends GatewayAt {
  /** The endpoints at which clients reach it: several where it listens at every address. */
  readonly reachable: readonly string[];
}

/** Reads `/proc`, as above. */
export function knownGateways(
  all: readonly Listener[] = listeners(),
  addresses: readonly string[] = addressesHere(),
): KnownGateway[] {
  // By address: each worker may have a listener of its own there (SO_REUSEPORT).
  const known = new Map<string, KnownGateway>();
  for (const listener of KNOWN.flatMap((name) => listenersOf(all, name))) {
    const at = listener.at.text;
    if (!known.has(at)) known.set(at, { at, who: whoOf(listener), reachable: reachableAt(listener, addresses) });
  }
  return [...known.values()];
}

/** Who listens at each endpoint. Reads `/proc`, as above. */
export function listening(all: readonly Listener[], addresses = addressesHere()): Map<string, string> {
  const words = new Map<string, string>();
  for (const listener of all) {
    const who = whoOf(listener);
    if (who !== '') for (const endpoint of reachableAt(listener, addresses)) words.set(endpoint, who);
  }
  return words;
}

/** `node 4711`, `nginx 812 +4` (that many more processes); empty where it is not ours to see. */
function whoOf({ processes: [first, ...more] }: Listener): string {
  if (!first) return '';
  return `${safeName(first.name)} ${first.pid}${more.length > 0 ? ` +${more.length}` : ''}`;
}

function addressesHere(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
}
