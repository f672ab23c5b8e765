/** How sure anything may be, whatever the wire says: the link, rivals and losses set the limit (packets-only 7). */
import type { Attempt, Incident } from '../model/incident.ts';
import { atMost, type Confidence, type Finding, type Verdict } from '../model/verdict.ts';

/** Nats. Above it 2 of 3409 attempts linked by timing alone were another request's; below it, one in six to one in twenty. */
export const SURE_MARGIN = 10;

export interface Limit {
  readonly confidence: Confidence;
  /** What could not be seen, and therefore limits. */
  readonly unseen: readonly string[];
}

const FREE: Limit = { confidence: 'certain', unseen: [] };

export function both(a: Limit, b: Limit): Limit {
  return { confidence: atMost(a.confidence, b.confidence), unseen: [...a.unseen, ...b.unseen] };
}

/** By how the attempt was tied to the request. */
export function limitOfLink({ link, margin, interchangeable }: Attempt): Limit {
  if (link === 'timing') {
    const close = !interchangeable && !(margin > SURE_MARGIN);
    return {
      confidence: close ? 'possible' : 'likely',
      unseen: [
        close
          ? 'whose attempt it was: another request fits nearly as well'
          : 'whose attempt it was: tied to the request by timing only',
      ],
    };
  }
  if (link === 'identity' && !interchangeable && !(margin > SURE_MARGIN)) {
    return {
      confidence: 'likely',
      unseen: ['whose attempt it was: another request with the same identity fits nearly as well'],
    };
  }
  return FREE;
}

/** By what the capture lost, or left out: one of the requests left out may have made the attempt. */
export function limitOfLoss(incident: Incident, attempt?: Attempt): Limit {
  const gaps =
    incident.exchange.incomplete || attempt?.exchange?.incomplete || attempt?.exchange?.connection.incomplete;
  if (incident.losses > 0) {
    return {
      // What is missing may have been part of it, or have fitted better, or be the very attempt that was not seen.
      confidence: gaps || !attempt || attempt.link === 'timing' ? 'possible' : 'likely',
      unseen: [
        `packets that the capture lost, or that were not followed, while the request was under way (${incident.losses})`,
      ],
    };
  }
  if (incident.leftOut && !incident.witnessed) {
    const unseen = 'which requests that went well were under way: the capture left them out to save processor time';
    return { confidence: 'likely', unseen: [unseen] };
  }
  return gaps ? { confidence: 'likely', unseen: ['octets that are missing from the capture'] } : FREE;
}

/**
 * By what else the gateway's thread may have done in between, where its client's request was told and not seen (inside TLS). An
 * attempt that shows what it asks for should ask for the same. And of HTTP/2 nginx puts some acts off to the end of a turn: an
 * attempt before the last one may be another request's.
 */
export function limitOfTurn({ exchange, attempts }: Incident, attempt: Attempt): Limit {
  if (attempt.link !== 'kernel' || exchange.connection.untold === undefined) return FREE;
  const [asked, own] = [exchange.request?.target, attempt.exchange?.request?.target];
  if (asked !== undefined && own !== undefined && own !== asked)
    return { confidence: 'likely', unseen: ['whether it was made for this request: it asks for another target'] };
  if (exchange.protocol !== 'http/2' || attempt === attempts.at(-1)) return FREE;
  return {
    confidence: 'likely',
    unseen: ['whether it was made for this request, or for one that was under way beside it'],
  };
}

/** By failed attempts that nobody claims. */
export function limitOfRivals({ rivals }: Incident): Limit {
  if (rivals === 0) return FREE;
  const others = rivals === 1 ? 'a failed attempt that nobody claims' : `${rivals} failed attempts that nobody claims`;
  return { confidence: 'likely', unseen: [`whether it was the last attempt: ${others} would fit after it`] };
}

/** By peers that may have been left: then not the last failure, but that they were considered down, made the 502. */
export function limitOfGroup({ mayHaveOthers }: Incident): Limit {
  return mayHaveOthers
    ? { confidence: 'likely', unseen: ['whether another peer was left to try, and considered down'] }
    : FREE;
}

/** A chain is as sure as its weakest link: a hidden attempt elsewhere in it may have been the last. */
export function limitOfChain({ attempts }: Incident): Limit {
  if (attempts.length < 2 || attempts.every(({ link }) => link !== 'timing')) return FREE;
  return { confidence: 'likely', unseen: ['the order of all attempts: some are tied to the request by timing only'] };
}

/** Of a source that does not know when its packets were captured: their order is known, their distances are not. */
export function withoutTimes(verdict: Verdict): Verdict {
  const limited = (finding: Finding): Finding => ({
    ...finding,
    confidence: atMost(finding.confidence, 'likely'),
    unseen: [...finding.unseen, 'when packets were captured: times are those of their arrival'],
  });
  const attempts = verdict.attempts.map(({ attempt, finding }) => ({ attempt, finding: finding && limited(finding) }));
  return { ...verdict, attempts, finding: limited(verdict.finding) };
}
