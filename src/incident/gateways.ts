/**
 * Which endpoints are gateways, which are their peers, and from which addresses a gateway reaches its peers: learned from
 * attempts whose request names the one they were made for. No configuration is needed; `--gateway` narrows.
 */
import type { Endpoint } from '../model/endpoint.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Front } from './front.ts';

/** Endpoints remembered; a capture of a whole data centre has fewer servers than this. */
export const ENDPOINT_LIMIT = 20_000;
/**
 * Different targets that connections from an address repeat while they are open at the gateway, before the address is
 * believed to be the gateway's too. One target could be a health check that somebody sends to many servers at once.
 */
const SOURCE_BELIEVED_AFTER = 3;

/** Source addresses watched per gateway. */
const SOURCE_LIMIT = 64;

interface Role {
  /** Requests at this endpoint that an attempt elsewhere was made for. */
  forwarded: number;
  /** Attempts of gateways at this endpoint. */
  served: number;
  /** Addresses that its attempts may come from: each with the targets it repeated, until it is believed. */
  readonly sources: Map<string, Set<string>>;
}

export class Gateways {
  readonly #configured: ReadonlySet<string>;
  readonly #roles = new Map<string, Role>();
  readonly #names = new Map<string, string>();
  /** Port, source address and peer of attempts -> the name of the gateway that was first seen to make them. */
  readonly #ways = new Map<string, string>();

  /** Attempts seen from one server to the other, by their names: from, to. */
  readonly #seen = new Map<string, Map<string, number>>();
  #directions = 0;

  /** @param configured endpoints as printed (`127.0.0.1:80`); none: every endpoint that behaves like a gateway is one */
  constructor(configured: readonly string[]) {
    this.#configured = new Set(configured);
  }

  /** May requests at this endpoint be followed to attempts elsewhere at all? */
  mayForward(server: Endpoint): boolean {
    return this.#configured.size === 0 || this.#configured.has(server.text);
  }

  /** Does this endpoint behave like a peer: it serves attempts, and none was ever seen to be made for its requests? */
  isPeer(server: Endpoint): boolean {
    const role = this.#roles.get(server.text);
    return role !== undefined && role.served > 0 && role.forwarded === 0 && !this.#configured.has(server.text);
  }

  /** Was an attempt ever seen to be made for a request at this endpoint? */
  isGateway(server: Pick<Endpoint, 'text'>): boolean {
    return (this.#roles.get(server.text)?.forwarded ?? 0) > 0;
  }

  /** Endpoints at which requests were forwarded, at most `limit`. */
  list(limit: number): string[] {
    const names: string[] = [];
    for (const [name, { forwarded }] of this.#roles) if (forwarded > 0 && names.length < limit) names.push(name);
    return names;
  }

  /**
   * One name for all the addresses that a gateway listens on: the same port, and either both on loopback, or attempts at the
   * same peer from the same address. Habits are the gateway's, not the address's.
   */
  nameOf(server: Endpoint): string {
    const known = this.#names.get(server.text);
    if (known !== undefined) return known;
    if (!isLoopback(server)) return server.text;
    const name = `loopback:${server.port}`;
    if (this.#names.size < ENDPOINT_LIMIT) this.#names.set(server.text, name);
    return name;
  }

  /** Could a connection to this endpoint be a gateway's attempt, as far as the endpoint goes? */
  mayServe(server: Endpoint): boolean {
    const role = this.#roles.get(server.text);
    if (role && role.served > 0) return true;
    return !this.#configured.has(server.text) && !(role && role.forwarded > 0);
  }

  /** Could this connection be an attempt that the front's server makes? Not at itself, whichever of its addresses was used. */
  couldMake(front: Front, { server, connection }: Exchange): boolean {
    return front.exchange.connection !== connection && this.mayMake(front.exchange.server, server);
  }

  /** Does it come from where the front's gateway reaches its peers? */
  couldHaveSent(front: Front, exchange: Exchange): boolean {
    if (wasSaidBefore(exchange, front)) return false;
    return this.mayComeFrom(front.exchange.server, exchange.client) || isNamedIn(exchange, front);
  }

  /**
   * Could a connection from `client` be an attempt of the gateway that listens at `gateway`? A capture with loopback
   * traffic was made on the gateway's own host: there, any of the host's addresses may be the source.
   */
  mayComeFrom(gateway: Endpoint, client: Endpoint): boolean {
    if (client.address.startsWith('unix:')) return true;
    if (gateway.address === client.address || isLoopback(gateway) || isLoopback(client)) return true;
    return (this.#roles.get(gateway.text)?.sources.get(client.address)?.size ?? 0) >= SOURCE_BELIEVED_AFTER;
  }

  /**
   * Could `gateway` make an attempt at `peer`? Two servers do not make attempts at each other, but where targets repeat, a
   * client's request looks like an attempt of any server that has the same one open: the commoner direction is believed.
   */
  mayMake(gateway: Endpoint, peer: Endpoint): boolean {
    if (gateway.text === peer.text) return false;
    const from = this.nameOf(gateway);
    const to = this.nameOf(peer);
    if (from === to) return false;
    const back = this.#timesSeen(to, from);
    return back === 0 || back <= this.#timesSeen(from, to);
  }

  #timesSeen(from: string, to: string): number {
    return this.#seen.get(from)?.get(to) ?? 0;
  }

  /** A connection from `client` carried a request that was open at `gateway` and nowhere else. */
  suspect(gateway: Endpoint, client: Endpoint, target: string): void {
    const sources = this.#roleOf(gateway)?.sources;
    if (!sources) return;
    const targets = sources.get(client.address);
    if (!targets && sources.size < SOURCE_LIMIT) sources.set(client.address, new Set([target]));
    else if (targets && targets.size < SOURCE_BELIEVED_AFTER) targets.add(target);
  }

  /** A request at `gateway` was answered, and an attempt named by its own request was made for it, from `client`. */
  learn(gateway: Endpoint, peer: Endpoint, client: Endpoint): void {
    if (!isLoopback(gateway) && !this.#names.has(gateway.text))
      this.#learnName(gateway, `${gateway.port} ${client.address} ${peer.text}`);
    const role = this.#roleOf(gateway);
    const served = this.#roleOf(peer);
    if (!role || !served) return;
    role.forwarded++;
    served.served++;
    this.#count(gateway, peer, role, served);
  }

  /** The kernel saw a gateway's own thread answer there, inside TLS: whoever connects to it is a client. */
  answersThere(server: Pick<Endpoint, 'text'>): void {
    const role = this.#roleOf(server);
    if (role) role.forwarded ||= 1;
  }

  /** Counts the direction; what was learned of the other one is taken back once it is the rarer. */
  #count(gateway: Endpoint, peer: Endpoint, role: Role, served: Role): void {
    const from = this.nameOf(gateway);
    const to = this.nameOf(peer);
    const count = this.#timesSeen(from, to) + 1;
    if (count > 1 || this.#directions < ENDPOINT_LIMIT) this.#see(from, to, count);
    const back = this.#timesSeen(to, from);
    if (back === 0 || count <= back) return;
    this.#seen.get(to)?.delete(from);
    this.#directions--;
    served.forwarded = Math.max(0, served.forwarded - back);
    role.served = Math.max(0, role.served - back);
  }

  #see(from: string, to: string, count: number): void {
    const peers = this.#seen.get(from) ?? new Map<string, number>();
    if (count === 1) {
      this.#directions++;
      this.#seen.set(from, peers);
    }
    peers.set(to, count);
  }

  #learnName(gateway: Endpoint, way: string): void {
    const name = this.#ways.get(way) ?? gateway.text;
    if (this.#ways.size < ENDPOINT_LIMIT) this.#ways.set(way, name);
    if (this.#names.size < ENDPOINT_LIMIT) this.#names.set(gateway.text, name);
  }

  #roleOf(server: Pick<Endpoint, 'text'>): Role | undefined {
    let role = this.#roles.get(server.text);
    if (!role && this.#roles.size < ENDPOINT_LIMIT) {
      role = { forwarded: 0, served: 0, sources: new Map() };
      this.#roles.set(server.text, role);
    }
    return role;
  }
}

function isLoopback({ address }: Endpoint): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** What is said on a unix socket is told after it is over: perhaps when the client's next request is there already. */
function wasSaidBefore({ connection, request }: Exchange, front: Front): boolean {
  const asked = front.exchange.request?.start;
  return connection.transport === 'unix' && request !== undefined && asked !== undefined && request.start.at < asked.at;
}

/** The attempt's own parameters name the gateway's listening address: proof enough of where it came from. */
function isNamedIn(exchange: Exchange, front: Front): boolean {
  const downstream = exchange.request?.downstream;
  const { server } = front.exchange;
  return (
    downstream !== undefined && downstream.serverAddress === server.address && downstream.serverPort === server.port
  );
}
