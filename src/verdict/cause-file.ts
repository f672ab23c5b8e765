/**
 * What a cause is to this program: its texts, how it is recognised, and (where the wire shows it) a judge.
 * One file a cause in `causes/` and `neighbours/`; a cause never imports another.
 */
import type { Cause, Neighbour } from '../model/cause.ts';
import type { NeighbourSilent } from '../model/connection.ts';
import type { Attempt, Incident } from '../model/incident.ts';
import type { Alternative, Confidence, Evidence } from '../model/verdict.ts';
import type { Wire } from './wire-facts.ts';

/** The families of causes 5.1 to 5.7, in the order in which they are listed. */
export const SECTIONS = [
  'No attempt made',
  'Connecting',
  'TLS to the upstream',
  'No complete response header',
  'Response refused by the gateway',
  'Passed on',
  'Not known',
  'Neighbours: not a 502',
] as const;

/** A remedy that is of no use where kernel events told the cause. */
export const RECORD_WITH_KERNEL: string =
  'Record again with kernel events on the host of the peer: they name the process and its end.';

export type Section = (typeof SECTIONS)[number];

/** How each kind of evidence shows the cause, in words. */
export interface Recognised {
  readonly packets: string;
  readonly kernel: string;
  readonly log: string;
}

/** The nearest words of other gateways, for those who know them. */
export interface Elsewhere {
  readonly haproxy: string;
  readonly envoy: string;
}

/** What a judge says; the registry's file adds the cause and its remedies. */
export interface Judgement {
  readonly subcause?: string;
  /** As far as the wire goes; link and loss may lower it. */
  readonly confidence: Confidence;
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly alternatives?: readonly Alternative[];
  readonly unseen?: readonly string[];
  /** Said before the cause's own remedies, or instead of them: those are for readers who know less. */
  readonly advice?: readonly string[];
  readonly adviceInstead?: boolean;
}

export interface CauseFile {
  readonly cause: Cause | Neighbour;
  readonly section: Section;
  /** At most 60 characters. */
  readonly title: string;
  readonly meaning: string;
  readonly recognised: Recognised;
  /** Closed list of subcauses with their meaning, where there is one. */
  readonly subcauses?: Readonly<Record<string, string>>;
  /** Likely roots, most frequent first. */
  readonly roots: readonly string[];
  /** What to do, first things first. */
  readonly remedies: readonly string[];
  readonly elsewhere?: Elsewhere;
  /** Matches the message of nginx's error-log line, from its first character. */
  readonly log?: RegExp;
  /** The log writes the same line as for this cause: only packets or the kernel tell them apart. */
  readonly logAs?: Cause;
  /** Judges an attempt that failed, or whose answer the gateway did not pass on. */
  readonly judge?: (wire: Wire) => Judgement | undefined;
  /** Judges an attempt whose answer the gateway did pass on. */
  readonly judgeAnswer?: (wire: Wire) => Judgement | undefined;
  /** Judges an attempt that left no connection. */
  readonly judgeSilent?: (attempt: Attempt, silent: NeighbourSilent) => Judgement | undefined;
  /** Errors of a connect() that failed before a packet was sent, by the kind of its socket: each belongs to one cause. */
  readonly connectErrors?: { readonly tcp?: readonly number[]; readonly unix?: readonly number[] };
  /** Judges a 502 without any attempt. */
  readonly judgeAbsence?: (incident: Incident) => Judgement | undefined;
}
