/** Captures of other projects, when they are beside the repository: far more shapes of traffic than we could think of. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Where the corpus is; may not exist. */
export const CORPUS: string = process.env['WHY502_CORPUS'] ?? join(ROOT, '../shared/corpus');

/** Why tests that need it cannot run; empty where they can. */
export const NO_CORPUS: string = existsSync(CORPUS) ? '' : 'no corpus (WHY502_CORPUS names its folder)';

/** First octets of pcap (either order, micro- or nanoseconds), pcapng and gzip. */
const MAGICS = ['a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', '0a0d0d0a', '1f8b'];

/** Paths of the captures under a folder, sorted; none where it does not exist. With `anything`, of all files. */
export function capturesUnder(folder: string, { anything = false } = {}): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && (anything || isCapture(path)))
    .sort();
}

function isCapture(path: string): boolean {
  const start = readFileSync(path).subarray(0, 4).toString('hex');
  return MAGICS.some((magic) => start.startsWith(magic));
}

export interface Answer {
  /** Counts by status, `200:3 404:1`; a response counts when tshark saw its whole body. */
  readonly whole: string;
  /** The same without reassembly of bodies: a response counts when its head is there and begins a segment. */
  readonly heads: string;
  /** tshark could not read all of it. */
  readonly damaged: boolean;
}

/** What tshark said of each capture, by SHA-256 (scripts/tshark-statuses.mjs). */
export function answers(): Map<string, Answer> {
  const lines = readFileSync(join(import.meta.dirname, 'tshark-statuses.tsv'), 'utf8').split('\n');
  return new Map(
    lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [sha = '', whole = '', heads = '', exit = ''] = line.split('\t');
        return [sha, { whole, heads, damaged: exit !== '0' }];
      }),
  );
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Name of a capture within the corpus. */
export function corpusName(path: string): string {
  return relative(CORPUS, path);
}
