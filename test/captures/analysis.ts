/** A capture through the true pipeline, as `why502 analyze --format ndjson` takes it, and what is compared of its verdicts. */
import { Readable } from 'node:stream';
import { SETTLE_FILE } from '../../src/config.ts';
import type { Nanos } from '../../src/model/time.ts';
import { createPipeline } from '../../src/pipeline.ts';
import type { IncidentDocument } from '../../src/sinks/document.ts';
import { ndjsonSink } from '../../src/sinks/ndjson.ts';
import { MASK_SECRETS } from '../../src/sinks/secrets.ts';
import { readCaptureStream } from '../../src/sources/capture-file.ts';

/** A line of the output that is about a request, as the lab's scorer reads it too. */
export interface VerdictLine extends Omit<IncidentDocument, 'request'> {
  readonly request: { readonly connectionRequests: number; readonly method: string; readonly target: string };
}

/** The verdicts of a capture whose octets come in these pieces. Damage is a failure. */
export async function analyse(
  pieces: readonly Uint8Array[],
  { settle = SETTLE_FILE }: { settle?: Nanos } = {},
): Promise<VerdictLine[]> {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), flush: () => {}, closed: false };
  let epoch = 0n;
  const sink = ndjsonSink(output, () => ({ file: 'capture', epoch, mask: MASK_SECRETS }));
  const pipeline = createPipeline({ gateways: [], settle }, sink);
  const summary = await readCaptureStream('capture', Readable.from(pieces), pipeline, {
    epoch: (first) => {
      epoch = first;
    },
  });
  pipeline.end();
  if (summary.kind === 'failure') throw new Error(`${summary.cause}: ${summary.remedy}`);
  if (summary.damage) throw new Error(`damaged: ${summary.damage.text}`);
  const documents: { readonly type: string }[] = written.map((line) => JSON.parse(line));
  return documents.filter(({ type }) => type === 'incident' || type === 'masked') as VerdictLine[];
}

/**
 * A verdict in one line, without times, texts and frame numbers:
 *
 *     i-3 GET /retry/a by 127.0.0.1:8080: reset-before-response likely [10.0.0.7:80 connect-refused timing, 10.0.0.8:80 ... reused]
 *
 * `after` names the incidents that led to it, `next hop` the one that it passed on.
 */
export function essence({ id, status, gateway, request, verdict, attempts, rootChain, nextHop }: VerdictLine): string {
  const { cause, reason, subcause, confidence } = verdict;
  const made = attempts.map(({ peer, link, reused, ...attempt }) => {
    const failure = attempt.cause === null ? 'ok' : named(attempt.cause, attempt.subcause);
    return `${peer} ${failure} ${link}${reused ? ' reused' : ''}`;
  });
  return [
    `${id} ${status ?? 'no status'} ${request.method} ${request.target} by ${gateway}:`,
    `${named(cause, reason ?? subcause)} ${confidence} [${made.join(', ')}]`,
    ...(rootChain.length > 0 ? [`after ${rootChain.join(' ')}`] : []),
    ...(nextHop === null ? [] : [`next hop ${nextHop}`]),
  ].join(' ');
}

function named(cause: string, more: string | null | undefined): string {
  return more ? `${cause} (${more})` : cause;
}

/** What must not change with the clock: which request, which kind of line, and why. */
export function causeOnly({ type, client, request, verdict, attempts }: VerdictLine): string {
  const causes = attempts.map(({ peer, cause }) => `${peer} ${cause ?? 'ok'}`);
  const which = `${client} #${request.connectionRequests} ${request.method} ${request.target}`;
  return `${type} ${which}: ${named(verdict.cause, verdict.reason)} [${causes.join(', ')}]`;
}
