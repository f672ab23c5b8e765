/** The gateways of this machine: those that the user named, as endpoints, and those that are known by their names. */
import { networkInterfaces } from 'node:os';
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

/** Who is known to be a gateway and where it listens: `nginx 127.0.0.1:80, [::]:443`. */
export function knownGateways(all: readonly Listener[] = listeners()): string[] {
  return KNOWN.flatMap((name) => {
    const found = [...new Set(listenersOf(all, name).map(({ at }) => at.text))];
    const more = found.length > TOLD ? ` and ${found.length - TOLD} more` : '';
    return found.length === 0 ? [] : [`${name} ${found.slice(0, TOLD).join(', ')}${more}`];
  });
}

/** Who listens at each endpoint: `node 4711`, `nginx 812 +4` (that many more). Reads `/proc`, as above. */
export function listening(all: readonly Listener[], addresses = addressesHere()): Map<string, string> {
  const words = new Map<string, string>();
  for (const listener of all) {
    const [first] = listener.processes;
    if (!first) continue;
    const more = listener.processes.length - 1;
    const who = `${safeName(first.name)} ${first.pid}${more > 0 ? ` +${more}` : ''}`;
    for (const endpoint of reachableAt(listener, addresses)) words.set(endpoint, who);
  }
  return words;
}

function addressesHere(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
}
