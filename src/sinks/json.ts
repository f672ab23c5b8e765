/**
 * JSON: one document for the whole capture. Incidents are written as they settle; what comes after them in the document
 * waits in memory, so it is bounded and the rest counted (`omitted`): NDJSON has no such limit.
 */
import { type DocumentContext, incidentDocument, lossDocument, SCHEMA_VERSION } from './document.ts';
import { jsonText } from './json-text.ts';
import type { Output } from './output.ts';
import type { VerdictSink } from './sink.ts';
import { summaryDocument } from './summary.ts';
import { Tally } from './tally.ts';

/** Octets of masked failures and losses held until the incidents are through; some 8000 of them. */
export const JSON_HELD_OCTETS: number = 16 * 1024 * 1024;

export function jsonSink(
  output: Output,
  context: () => DocumentContext,
  limit: number = JSON_HELD_OCTETS,
): VerdictSink {
  const tallies = { incident: new Tally(), masked: new Tally() };
  const held = { masked: [] as string[], losses: [] as string[], octets: 0 };
  const omitted = { masked: 0, losses: 0 };
  let opened = false;

  const hold = (list: 'masked' | 'losses', document: object): void => {
    const text = jsonText(document);
    if (held.octets + text.length > limit) {
      omitted[list]++;
      return;
    }
    held.octets += text.length;
    held[list].push(text);
  };
  const writeList = (name: string, texts: readonly string[]): void => {
    output.write(`,\n"${name}":[`);
    texts.forEach((text, at) => {
      output.write(`${at === 0 ? '\n' : ',\n'}${text}`);
    });
    output.write(']');
  };
  const open = (): void => {
    const { file } = context();
    if (!opened) output.write(`{"schema":${SCHEMA_VERSION},"file":${jsonText(file)},\n"incidents":[`);
    opened = true;
  };
  return {
    verdict(verdict) {
      const { kind } = verdict.incident;
      const document = incidentDocument(verdict, context());
      if (kind === 'masked') hold('masked', document);
      else {
        open();
        output.write(`${tallies.incident.count === 0 ? '\n' : ',\n'}${jsonText(document)}`);
      }
      tallies[kind].add(verdict);
    },
    loss: (loss) => hold('losses', lossDocument(loss, context())),
    end(run) {
      open();
      output.write(']');
      writeList('masked', held.masked);
      writeList('losses', held.losses);
      output.write(`,\n"omitted":${jsonText(omitted)}`);
      output.write(`,\n"summary":${jsonText(summaryDocument(run, tallies.incident, tallies.masked))}}\n`);
      output.flush();
    },
  };
}
