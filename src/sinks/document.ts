/**
 * Verdict -> plain object of NDJSON version 1. Fields may be added, never renamed; `ndjson.schema.json` says what each
 * may hold. Strings from the wire stay as they are, one character an octet, but for masked secrets.
 */
import type { Cause, Neighbour } from '../model/cause.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Attempt, Link } from '../model/incident.ts';
import { outcomeOf } from '../model/outcome.ts';
import type { Loss } from '../model/source-record.ts';
import { elapsed, type Moment, type Nanos } from '../model/time.ts';
import type { Confidence, Evidence, Finding, JudgedAttempt, Verdict } from '../model/verdict.ts';
import type { Mask } from './secrets.ts';
import { rfc3339 } from './time-text.ts';

export const SCHEMA_VERSION = 1;

/** What a document needs beyond its verdict. */
export interface DocumentContext {
  /** As the user named it; `-` for a pipe. */
  readonly file: string;
  /** Unix nanoseconds of Nanos 0. */
  readonly epoch: bigint;
  readonly mask: Mask;
}

export interface EvidenceDocument {
  readonly at: string;
  readonly source: Evidence['source'];
  /** `frame 8812`, `event 551`, `line 7`: numbered as Wireshark numbers the capture's rows. */
  readonly ref: string | null;
  readonly text: string;
}

export interface AttemptDocument {
  readonly n: number;
  readonly peer: string;
  readonly transport: 'tcp' | 'unix';
  readonly protocol: string | null;
  readonly reused: boolean;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly connectMs: number | null;
  readonly requestOctets: number;
  readonly responseOctets: number;
  /** The status this attempt answered with. */
  readonly exchangeStatus: number | null;
  /** `null` for an attempt that succeeded. */
  readonly cause: Cause | Neighbour | null;
  readonly subcause: string | null;
  readonly confidence: Confidence;
  readonly link: Link;
  readonly evidence: readonly EvidenceDocument[];
}

export interface IncidentDocument {
  readonly type: 'incident' | 'masked';
  readonly schema: number;
  readonly id: string;
  readonly file: string;
  readonly time: string;
  /** What the client got; `null` where it got no status. */
  readonly status: number | null;
  readonly client: string;
  readonly gateway: string;
  readonly request: RequestDocument;
  readonly verdict: VerdictDocument;
  readonly attempts: readonly AttemptDocument[];
  /** Evidence of a verdict that is about no attempt (a resolver's refusal, for one). */
  readonly evidence: readonly EvidenceDocument[];
  readonly rootChain: readonly string[];
  readonly nextHop: string | null;
  readonly alternatives: readonly { readonly cause: Cause | Neighbour; readonly why: string }[];
  readonly unseen: readonly string[];
  readonly advice: readonly string[];
}

export interface RequestDocument {
  readonly method: string | null;
  readonly target: string | null;
  readonly host: string | null;
  readonly protocol: string | null;
  readonly startedAt: string;
  /** nth request on its connection, as nginx's $connection_requests. */
  readonly connectionRequests: number;
}

export interface VerdictDocument {
  readonly cause: Cause | Neighbour;
  readonly subcause: string | null;
  /** Why the cause is `unknown`. */
  readonly reason: string | null;
  readonly confidence: Confidence;
  readonly sentence: string;
}

export interface LossDocument {
  readonly type: 'loss';
  readonly schema: number;
  readonly file: string;
  readonly time: string;
  readonly count: number;
  readonly where: string;
}

export function incidentDocument(verdict: Verdict, context: DocumentContext): IncidentDocument {
  const { incident, finding } = verdict;
  const { exchange } = incident;
  const { mask } = context;
  return {
    type: incident.kind,
    schema: SCHEMA_VERSION,
    id: incident.id,
    file: context.file,
    time: rfc3339(context.epoch, answeredAt(exchange, incident.settled).at),
    status: exchange.response?.status || (incident.kind === 'incident' ? 502 : null),
    client: exchange.client.text,
    gateway: incident.gateway.text,
    request: requestDocument(exchange, context),
    verdict: verdictDocument(finding, mask),
    attempts: verdict.attempts.map((judged) => attemptDocument(judged, context)),
    evidence: ownEvidence(verdict).map((evidence) => evidenceDocument(evidence, context.epoch, mask)),
    rootChain: verdict.rootChain,
    nextHop: incident.nextHop ?? null,
    alternatives: finding.alternatives.map(({ cause, why }) => ({ cause, why: mask.text(why) })),
    unseen: finding.unseen.map(mask.text),
    advice: finding.advice.map(mask.text),
  };
}

/** When the client was answered; where it never was, when the story ended for us. */
export function answeredAt(exchange: Exchange, settled: Moment): Moment {
  const { response, end } = exchange;
  return response?.head ?? response?.start ?? end?.moment ?? settled;
}

/** The verdict's evidence that no attempt carries already. */
export function ownEvidence({ attempts, finding }: Verdict): readonly Evidence[] {
  const told = new Set(attempts.flatMap((judged) => judged.finding?.evidence ?? []));
  return finding.evidence.filter((evidence) => !told.has(evidence));
}

function requestDocument(exchange: Exchange, { epoch, mask }: DocumentContext): RequestDocument {
  const { request } = exchange;
  return {
    method: request ? mask.text(request.method) : null,
    target: request ? mask.target(request.target) : null,
    host: request ? mask.text(request.host) : null,
    protocol: request?.version ?? null,
    startedAt: rfc3339(epoch, (request?.start ?? exchange.start).at),
    connectionRequests: exchange.nth,
  };
}

function verdictDocument(finding: Finding, mask: Mask): VerdictDocument {
  const unknown = finding.cause === 'unknown';
  return {
    cause: finding.cause,
    subcause: unknown ? null : finding.subcause || null,
    reason: unknown ? finding.subcause || 'no-evidence' : null,
    confidence: finding.confidence,
    sentence: mask.text(finding.sentence),
  };
}

function attemptDocument({ attempt, finding }: JudgedAttempt, { epoch, mask }: DocumentContext): AttemptDocument {
  const { exchange } = attempt;
  const verdict = finding ? verdictDocument(finding, mask) : undefined;
  return {
    n: attempt.n,
    peer: attempt.peer.text,
    transport: attempt.peer.address.startsWith('unix:') ? 'unix' : 'tcp',
    protocol: exchange?.protocol ?? null,
    reused: exchange?.reused ?? false,
    startedAt: timeOrNull(epoch, exchange?.start ?? attempt.silent?.first),
    endedAt: timeOrNull(epoch, attemptEnd(attempt)),
    connectMs: millisOrNull(connectTime(exchange)),
    requestOctets: exchange?.clientOctets ?? 0,
    responseOctets: exchange?.serverOctets ?? 0,
    exchangeStatus: exchange?.response?.status || null,
    cause: verdict?.cause ?? null,
    subcause: verdict?.subcause ?? null,
    confidence: verdict?.confidence ?? linkConfidence(attempt),
    link: attempt.link,
    evidence: (finding?.evidence ?? []).map((evidence) => evidenceDocument(evidence, epoch, mask)),
  };
}

function evidenceDocument({ moment, source, text }: Evidence, epoch: bigint, mask: Mask): EvidenceDocument {
  return { at: rfc3339(epoch, moment.at), source, ref: evidenceRef(source, moment), text: mask.text(text) };
}

const REF_WORDS = { packet: 'frame', kernel: 'event', log: 'line' } as const satisfies Record<
  Evidence['source'],
  string
>;

/** How a reader finds the evidence in the capture; `null` where no record number is known. */
export function evidenceRef(source: Evidence['source'], moment: Moment): string | null {
  return moment.frame > 0 ? `${REF_WORDS[source]} ${moment.frame}` : null;
}

/** When the attempt was over for the gateway; `undefined` while it goes on. */
export function attemptEnd(attempt: Attempt): Moment | undefined {
  const { exchange, silent, witness } = attempt;
  if (!exchange) return silent?.last ?? witness?.ending?.moment;
  if (exchange.end) return exchange.end.moment;
  const outcome = outcomeOf(exchange);
  return outcome.is === 'failed' || outcome.is === 'rejected' || outcome.is === 'abandoned'
    ? outcome.moment
    : undefined;
}

/**
 * From the first SYN to the established connection; `undefined` on a reused connection, where it never opened, and where
 * the capture's clock was set back meanwhile.
 */
export function connectTime(exchange: Exchange | undefined): Nanos | undefined {
  if (!exchange || exchange.reused) return undefined;
  const { syn, established } = exchange.connection;
  return syn && established && elapsed(syn, established);
}

/** Below this margin (nats: odds of 20 to 1) another assignment of attempts is worth a thought. */
const LIKELY_MARGIN = 3;

/** How sure it is that the attempt belongs to the request at all. */
export function linkConfidence(attempt: Attempt): Confidence {
  if (attempt.link !== 'timing') return 'certain';
  return attempt.margin >= LIKELY_MARGIN || attempt.interchangeable ? 'likely' : 'possible';
}

export function lossDocument(loss: Loss, { epoch, file }: DocumentContext): LossDocument {
  return {
    type: 'loss',
    schema: SCHEMA_VERSION,
    file,
    time: rfc3339(epoch, loss.at),
    count: loss.count,
    where: loss.where,
  };
}

function timeOrNull(epoch: bigint, moment: Moment | undefined): string | null {
  return moment ? rfc3339(epoch, moment.at) : null;
}

function millisOrNull(span: Nanos | undefined): number | null {
  return span === undefined ? null : span / 1e6;
}
