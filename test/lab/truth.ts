/** What really happened, request by request, from nginx's own logs; truth.ndjson holds a row a line. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { CAUSES, type Cause, type Neighbour } from '../../src/model/cause.ts';
import { classify } from './log-causes.ts';
import { type LoggedRequest, readLog, splitList } from './nginx-log.ts';
import { authority } from './places.ts';
import { type Gateway, logFile } from './programs/nginx.ts';
import { pathOf, type Scenario } from './scenario.ts';

export interface TrueAttempt {
  /** `ADDR:PORT`, `unix:/path`, or the group's name where no peer was live. */
  readonly peer: string;
  readonly status: number;
  readonly transport: 'tcp' | 'unix' | 'group';
  /** connect() failed at once: nothing left the gateway. */
  readonly synchronous?: true;
  /** Absent where it succeeded. */
  readonly cause?: Cause | Neighbour;
  /** Other causes that are right as well. */
  readonly acceptable?: readonly Cause[];
  readonly witnessed?: Cause;
  /** nginx's words. */
  readonly log?: string;
}

export interface TruthRow {
  readonly gateway: string;
  readonly client: string;
  readonly connectionRequests: number;
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly status: number;
  readonly at: string;
  readonly scenario: string;
  readonly via: Gateway;
  readonly attempts: readonly TrueAttempt[];
  /** A 502's: the last attempt's cause, or why nothing was tried. */
  readonly verdictCause?: Cause;
  readonly acceptable?: readonly Cause[];
  /** What the kernel calls it, that knows whether the peer had read the request. */
  readonly witnessed?: Cause;
  /** The last attempt's subcause, where the scenario makes the peer end it in one way only. */
  readonly subcause?: string;
  /** What packets alone can say of it at most: `unknown` for this reason. */
  readonly packetsOnly?: 'no-upstream-traffic';
  /** The client got something else although an attempt failed on the wire. */
  readonly masked?: true;
  /** A masked line is neither asked for nor wrong: a subrequest failed, or an attempt that is no 502's. */
  readonly maskedAllowed?: true;
}

/** Reads the logs of a run that has ended. */
export function readTruth(dir: string, scenarios: readonly Scenario[]): readonly TruthRow[] {
  const rows: TruthRow[] = [];
  for (const via of ['outer', 'inner'] as const) {
    const file = logFile(dir, via);
    if (!existsSync(file)) continue;
    for (const request of readLog(readFileSync(file, 'utf8')))
      if (!request.access.request_uri.startsWith('/end')) rows.push(truthRow(request, via, scenarios));
  }
  return rows.sort((a, b) => Number(a.at) - Number(b.at));
}

export function writeTruth(file: string, rows: readonly TruthRow[]): void {
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

export function truthRow(request: LoggedRequest, via: Gateway, scenarios: readonly Scenario[]): TruthRow {
  const { access } = request;
  const scenario = scenarioOf(access.host, access.request_uri, scenarios);
  const attempts = attemptsOf(request, scenario);
  const status = Number(access.status);
  const facts = {
    gateway: authority(access.server_addr, access.server_port),
    client: authority(access.remote_addr, access.remote_port),
    connectionRequests: Number(access.connection_requests),
    method: access.request_method,
    target: access.request_uri,
    host: access.host,
    status,
    at: access.msec,
    scenario: scenario?.name ?? '',
    via,
    attempts,
  };
  if (status === 502) return { ...facts, ...verdictOf(request, attempts, scenario) };
  const failed = attempts.filter((attempt) => attempt.cause !== undefined);
  if (failed.some((attempt) => isCause(attempt.cause) && onTheWire(attempt))) return { ...facts, masked: true };
  const subrequests = request.errors.some((line) => line.subrequest !== '');
  return failed.length > 0 || subrequests ? { ...facts, maskedAllowed: true } : facts;
}

/** Could a packet show it? */
export function onTheWire(attempt: TrueAttempt): boolean {
  return attempt.transport === 'tcp' && attempt.synchronous !== true;
}

function isCause(cause: Cause | Neighbour | undefined): cause is Cause {
  return (CAUSES as readonly string[]).includes(cause ?? '');
}

function verdictOf(request: LoggedRequest, attempts: readonly TrueAttempt[], scenario: Scenario | undefined) {
  const last = attempts.at(-1);
  if (last === undefined) {
    const verdictCause = causeWithoutAttempt(request);
    return verdictCause === 'resolver-failed'
      ? { verdictCause }
      : { verdictCause, packetsOnly: 'no-upstream-traffic' as const };
  }
  const verdictCause = isCause(last.cause) ? last.cause : ('unknown' as const);
  const seen = last.transport === 'group' ? scenario?.rootless !== true : onTheWire(last);
  const subcause = subcauseOf(verdictCause, scenario);
  return {
    verdictCause,
    ...(last.acceptable !== undefined && { acceptable: last.acceptable }),
    ...(last.witnessed !== undefined && { witnessed: last.witnessed }),
    ...(subcause !== undefined && { subcause }),
    ...(seen ? {} : { packetsOnly: 'no-upstream-traffic' as const }),
  };
}

/** Whoever closes before the request arrives leaves nothing unread; whoever closes beside a request that waits, does. */
function subcauseOf(cause: Cause, scenario: Scenario | undefined): string | undefined {
  const made = scenario?.subcause;
  if (cause === 'reset-before-response' && scenario?.goesWithQueue) return undefined;
  if (cause === 'reset-before-response') return made === 'app-closed' ? 'closed-unread' : made;
  if (cause !== 'close-before-response') return undefined;
  return made === 'closed-unread' ? 'app-closed' : made;
}

function causeWithoutAttempt(request: LoggedRequest): Cause {
  for (const line of request.errors) {
    const verdict = classify(line.message, 0);
    if (verdict?.of === 'request' && isCause(verdict.cause)) return verdict.cause;
  }
  return request.access.upstream_cache_status === 'HIT' ? 'cached-502' : 'config-response';
}

function attemptsOf({ access, errors }: LoggedRequest, scenario: Scenario | undefined): readonly TrueAttempt[] {
  const peers = splitList(access.upstream_addr);
  const statuses = splitList(access.upstream_status);
  const headerTimes = splitList(access.upstream_header_time);
  const received = splitList(access.upstream_bytes_received);
  const main = errors.filter((line) => line.subrequest === '');
  let next = 0;
  const nextVerdict = (octets: number) => {
    while (next < main.length) {
      const line = main[next++];
      const verdict = line === undefined ? undefined : classify(line.message, octets);
      if (line !== undefined && verdict?.of === 'attempt') return { ...verdict, line };
    }
    return undefined;
  };
  return peers.map((peer, index): TrueAttempt => {
    const status = Number(statuses[index]) || 0;
    const transport = peer.startsWith('unix:') ? 'unix' : /:\d+$/.test(peer) ? 'tcp' : 'group';
    const plain = { peer, status, transport } as const;
    if (/\d/.test(headerTimes[index] ?? ''))
      return status === 502 ? { ...plain, ...onWire('upstream-502', scenario) } : plain;
    const verdict = nextVerdict(Number(received[index]) || 0);
    if (verdict === undefined) return { ...plain, ...causeByContext(main, access.status) };
    return {
      ...plain,
      ...(verdict.synchronous && transport === 'tcp' ? { synchronous: true as const } : {}),
      ...(isCause(verdict.cause) ? onWire(verdict.cause, scenario) : { cause: verdict.cause }),
      log: verdict.line.message,
    };
  });
}

/** Failures that have no line of their own: caught stderr, a client that left. */
function causeByContext(lines: LoggedRequest['errors'], status: string): { cause: Cause | Neighbour } {
  if (status === '499') return { cause: 'client-aborted' };
  const caught = lines.some((line) => classify(line.message, 0)?.cause === 'fastcgi-stderr-caught');
  return { cause: caught ? 'fastcgi-stderr-caught' : 'unknown' };
}

/** The log's word made the packets' word, as the scenario declares it. */
function onWire(
  cause: Cause,
  scenario: Scenario | undefined,
): Pick<TrueAttempt, 'acceptable' | 'witnessed'> & { cause: Cause } {
  const wire = scenario?.wire?.[cause] ?? cause;
  const acceptable = scenario?.acceptable?.[wire];
  const witnessed = scenario?.reads && wire !== cause ? { witnessed: cause } : {};
  return { cause: wire, ...(acceptable !== undefined && { acceptable }), ...witnessed };
}

function scenarioOf(host: string, target: string, scenarios: readonly Scenario[]): Scenario | undefined {
  return scenarios
    .filter((scenario) => target.startsWith(pathOf(scenario)))
    .filter((scenario) => scenario.hosts === undefined || scenario.hosts.some((each) => each === host))
    .toSorted((a, b) => pathOf(b).length - pathOf(a).length)[0];
}
