/** What mutations start from: small captures that hold something worth breaking. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { answers, CORPUS, capturesUnder, sha256 } from '../corpus/corpus.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Larger captures cost time without reaching further. */
const LARGEST = 24 * 1024;
/** A capture of the corpus that holds no HTTP is taken once in this many, for its link types and headers. */
const OTHERS = 16;

/** Our own captures (each several times, for they hold 502s), and those of the corpus. */
export function startingPoints(): string[] {
  const own = capturesUnder(join(ROOT, 'captures')).filter((path) => statSync(path).size <= LARGEST * 4);
  const known = answers();
  const foreign = capturesUnder(CORPUS)
    .filter((path) => statSync(path).size <= LARGEST && !path.endsWith('.gz'))
    .filter((path, index) => known.get(sha256(readFileSync(path)))?.heads !== '' || index % OTHERS === 0);
  const times = foreign.length > 0 && own.length > 0 ? Math.max(1, Math.round(foreign.length / own.length)) : 1;
  return [...Array.from({ length: times }, () => own).flat(), ...foreign];
}
