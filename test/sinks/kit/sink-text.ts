/** Runs a sink over verdicts and returns what it wrote. */
import type { Loss } from '../../../src/model/source-record.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import type { DocumentContext } from '../../../src/sinks/document.ts';
import type { Output } from '../../../src/sinks/output.ts';
import { MASK_SECRETS } from '../../../src/sinks/secrets.ts';
import type { RunFacts, VerdictSink } from '../../../src/sinks/sink.ts';
import { EPOCH, run } from './verdicts.ts';

export const CONTEXT: DocumentContext = { file: 'checkout.pcap', epoch: EPOCH, mask: MASK_SECRETS };

export function memoryOutput(): Output & { readonly text: () => string } {
  let text = '';
  return {
    write: (more) => {
      text += more;
    },
    flush: () => {},
    closed: false,
    text: () => text,
  };
}

export interface Fed {
  readonly verdicts?: readonly Verdict[];
  readonly losses?: readonly Loss[];
  readonly run?: Partial<RunFacts>;
}

export function textOf(make: (output: Output) => VerdictSink, fed: Fed = {}): string {
  const output = memoryOutput();
  const sink = make(output);
  for (const loss of fed.losses ?? []) sink.loss(loss);
  for (const one of fed.verdicts ?? []) sink.verdict(one);
  sink.end(run(fed.run));
  return output.text();
}
