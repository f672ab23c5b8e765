/**
 * Requests that still wait for their answer, found by what an attempt carries of them: the downstream connection
 * (FastCGI, uwsgi and SCGI parameters), the client's own request id, the method and target, or a target that the gateway has rewritten.
 */
import { endpoint } from '../model/endpoint.ts';
import type { Exchange, RequestFacts } from '../model/exchange.ts';
import type { DownstreamIdentity } from '../model/message.ts';
import { outcomeOf } from '../model/outcome.ts';
import { CopiedFields } from './copied-fields.ts';
import type { Front, Use } from './front.ts';
import { requestIdOf } from './request-id.ts';

/** Open requests of one name past which it names nobody: looking at all of them for each attempt would take too long. */
export const NAMED_LIMIT = 512;

/** How an attempt names its request. */
export interface Naming {
  readonly fronts: readonly Front[];
  /**
   * `only`: the name admits no other open request. `free`: it admits others, but their fields say otherwise, or each of them
   * has an attempt under way, and a gateway makes the attempts of one request one after the other. `many`: several could be
   * meant.
   */
  readonly how: 'only' | 'free' | 'many' | 'none';
}

export class OpenFronts {
  readonly #copied = new CopiedFields();
  readonly #all = new Set<Front>();
  readonly #byTarget = new Map<string, Set<Front>>();
  readonly #byTail = new Map<string, Set<Front>>();
  readonly #byPath = new Map<string, Set<Front>>();
  readonly #byId = new Map<string, Set<Front>>();
  readonly #byClient = new Map<string, Set<Front>>();

  add(front: Front): void {
    const { request, client } = front.exchange;
    if (!request) return;
    this.#all.add(front);
    file(this.#byTarget, targetKey(request.method, request.target), front);
    file(this.#byTail, tailKey(request.method, request.target), front);
    file(this.#byPath, pathKey(request.target), front);
    file(this.#byClient, client.text, front);
    const id = requestIdOf(request);
    if (id !== undefined) file(this.#byId, id, front);
  }

  remove(front: Front): void {
    const { request, client } = front.exchange;
    if (!request || !this.#all.delete(front)) return;
    unfile(this.#byTarget, targetKey(request.method, request.target), front);
    unfile(this.#byTail, tailKey(request.method, request.target), front);
    unfile(this.#byPath, pathKey(request.target), front);
    unfile(this.#byClient, client.text, front);
    const id = requestIdOf(request);
    if (id !== undefined) unfile(this.#byId, id, front);
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
    if (!request) return { fronts: [], how: 'none' };
    const named = request.downstream && pick(this.#byClient.get(clientOf(request.downstream)), admissible);
    if (named && named.length > 0) {
      // One client connection has one request open at a time (HTTP/1.1); HTTP/2 has several: the target decides.
      const same = named.filter((front) => front.exchange.request?.target === request.target);
      return naming(same.length > 0 ? same : named);
    }
    const id = requestIdOf(request);
    const marked = id === undefined ? [] : pick(this.#byId.get(id), admissible);
    if (marked.length > 0) return naming(marked);
    const same = pick(this.#byTarget.get(targetKey(request.method, request.target)), admissible);
    if (same.length > 0) return this.#told(same, request);
    // A key knows no method, and is most often the path alone.
    if (attempt.protocol === 'memcached') return naming(pick(this.#byPath.get(pathKey(request.target)), admissible));
    const rewritten = pick(this.#byTail.get(tailKey(request.method, request.target)), admissible);
    const fronts = rewritten.length > 0 ? rewritten : pick(this.#byPath.get(pathKey(request.target)), admissible);
    return { fronts, how: fronts.length > 0 ? 'many' : 'none' };
  }

  /** Requests with the method and target of the attempt: its other fields may tell more. */
  #told(same: readonly Front[], attempt: RequestFacts): Naming {
    const [only] = same;
    if (same.length === 1 && only?.exchange.request)
      this.#copied.learn(only.exchange.server.text, only.exchange.request, attempt);
    if (same.length < 2) return naming(same);
    const agreeing = same.filter(
      ({ exchange }) => exchange.request && this.#copied.agrees(exchange.server.text, exchange.request, attempt),
    );
    const { fronts, how } = naming(agreeing.length > 0 ? agreeing : same);
    // What a gateway does not always do is no proof.
    return { fronts, how: how === 'only' ? 'free' : how };
  }
}

/**
 * A gateway makes the attempts of one request one after the other: a request whose attempt is under way is not meant. And a
 * server that so far only served attempts is meant only where no other is.
 */
function naming(fronts: readonly Front[]): Naming {
  if (fronts.length === 0) return { fronts, how: 'none' };
  if (fronts.length === 1) return { fronts, how: 'only' };
  const free = fronts.filter((front) => !front.uses.some(isUnderWay));
  const gateways = free.filter((front) => !front.atPeer);
  const meant = [gateways, free, fronts].find((group) => group.length > 0) ?? fronts;
  return { fronts: meant, how: meant.length === 1 ? 'free' : 'many' };
}

function isUnderWay(use: Use): boolean {
  return use.fixed && outcomeOf(use.exchange).is === 'open';
}

function clientOf({ clientAddress, clientPort }: DownstreamIdentity): string {
  return endpoint(clientAddress, clientPort).text;
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

/** The path alone: memcached keys and caches often leave out the query, and know no methods. */
function pathKey(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

function pick(fronts: Set<Front> | undefined, admissible: (front: Front) => boolean): Front[] {
  return fronts && fronts.size <= NAMED_LIMIT ? [...fronts].filter(admissible) : [];
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
