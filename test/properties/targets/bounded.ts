/** The corpus as it is (test/corpus/bounds.test.ts): all reports, and a look at the memory. */
import { gunzipSync } from 'node:zlib';
import { reports } from './whole.ts';

/** Resident memory of the whole process, with the tools that run it, after any file. */
const LIMIT = 300e6;

export function run(octets: Uint8Array): void {
  const gzipped = octets[0] === 0x1f && octets[1] === 0x8b;
  reports([gzipped ? gunzipSync(octets) : octets]);
  const resident = process.memoryUsage.rss();
  if (resident > LIMIT) throw new Error(`${Math.round(resident / 1e6)} MB resident`);
}
