/**
 * Builders of what the verdict station is given: connections, exchanges, attempts and incidents with defaults, so that a
 * test writes down only what it is about: `attempt({ server: 'rst', afterRequestMs: 0.3 })`.
 * Time: the gateway's client has sent its request at 0 ms. An attempt opens at 0.1 ms and has sent its request at 0.3 ms.
 */
import type { Connection, Direction, Refusal, StreamFacts } from '../../src/model/connection.ts';
import { type Endpoint, endpoint } from '../../src/model/endpoint.ts';
import type { Exchange, RequestFacts, ResponseFacts, TlsFacts } from '../../src/model/exchange.ts';
import type { Attempt, Incident, NoLive } from '../../src/model/incident.ts';
import type {
  Dialogue,
  Fault,
  FaultName,
  Goaway,
  ProtocolName,
  StreamReset,
  TlsAlert,
} from '../../src/model/message.ts';
import { MILLISECOND, type Moment } from '../../src/model/time.ts';

export const CLIENT = endpoint('203.0.113.9', 58884);
export const GATEWAY = endpoint('10.0.0.1', 80);
export const PEER = endpoint('10.0.0.7', 9000);

/** A moment `ms` after the request; frames follow time, one a microsecond. */
export function moment(ms: number): Moment {
  return { at: Math.round(ms * MILLISECOND), frame: 1000 + Math.round(ms * 1000) };
}

export function close(ms: number, rst: boolean): Moment & { readonly rst: boolean } {
  return { ...moment(ms), rst };
}

export function stream(facts: Partial<StreamFacts> = {}): StreamFacts {
  return {
    octets: 0,
    position: facts.octets ?? 0,
    firstOctet: undefined,
    lastOctet: undefined,
    fin: undefined,
    rst: undefined,
    retransmissions: 0,
    missing: 0,
    acknowledged: facts.octets ?? 0,
    lastAcknowledgement: undefined,
    zeroWindow: false,
    ttl: 64,
    rstTtl: facts.rst ? 64 : 0,
    ...facts,
  };
}

export function connection(facts: Partial<Connection> = {}): Connection {
  return {
    id: 1,
    transport: 'tcp',
    active: endpoint('10.0.0.1', 40001),
    passive: PEER,
    midstream: false,
    first: moment(0.1),
    last: moment(0.4),
    syn: moment(0.1),
    syns: 1,
    lastSyn: moment(0.1),
    synAck: moment(0.15),
    established: moment(0.2),
    refusal: undefined,
    forward: stream(),
    reverse: stream(),
    incomplete: false,
    ...facts,
  };
}

export function request(facts: Partial<RequestFacts> = {}): RequestFacts {
  return {
    method: 'GET',
    target: '/checkout?id=7',
    host: 'shop.example',
    version: 'HTTP/1.1',
    fields: [],
    mayBearId: true,
    downstream: undefined,
    start: moment(0.25),
    head: moment(0.28),
    end: moment(0.3),
    octets: 912,
    ...facts,
  };
}

export function response(facts: Partial<ResponseFacts> = {}): ResponseFacts {
  return {
    start: moment(1),
    head: moment(1),
    status: 200,
    version: 'HTTP/1.1',
    fields: [],
    end: moment(1.1),
    how: 'complete',
    octets: 600,
    bodyOctets: 400,
    ...facts,
  };
}

export function tls(facts: Partial<TlsFacts> = {}): TlsFacts {
  return {
    clientHello: moment(0.25),
    serverHello: undefined,
    applicationData: undefined,
    answer: undefined,
    serverName: '',
    alerts: [],
    ...facts,
  };
}

const dialogue = { clientDirection: 'forward', protocol: 'http/1' } as Dialogue;
const said = { dialogue, requestId: 1 } as const;

export function alert(description: number, ms: number, direction: Direction = 'reverse'): TlsAlert {
  return { ...said, kind: 'tls-alert', direction, level: 2, description, moment: moment(ms) };
}

export function goaway(code: number, lastStream = 0): Goaway {
  return { ...said, kind: 'goaway', direction: 'reverse', code, lastStream, moment: moment(1) };
}

export function streamReset(code: number): StreamReset {
  return { ...said, kind: 'stream-reset', direction: 'reverse', code, moment: moment(1) };
}

/** A fault of the peer; the incident's outcome looks at the connection it is on, so `attempt` puts its own there. */
export function fault(name: FaultName, detail = '', sample = ''): Fault {
  return {
    ...said,
    kind: 'fault',
    direction: 'reverse',
    name,
    detail,
    sample,
    malformed: undefined,
    moment: moment(1),
  };
}

/** What the peer does: closes, resets, turns the SYN down, or nothing. */
export type ServerAct = 'rst' | 'fin' | 'refuses' | 'nothing';

export interface AttemptPlan {
  readonly n?: number;
  readonly peer?: Endpoint;
  readonly protocol?: ProtocolName | undefined;
  readonly server?: ServerAct;
  /** The gateway's own FIN or RST, this long after the request; `gatewayRst` tells which. */
  readonly gatewayAfterMs?: number;
  readonly gatewayRst?: boolean;
  readonly afterRequestMs?: number;
  readonly reused?: boolean;
  readonly idleMs?: number;
  /** The peer acknowledged nothing of the request. */
  readonly unread?: boolean;
  /** `undefined`: the gateway sent none (nor inside TLS, unless told). */
  readonly request?: Partial<RequestFacts> | undefined;
  readonly response?: Partial<ResponseFacts>;
  /** Octets of the peer where there is no response that could be read. */
  readonly serverOctets?: number;
  readonly refusal?: Refusal;
  readonly tls?: TlsFacts;
  readonly faults?: readonly Fault[];
  readonly link?: Attempt['link'];
  readonly margin?: number;
  readonly interchangeable?: boolean;
  readonly witness?: Attempt['witness'];
  readonly exchange?: Partial<Exchange>;
  readonly connection?: Partial<Connection>;
  readonly clientStream?: Partial<StreamFacts>;
  readonly serverStream?: Partial<StreamFacts>;
}

export function attempt(plan: AttemptPlan = {}): Attempt {
  const { link = 'identity' } = plan;
  return {
    n: plan.n ?? 1,
    peer: plan.peer ?? PEER,
    exchange: exchange(plan),
    silent: undefined,
    link,
    margin: plan.margin ?? (link === 'timing' ? 20 : Number.POSITIVE_INFINITY),
    interchangeable: plan.interchangeable ?? false,
    witness: plan.witness,
  };
}

/** An upstream exchange: the gateway is its client. */
export function exchange(plan: AttemptPlan = {}): Exchange {
  const { server = 'nothing', reused = false } = plan;
  const protocol = 'protocol' in plan ? plan.protocol : 'http/1';
  const none = (plan.tls !== undefined && !plan.request) || ('request' in plan && plan.request === undefined);
  const asked = none ? undefined : request(plan.request);
  const unopened = server === 'refuses' || plan.refusal !== undefined;
  const sent = unopened ? undefined : asked;
  const answered = plan.response ? response(plan.response) : undefined;
  const clientOctets = plan.exchange?.clientOctets ?? sent?.octets ?? (plan.tls ? 517 : 0);
  const serverOctets = plan.serverOctets ?? answered?.octets ?? 0;
  const origin = sent?.end ?? sent?.start ?? moment(0.3);
  const acted = moment(origin.at / MILLISECOND + (plan.afterRequestMs ?? 0.3));
  const left = plan.gatewayAfterMs === undefined ? undefined : moment(origin.at / MILLISECOND + plan.gatewayAfterMs);
  const before = reused ? 700 : 0;
  const forward = stream({
    octets: before + clientOctets,
    acknowledged: before + (plan.unread ? 0 : clientOctets),
    firstOctet: clientOctets > 0 ? moment(0.25) : undefined,
    lastOctet: clientOctets > 0 ? origin : undefined,
    ...plan.clientStream,
  });
  const reverse = stream({
    octets: before + serverOctets,
    firstOctet: serverOctets > 0 ? moment(0.8) : undefined,
    lastOctet: serverOctets > 0 ? (answered?.end ?? moment(0.8)) : undefined,
    rst: server === 'rst' ? acted : undefined,
    fin: server === 'fin' ? acted : undefined,
    ...plan.serverStream,
  });
  const on = connection({
    passive: plan.peer ?? PEER,
    forward,
    reverse,
    ...(unopened && {
      synAck: undefined,
      established: undefined,
      refusal: plan.refusal ?? { how: 'rst', moment: moment(0.15) },
    }),
    ...plan.connection,
  });
  return {
    id: 2,
    connection: on,
    protocol: plan.tls ? 'tls' : unopened ? undefined : protocol,
    client: on.active,
    server: on.passive,
    nth: sent ? (reused ? 3 : 1) : 0,
    reused: reused || on.midstream,
    idle: reused ? (plan.idleMs ?? 5000) * MILLISECOND : undefined,
    start: reused ? moment(0.25) : on.first,
    request: sent,
    response: answered,
    serverOctets,
    clientOctets,
    serverClose: server === 'rst' || server === 'fin' ? { ...acted, rst: server === 'rst' } : undefined,
    clientClose: left && { ...left, rst: plan.gatewayRst ?? false },
    faults: (plan.faults ?? []).map((each) => ({ ...each, dialogue: { ...each.dialogue, connection: on } })),
    stderr: '',
    endRequest: undefined,
    tls: plan.tls,
    goaway: undefined,
    streamReset: undefined,
    end: undefined,
    obscured: false,
    incomplete: false,
    ...plan.exchange,
  };
}

export interface IncidentPlan {
  readonly attempts?: readonly Attempt[];
  readonly kind?: Incident['kind'];
  /** What the gateway told its client: 502, or what `masked` hid it behind. */
  readonly status?: number;
  readonly method?: string;
  /** The response that the gateway's client got. */
  readonly response?: Partial<ResponseFacts>;
  readonly answeredMs?: number;
  readonly incident?: Partial<Incident>;
  readonly exchange?: Partial<Exchange>;
}

export function incident(plan: IncidentPlan = {}): Incident {
  const { kind = 'incident' } = plan;
  const status = plan.status ?? (kind === 'incident' ? 502 : 200);
  const answered = moment(plan.answeredMs ?? 5000);
  const downstream = exchange({
    request: { method: plan.method ?? 'GET', start: moment(-0.1), head: moment(-0.05), end: moment(0) },
    response: {
      status,
      start: answered,
      head: answered,
      end: answered,
      octets: 307,
      bodyOctets: 157,
      ...plan.response,
    },
  });
  return {
    id: kind === 'incident' ? 'i-1' : 'm-1',
    kind,
    gateway: GATEWAY,
    exchange: { ...downstream, client: CLIENT, server: GATEWAY, ...plan.exchange },
    attempts: plan.attempts ?? [],
    rivals: 0,
    witnessed: false,
    unixWitnessed: false,
    logged: undefined,
    mayHaveOthers: false,
    noLive: undefined,
    resolver: undefined,
    nextHop: undefined,
    leftOut: false,
    losses: 0,
    settled: answered,
    ...plan.incident,
  };
}

export function noLive(facts: Partial<NoLive> = {}): NoLive {
  const chain: NoLive['chain'] = [
    { id: 'm-1', peer: '10.0.0.7:9000', moment: moment(-2000), reused: false },
    { id: 'i-2', peer: '10.0.0.8:9000', moment: moment(-1000), reused: false },
  ];
  return { chain, sure: true, afterStaleKeepalive: false, ...facts };
}
