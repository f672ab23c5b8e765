/** NDJSON, version 1: one document a line, in the order the verdicts settle, the summary last. */
import type { Verdict } from '../model/verdict.ts';
import { type DocumentContext, incidentDocument, lossDocument } from './document.ts';
import { jsonText } from './json-text.ts';
import type { Output } from './output.ts';
import type { VerdictSink } from './sink.ts';
import { summaryDocument } from './summary.ts';
import { Tally } from './tally.ts';

export function ndjsonSink(output: Output, context: () => DocumentContext): VerdictSink {
  const incidents = new Tally();
  const masked = new Tally();
  const line = (document: object): void => output.write(`${jsonText(document)}\n`);
  return {
    verdict(verdict: Verdict) {
      (verdict.incident.kind === 'incident' ? incidents : masked).add(verdict);
      line(incidentDocument(verdict, context()));
    },
    loss: (loss) => line(lossDocument(loss, context())),
    end(run) {
      line(summaryDocument(run, incidents, masked));
      output.flush();
    },
  };
}
