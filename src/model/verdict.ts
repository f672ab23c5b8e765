/** Boundary 7, verdict -> sink: what is said about one incident. A pure function of the incident. */
import type { Cause, Neighbour } from './cause.ts';
import type { Attempt, Incident } from './incident.ts';
import type { Moment } from './time.ts';

/** `certain`: the evidence admits no other cause. A wrong `certain` is the worst bug this project can have. */
export type Confidence = 'certain' | 'likely' | 'possible';

export const CONFIDENCES: readonly Confidence[] = ['possible', 'likely', 'certain'];

/** The lower of two. */
export function atMost(confidence: Confidence, limit: Confidence): Confidence {
  return CONFIDENCES.indexOf(confidence) < CONFIDENCES.indexOf(limit) ? confidence : limit;
}

export interface Evidence {
  readonly moment: Moment;
  readonly source: 'packet' | 'kernel' | 'log';
  readonly text: string;
}

/** What one cause's judge says of one attempt. */
export interface Finding {
  readonly cause: Cause | Neighbour;
  /** From the cause's own closed list, or a parameter such as an alert's number; empty where there is none. */
  readonly subcause: string;
  /** As far as the wire goes; the link may lower it. */
  readonly confidence: Confidence;
  /** One sentence, for the user, that names the peer. */
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly alternatives: readonly Alternative[];
  readonly unseen: readonly string[];
  readonly advice: readonly string[];
}

export interface Alternative {
  readonly cause: Cause | Neighbour;
  readonly why: string;
}

/** An attempt with its finding; `undefined` for an attempt that succeeded. */
export interface JudgedAttempt {
  readonly attempt: Attempt;
  readonly finding: Finding | undefined;
}

export interface Verdict {
  readonly incident: Incident;
  readonly attempts: readonly JudgedAttempt[];
  /** The last attempt's finding, or that of the lack of attempts; confidence is already limited by link and loss. */
  readonly finding: Finding;
  /** Incident and masked ids that led here, oldest first. */
  readonly rootChain: readonly string[];
}
