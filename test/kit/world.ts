/**
 * A stage for playbooks: clients, a gateway and its peers act at given milliseconds, and the stations from `exchange/` on
 * see what a capture would have shown of it. Acts are methods; time moves with `at`.
 */
import { ExchangePairing } from '../../src/exchange/pair.ts';
import { type IncidentOptions, IncidentStation } from '../../src/incident/station.ts';
import type { Connection, Direction, Refusal, StreamFacts } from '../../src/model/connection.ts';
import { type Endpoint, endpoint } from '../../src/model/endpoint.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { Dialogue, DownstreamIdentity, Field, Message, ProtocolName } from '../../src/model/message.ts';
import { MILLISECOND, type Moment } from '../../src/model/time.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is said in a message besides where and when. */
type Saying = Message extends infer M ? (M extends Message ? Omit<M, 'dialogue' | 'moment'> : never) : never;

export class Wire {
  readonly world: World;
  readonly connection: Mutable<Omit<Connection, Direction>> & Record<Direction, Mutable<StreamFacts>>;
  dialogue: Dialogue | undefined;

  constructor(world: World, id: number, client: Endpoint, server: Endpoint) {
    this.world = world;
    const first = world.moment();
    this.connection = {
      id,
      transport: 'tcp',
      active: client,
      passive: server,
      midstream: false,
      first,
      last: first,
      syn: first,
      syns: 1,
      lastSyn: first,
      synAck: undefined,
      established: undefined,
      refusal: undefined,
      forward: stream(),
      reverse: stream(),
      incomplete: false,
    };
    world.pairing.opened(this.connection, first);
  }

  accept(): this {
    const moment = this.world.moment();
    this.connection.synAck = moment;
    this.connection.established = moment;
    return this;
  }

  refuse(how: Refusal['how'] = 'rst'): void {
    const moment = this.world.moment();
    this.connection.refusal =
      how === 'rst' ? { how, moment } : { how, version: 4, code: 3, reporter: this.connection.passive.address, moment };
    this.world.pairing.refused(this.connection, moment);
    this.world.pairing.forgotten(this.connection, 'closed', moment.at);
  }

  /** The client asks: head and end of a request in one frame. */
  ask(target: string, { method = 'GET', protocol = 'http/1', downstream, fields = [] }: AskOptions = {}): this {
    this.speak(protocol);
    this.connection.forward.octets += 100;
    const start = this.world.moment();
    const head = { method, target, version: 'HTTP/1.1', host: 'shop.example', fields, headOctets: 100 };
    this.say({ kind: 'request-head', requestId: 0, start, mayBearId: true, downstream, ...head }, start);
    this.say({ kind: 'request-end', requestId: 0, octets: 100 }, start);
    return this;
  }

  answer(status: number): this {
    const moment = this.world.moment();
    this.connection.reverse.octets += 80;
    this.say({ kind: 'response-start', requestId: 0 }, moment);
    const head = { interim: false, version: 'HTTP/1.1', fields: [], headOctets: 80 };
    this.say({ kind: 'response-head', requestId: 0, status, ...head }, moment);
    this.say({ kind: 'response-end', requestId: 0, how: 'complete', octets: 80, bodyOctets: 0 }, moment);
    return this;
  }

  speak(protocol: ProtocolName): this {
    if (!this.dialogue) {
      const { connection } = this;
      const ends = { client: connection.active, server: connection.passive, proxied: undefined };
      this.dialogue = { connection, protocol, clientDirection: 'forward', ...ends };
      this.world.pairing.recognised(this.dialogue, this.world.moment());
    }
    return this;
  }

  say(saying: Saying, moment: Moment = this.world.moment()): this {
    if (!this.dialogue) throw new Error('nobody has spoken yet');
    this.world.pairing.message({ ...saying, dialogue: this.dialogue, moment } as Message);
    return this;
  }

  fin(direction: Direction): this {
    this.world.pairing.finished(this.connection, direction, this.world.moment());
    return this;
  }

  reset(direction: Direction): this {
    this.world.pairing.reset(this.connection, direction, this.world.moment());
    return this;
  }
}

export interface AskOptions {
  readonly method?: string;
  readonly protocol?: ProtocolName;
  readonly downstream?: DownstreamIdentity | undefined;
  readonly fields?: readonly Field[];
}

export class World {
  readonly incidents: Incident[] = [];
  readonly station: IncidentStation;
  readonly pairing: ExchangePairing;
  readonly gateway: Endpoint;
  #now = 0;
  #frame = 0;
  #connections = 0;
  #port = 40_000;

  constructor(options: Partial<IncidentOptions> & { readonly gateway?: Endpoint } = {}) {
    this.gateway = options.gateway ?? endpoint('10.0.0.1', 80);
    const settle = options.settle ?? 250 * MILLISECOND;
    this.station = new IncidentStation({ gateways: options.gateways ?? [], settle }, (incident) =>
      this.incidents.push(incident),
    );
    this.pairing = new ExchangePairing(this.station);
  }

  /** It is now `ms` milliseconds after the start. */
  at(ms: number): this {
    this.#now = ms * MILLISECOND;
    this.station.tick(this.#now);
    return this;
  }

  moment(): Moment {
    return { at: this.#now, frame: ++this.#frame };
  }

  /** A client connects to the gateway and asks. */
  client(target: string, options: AskOptions = {}): Wire {
    return this.open(endpoint('203.0.113.9', this.#port++), this.gateway)
      .accept()
      .ask(target, options);
  }

  /** The gateway sends a SYN to a peer. */
  attempt(peer: string): Wire {
    const [address = '', port = '0'] = peer.split(':');
    return this.open(endpoint(this.gateway.address, this.#port++), endpoint(address, Number(port)));
  }

  open(client: Endpoint, server: Endpoint): Wire {
    return new Wire(this, ++this.#connections, client, server);
  }

  end(): readonly Incident[] {
    this.station.end(this.#now);
    return this.incidents;
  }
}

function stream(): Mutable<StreamFacts> {
  return {
    octets: 0,
    position: 0,
    firstOctet: undefined,
    lastOctet: undefined,
    fin: undefined,
    rst: undefined,
    retransmissions: 0,
    missing: 0,
    acknowledged: 0,
    lastAcknowledgement: undefined,
    zeroWindow: false,
    ttl: 0,
    rstTtl: 0,
  };
}
