/** The captures that the bench reads, made once and kept outside of the repository. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { missingForLoad } from './load.ts';
import { writeMany } from './many.ts';
import { record } from './record.ts';
import { repeated } from './repeat.ts';
import { writeBad, writeCut } from './spoil.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Raised whenever a capture is made in another way. */
const EDITION = 1;

export const CACHE: string = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'why502',
  `bench-${EDITION}`,
);

export const KINDS = ['big', 'small', 'many', 'bad'] as const;
export type Kind = (typeof KINDS)[number];

export const ABOUT: Readonly<Record<Kind, string>> = {
  big: 'nginx under wrk, bodies of 300 B to 40 kB, 2 % failing',
  small: 'the same with a snap length of 96',
  many: 'a million connections, 200,000 open at once',
  bad: '10 % out of order, 1 % lost, 2 % doubled',
};

/** Frames of a load that make about 1 GB on a loopback, where a segment holds up to 64 kB. */
const FRAMES = 400_000;
const OCTETS = 1e9;
const SNAP_LENGTH = 96;

/** The path of a capture, which is made where it is not there yet. */
export async function captureOf(kind: Kind): Promise<string> {
  const path = join(CACHE, `${kind}.pcap`);
  if (existsSync(path)) return path;
  const source = kind === 'small' || kind === 'bad' ? await captureOf('big') : '';
  mkdirSync(CACHE, { recursive: true });
  console.error(`making ${path}: ${ABOUT[kind]}`);
  const unfinished = `${path}.part`;
  if (kind === 'big') await writeBig(unfinished);
  else if (kind === 'small') await writeCut(source, unfinished, SNAP_LENGTH);
  else if (kind === 'bad') await writeBad(source, unfinished);
  else writeMany(unfinished);
  renameSync(unfinished, path);
  return path;
}

async function writeBig(path: string): Promise<void> {
  const missing = missingForLoad();
  if (missing === undefined) {
    await record(path, FRAMES);
    return;
  }
  console.error(`not recorded, for want of ${missing}: a bundled recording is repeated instead`);
  const file = openSync(path, 'w');
  for (const piece of repeated(readFileSync(join(ROOT, 'captures/mixed/evening.pcapng')), OCTETS))
    writeSync(file, piece);
  closeSync(file);
}
