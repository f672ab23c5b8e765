/**
 * Requests that still wait for their answer, found by what an attempt carries of them: the downstream connection
 * (FastCGI, uwsgi and SCGI parameters), the client's own request id, the method and target, or a target that the gateway has rewritten.
 */
import { type Endpoint, endpoint } from '../../model/endpoint.ts';
import type { Exchange, RequestFacts } from '../../model/exchange.ts';
import type { DownstreamIdentity } from '../../model/message.ts';
import { outcomeOf } from '../../model/outcome.ts';
import type { Front, Use } from '../front.ts';
import { List } from '../list.ts';
import { CopiedFields } from './copied-fields.ts';
import { FrontIndex } from './front-index.ts';
import { requestIdOf } from './request-id.ts';

/** Open requests of one name past which it names nobody: looking at all of them for each attempt would take too long. */
export const NAMED_LIMIT = 512;

/** Servers with open requests that are asked one by one whether an attempt may be theirs: a gateway and its peers. */
const SERVERS_LOOKED_AT = 32;

/** Where a front keeps its place in the list of all open ones, after those in each index. */
const ALL = 5;
const NOBODY: readonly Front[] = [];

interface OpenAt {
  readonly server: Endpoint;
  count: number;
}

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
  readonly #all = new List<Front>();
  readonly #byTarget = new FrontIndex(0, ({ exchange }) => exchange.request && targetKey(exchange.request));
  readonly #byTail = new FrontIndex(1, ({ exchange }) => exchange.request && tailKey(exchange.request));
  readonly #byPath = new FrontIndex(2, ({ exchange }) => exchange.request && pathKey(exchange.request));
  readonly #byId = new FrontIndex(3, ({ exchange }) => exchange.request && requestIdOf(exchange.request));
  readonly #byClient = new FrontIndex(4, ({ exchange }) => exchange.client.text);
  readonly #indexes = [this.#byTarget, this.#byTail, this.#byPath, this.#byId, this.#byClient];
  /** How many are open at each server. */
  readonly #servers = new Map<string, OpenAt>();

  add(front: Front): void {
    const { request, server } = front.exchange;
    if (!request) return;
    front.places[ALL] = this.#all.add(front);
    const at = this.#servers.get(server.text);
    if (at) at.count++;
    else this.#servers.set(server.text, { server, count: 1 });
    for (const index of this.#indexes) index.add(front, this.#all.size);
  }

  remove(front: Front): void {
    const { server } = front.exchange;
    const place = front.places[ALL];
    if (!place) return;
    front.places[ALL] = undefined;
    this.#all.remove(place);
    const at = this.#servers.get(server.text);
    if (at && --at.count === 0) this.#servers.delete(server.text);
    for (const index of this.#indexes) index.remove(front);
  }

  /** Is a request open at a server that is `admissible`? Where they are many, that is not looked into. */
  isOpenAt(admissible: (server: Endpoint) => boolean): boolean {
    if (this.#servers.size > SERVERS_LOOKED_AT) return true;
    for (const { server } of this.#servers.values()) if (admissible(server)) return true;
    return false;
  }

  /** Of all, those who began to wait first first. */
  filter(admissible: (front: Front) => boolean): Front[] {
    return this.#all.filter(admissible);
  }

  /** Who began to wait first. */
  get oldest(): Front | undefined {
    return this.#all.first;
  }

  get size(): number {
    return this.#all.size;
  }

  /** The open requests that this attempt's own request could have been made for. */
  namedBy(attempt: Exchange, admissible: (front: Front) => boolean): Naming {
    const { request } = attempt;
    if (!request) return { fronts: [], how: 'none' };
    const named = request.downstream && this.#pick(this.#byClient, clientOf(request.downstream), admissible);
    if (named && named.length > 0) {
      // One client connection has one request open at a time (HTTP/1.1); HTTP/2 has several: the target decides.
      const same = named.filter((front) => front.exchange.request?.target === request.target);
      return naming(same.length > 0 ? same : named);
    }
    const id = requestIdOf(request);
    const marked = id === undefined ? [] : this.#pick(this.#byId, id, admissible);
    if (marked.length > 0) return naming(marked);
    const same = this.#pick(this.#byTarget, targetKey(request), admissible);
    if (same.length > 0) return this.#told(same, request);
    // A key knows no method, and is most often the path alone.
    if (attempt.protocol === 'memcached') return naming(this.#pick(this.#byPath, pathKey(request), admissible));
    const rewritten = this.#pick(this.#byTail, tailKey(request), admissible);
    const fronts = rewritten.length > 0 ? rewritten : this.#pick(this.#byPath, pathKey(request), admissible);
    return { fronts, how: fronts.length > 0 ? 'many' : 'none' };
  }

  #pick(index: FrontIndex, key: string, admissible: (front: Front) => boolean): readonly Front[] {
    const fronts = index.of(key, this.#all);
    return fronts && fronts.size > 0 && fronts.size <= NAMED_LIMIT ? fronts.filter(admissible) : NOBODY;
  }

  /** Requests with the method and target of the attempt: its other fields may tell more. */
  #told(same: readonly Front[], attempt: RequestFacts): Naming {
    const only = same[0];
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

/** What comes first in a key: nothing for the usual method, so that a target need not be copied to be a key. */
function methodKey(method: string): string {
  return method === 'GET' ? '' : `${method}\n`;
}

function targetKey({ method, target }: RequestFacts): string {
  return methodKey(method) + target;
}

/** The last path segment and the query: what proxy_pass with a URI part, or a rewrite of the prefix, leaves alone. */
function tailKey({ method, target }: RequestFacts): string {
  const query = target.indexOf('?');
  const slash = target.lastIndexOf('/', query < 0 ? target.length : query);
  return methodKey(method) + target.slice(slash + 1);
}

/** The path alone: memcached keys and caches often leave out the query, and know no methods. */
function pathKey({ target }: RequestFacts): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}
