/**
 * Runs the cases of a campaign in a process of its own, so that a hang can be ended and a crash survived. Before each case
 * it writes the case's number to the progress file: whoever ends this process knows which case it was.
 * A JSON line on stdout for each failure; at most FAILURES of them.
 */
import { openSync, readFileSync, writeSync } from 'node:fs';
import type { Failure, Job } from './campaign.ts';
import { caseOf, octetsOfCase, shrink } from './case.ts';

/** One cause makes hundreds of failures: the first few will do. */
const FAILURES = 3;
/** Resident memory that no case of at most CASE_LIMIT octets may add. */
const GROWTH = 300 * 1024 * 1024;

const job: Job = JSON.parse(readFileSync(0, 'utf8'));
const { run }: { run: (octets: Uint8Array) => void } = await import(job.target);
const progress = openSync(job.progress, 'w');

function wrongWith(octets: Uint8Array): string | undefined {
  const before = process.memoryUsage.rss();
  try {
    run(octets);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const grown = process.memoryUsage.rss() - before;
  return grown > GROWTH ? `grew by ${Math.round(grown / 2 ** 20)} MiB` : undefined;
}

function report(failure: Failure): void {
  writeSync(1, `${JSON.stringify(failure)}\n`);
}

let failures = 0;
for (let number = job.from; number < job.to && failures < FAILURES; number++) {
  writeSync(progress, String(number).padEnd(10), 0);
  if (job.replay) {
    const octets = new Uint8Array(readFileSync(job.captures[number] ?? ''));
    const wrong = wrongWith(octets);
    if (wrong === undefined) continue;
    report({ number, wrong, list: [], octets: '' });
  } else {
    const failing = caseOf(job.seed, number, job.captures);
    const wrong = wrongWith(octetsOfCase(failing));
    if (wrong === undefined) continue;
    const small = shrink(failing, (octets) => wrongWith(octets) !== undefined);
    report({ number, wrong, list: small.list, octets: Buffer.from(octetsOfCase(small)).toString('base64') });
  }
  failures++;
}
