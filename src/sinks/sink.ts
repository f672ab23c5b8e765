/** What every sink is: verdicts and losses go in as they settle, one summary closes it. */
import type { Loss } from '../model/source-record.ts';
import type { Nanos } from '../model/time.ts';
import type { Verdict } from '../model/verdict.ts';

export interface VerdictSink {
  verdict(verdict: Verdict): void;
  loss(loss: Loss): void;
  /** The last call: nothing more will come from this capture. */
  end(run: RunFacts): void;
}

/** Why a capture could not be read to its end. */
export interface Damage {
  readonly kind: 'cut-short' | 'damaged';
  /** Of the first octet that could not be read, from the start of the unpacked capture. */
  readonly offset: number;
  /** The number the record there would have had. */
  readonly record: number;
  readonly text: string;
  readonly remedy: string;
}

/** What is known about a run over one capture when it is over. */
export interface RunFacts {
  readonly file: string;
  /** Endpoints the user named as gateways; none: they are found. */
  readonly gateways: readonly string[];
  /** Unix nanoseconds of Nanos 0. */
  readonly epoch: bigint;
  /** Times of the first and the last record; equal for an empty capture. */
  readonly started: Nanos;
  readonly ended: Nanos;
  /** Octets of the capture that were read. */
  readonly octets: number;
  readonly frames: number;
  /** Requests that gateways were asked. */
  readonly requests: number;
  /** Records the capture says it lost. */
  readonly lost: number;
  /** Further counts, by name: what was given up, and where. */
  readonly counters: Readonly<Record<string, number>>;
  readonly damage: Damage | undefined;
  /** The user ended it before the capture did. */
  readonly interrupted: boolean;
}
