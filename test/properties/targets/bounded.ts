/** The corpus as it is (test/corpus/bounds.test.ts): all reports, and a look at the memory. */
import { gunzipSync } from 'node:zlib';
import { reports } from './whole.ts';

/** Resident memory of the whole process, with the tools that run it, after any file. */
const LIMIT = 300e6;

/** What earlier files left behind is not this one's: it is collected once it comes to this. */
const LEFT_BEHIND = 200e6;

export function run(octets: Uint8Array): void {
  if (process.memoryUsage.rss() > LEFT_BEHIND) globalThis.gc?.();
  const gzipped = octets[0] === 0x1f && octets[1] === 0x8b;
  reports([gzipped ? gunzipSync(octets) : octets]);
  const resident = process.memoryUsage.rss();
  if (resident > LIMIT) throw new Error(`${Math.round(resident / 1e6)} MB resident`);
}
