/** Verdicts built by hand, with defaults: a POST at 127.0.0.1:80 whose one FastCGI attempt was reset 2.3 s later. */
import type { Connection, StreamFacts } from '../../../src/model/connection.ts';
import { endpoint } from '../../../src/model/endpoint.ts';
import type { Exchange, RequestFacts, ResponseFacts } from '../../../src/model/exchange.ts';
import type { Attempt, Incident } from '../../../src/model/incident.ts';
import type { Moment } from '../../../src/model/time.ts';
import type { Finding, JudgedAttempt, Verdict } from '../../../src/model/verdict.ts';
import type { RunFacts } from '../../../src/sinks/sink.ts';

/** 2026-11-20T12:31:00Z. */
export const EPOCH: bigint = 1_795_177_860_000_000_000n;

/** `at` in milliseconds since EPOCH. */
export function moment(milli: number, frame: number): Moment {
  return { at: milli * 1e6, frame };
}

const SILENT: StreamFacts = {
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
  ttl: 64,
  rstTtl: 0,
};

export const PEER = endpoint('127.0.0.1', 9000);
export const GATEWAY = endpoint('10.0.0.1', 80);
export const CLIENT = endpoint('203.0.113.9', 58884);

export function connection(over: Partial<Connection> = {}): Connection {
  return {
    id: 1,
    transport: 'tcp',
    active: endpoint('127.0.0.1', 41000),
    passive: PEER,
    midstream: false,
    first: moment(7221.11, 8794),
    last: moment(9531, 8812),
    syn: moment(7221.11, 8794),
    syns: 1,
    lastSyn: moment(7221.11, 8794),
    synAck: moment(7221.18, 8795),
    established: moment(7221.2, 8796),
    refusal: undefined,
    forward: SILENT,
    reverse: SILENT,
    incomplete: false,
    ...over,
  };
}

export function request(over: Partial<RequestFacts> = {}): RequestFacts {
  return {
    method: 'POST',
    target: '/checkout?id=7',
    host: 'shop.example',
    version: 'HTTP/1.1',
    fields: [],
    mayBearId: true,
    downstream: undefined,
    start: moment(7219, 8788),
    head: moment(7220, 8789),
    end: moment(7221, 8790),
    octets: 912,
    ...over,
  };
}

export function response(over: Partial<ResponseFacts> = {}): ResponseFacts {
  return {
    start: moment(9531.1, 8813),
    head: moment(9531.1, 8813),
    status: 502,
    version: 'HTTP/1.1',
    fields: [],
    end: moment(9531.1, 8813),
    how: 'complete',
    octets: 309,
    bodyOctets: 157,
    ...over,
  };
}

export function exchange(over: Partial<Exchange> = {}): Exchange {
  return {
    id: 1,
    connection: connection({ active: CLIENT, passive: GATEWAY }),
    protocol: 'http/1',
    client: CLIENT,
    server: GATEWAY,
    nth: 1,
    reused: false,
    idle: undefined,
    start: moment(7218, 8785),
    request: request(),
    response: response(),
    serverOctets: 309,
    clientOctets: 912,
    serverClose: undefined,
    clientClose: undefined,
    faults: [],
    stderr: '',
    endRequest: undefined,
    tls: undefined,
    goaway: undefined,
    streamReset: undefined,
    end: { how: 'complete', moment: moment(9531.1, 8813) },
    obscured: false,
    incomplete: false,
    ...over,
  };
}

/** The gateway's side of an attempt: FastCGI, reset without an answer. */
export function tried(over: Partial<Exchange> = {}): Exchange {
  return exchange({
    connection: connection(),
    protocol: 'fastcgi',
    client: endpoint('127.0.0.1', 41000),
    server: PEER,
    start: moment(7221.11, 8794),
    request: request({ start: moment(7221.14, 8797), head: moment(7221.14, 8797), end: moment(7221.14, 8797) }),
    response: undefined,
    serverOctets: 0,
    clientOctets: 1102,
    serverClose: { ...moment(9531, 8812), rst: true },
    end: { how: 'server-rst', moment: moment(9531, 8812) },
    ...over,
  });
}

export function attempt(over: Partial<Attempt> = {}): Attempt {
  return {
    n: 1,
    peer: PEER,
    exchange: tried(),
    silent: undefined,
    link: 'identity',
    margin: Number.POSITIVE_INFINITY,
    interchangeable: false,
    witness: undefined,
    ...over,
  };
}

export function finding(over: Partial<Finding> = {}): Finding {
  return {
    cause: 'reset-before-response',
    subcause: '',
    confidence: 'likely',
    sentence:
      'PHP-FPM at 127.0.0.1:9000 closed the connection without reading all of it: a worker died or was told to stop.',
    evidence: [
      {
        moment: moment(7221.14, 8797),
        source: 'packet',
        text: 'FastCGI BEGIN, PARAMS (14), STDIN end: SCRIPT_FILENAME=/srv/shop/checkout.php',
      },
      { moment: moment(9531, 8812), source: 'packet', text: 'RST from 127.0.0.1:9000, no response octets' },
    ],
    alternatives: [],
    unseen: ['what happened to the worker (no kernel events in this capture)'],
    advice: ['FPM log at 12:31:09 ("execution timed out"); raise the limit or find the slow call'],
    ...over,
  };
}

/** An attempt that another peer answered with a 200. */
export function succeeded(n: number, peer = endpoint('10.0.0.8', 3000)): JudgedAttempt {
  const answered = tried({
    protocol: 'http/1',
    server: peer,
    connection: connection({ passive: peer }),
    start: moment(9531.02, 8814),
    serverOctets: 4000,
    response: response({ status: 200, start: moment(9533, 8820), head: moment(9533, 8820), end: moment(9534, 8822) }),
    serverClose: undefined,
    end: { how: 'complete', moment: moment(9534, 8822) },
  });
  return { attempt: attempt({ n, peer, exchange: answered, link: 'timing', margin: 9 }), finding: undefined };
}

export interface VerdictParts {
  readonly incident?: Partial<Incident>;
  readonly attempts?: readonly JudgedAttempt[];
  readonly finding?: Finding;
  readonly rootChain?: readonly string[];
}

export function verdict(parts: VerdictParts = {}): Verdict {
  const found = parts.finding ?? parts.attempts?.findLast((judged) => judged.finding)?.finding ?? finding();
  const attempts = parts.attempts ?? [{ attempt: attempt(), finding: found }];
  return {
    incident: {
      id: 'i-17',
      kind: 'incident',
      gateway: GATEWAY,
      exchange: exchange(),
      attempts: attempts.map((judged) => judged.attempt),
      rivals: 0,
      witnessed: false,
      unixWitnessed: false,
      logged: undefined,
      mayHaveOthers: false,
      noLive: undefined,
      resolver: undefined,
      nextHop: undefined,
      losses: 0,
      leftOut: false,
      settled: moment(9600, 8830),
      ...parts.incident,
    },
    attempts,
    finding: found,
    rootChain: parts.rootChain ?? [],
  };
}

/** A failure that a second attempt hid: the client got a 200. */
export function maskedVerdict(parts: VerdictParts = {}): Verdict {
  const answered = response({ status: 200, start: moment(9535, 8823), head: moment(9535, 8823) });
  return verdict({
    attempts: [{ attempt: attempt(), finding: finding() }, succeeded(2)],
    ...parts,
    incident: { id: 'm-3', kind: 'masked', exchange: exchange({ response: answered }), ...parts.incident },
  });
}

/** A 502 without any attempt. */
export function attemptless(over: Partial<Finding> = {}): Verdict {
  return verdict({
    attempts: [],
    finding: finding({
      cause: 'no-live-upstreams',
      subcause: 'all-failed',
      sentence: 'nginx had taken every peer of the group out of service after earlier failures.',
      evidence: [],
      unseen: [],
      advice: ['fix the earlier failures; raise max_fails or lower fail_timeout'],
      ...over,
    }),
    rootChain: ['i-15', 'm-2'],
  });
}

export function run(over: Partial<RunFacts> = {}): RunFacts {
  return {
    file: 'checkout.pcap',
    gateways: [],
    epoch: EPOCH,
    started: 0,
    ended: 300e9,
    octets: 1_200_000_000,
    frames: 1_204_331,
    requests: 48_211,
    lost: 0,
    counters: {},
    damage: undefined,
    interrupted: false,
    ...over,
  };
}
