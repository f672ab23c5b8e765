/**
 * Requests that still wait for their answer, found by what an attempt carries of them: the downstream connection
 * (FastCGI, uwsgi and SCGI parameters), the method and target, or a target that the gateway has rewritten.
 */
import type { Exchange } from '../model/exchange.ts';
import type { Front } from './front.ts';

/** How an attempt names its request. */
export interface Naming {
  readonly fronts: readonly Front[];
  /** The name admits no other open request. */
  readonly exact: boolean;
}

export class OpenFronts {
  readonly #all = new Set<Front>();
  readonly #byTarget = new Map<string, Set<Front>>();
  readonly #byTail = new Map<string, Set<Front>>();
  readonly #byClient = new Map<string, Set<Front>>();

  add(front: Front): void {
    const { request, client } = front.exchange;
    if (!request) return;
    this.#all.add(front);
    file(this.#byTarget, targetKey(request.method, request.target), front);
    file(this.#byTail, tailKey(request.method, request.target), front);
    file(this.#byClient, client.text, front);
  }

  remove(front: Front): void {
    const { request, client } = front.exchange;
    if (!request || !this.#all.delete(front)) return;
    unfile(this.#byTarget, targetKey(request.method, request.target), front);
    unfile(this.#byTail, tailKey(request.method, request.target), front);
    unfile(this.#byClient, client.text, front);
  }

  get all(): Iterable<Front> {
    return this.#all;
  }

  get size(): number {
    return this.#all.size;
  }

  /** The open requests that this attempt's own request could have been made for. */
  namedBy(attempt: Exchange, admissible: (front: Front) => boolean): Naming {
    const { request } = attempt;
    if (!request) return { fronts: [], exact: false };
    const { downstream } = request;
    if (downstream) {
      const text = downstream.clientAddress.includes(':')
        ? `[${downstream.clientAddress}]:${downstream.clientPort}`
        : `${downstream.clientAddress}:${downstream.clientPort}`;
      const fronts = pick(this.#byClient.get(text), admissible);
      // One client connection has one request open at a time (HTTP/1.1); HTTP/2 has several: the target decides.
      const same = fronts.filter((front) => front.exchange.request?.target === request.target);
      if (same.length === 1) return { fronts: same, exact: true };
      if (fronts.length > 0) return { fronts, exact: fronts.length === 1 };
    }
    const same = pick(this.#byTarget.get(targetKey(request.method, request.target)), admissible);
    if (same.length > 0) return { fronts: same, exact: same.length === 1 };
    return { fronts: pick(this.#byTail.get(tailKey(request.method, request.target)), admissible), exact: false };
  }
}

function targetKey(method: string, target: string): string {
  return `${method} ${target}`;
}

/** The last path segment and the query: what proxy_pass with a URI part, or a rewrite of the prefix, leaves alone. */
function tailKey(method: string, target: string): string {
  const query = target.indexOf('?');
  const slash = target.lastIndexOf('/', query < 0 ? target.length : query);
  return `${method} ${target.slice(slash + 1)}`;
}

function pick(fronts: Set<Front> | undefined, admissible: (front: Front) => boolean): Front[] {
  return fronts ? [...fronts].filter(admissible) : [];
}

function file(index: Map<string, Set<Front>>, key: string, front: Front): void {
  const fronts = index.get(key);
  if (fronts) fronts.add(front);
  else index.set(key, new Set([front]));
}

function unfile(index: Map<string, Set<Front>>, key: string, front: Front): void {
  const fronts = index.get(key);
  fronts?.delete(front);
  if (fronts?.size === 0) index.delete(key);
}
