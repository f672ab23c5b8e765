/** The recordings of `captures/`, each with what nginx logged for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TruthRow } from '../lab/truth.ts';

const CAPTURES = join(import.meta.dirname, '../../captures');

export interface Recording {
  /** Folder and name, without the ending: `connect-refused/refused`. */
  readonly name: string;
  readonly capture: string;
  readonly truth: string;
  /** The kernel's events are in it. */
  readonly kernel: boolean;
  /** The golden file. */
  readonly expected: string;
}

export function recordings(): readonly Recording[] {
  const found = readdirSync(CAPTURES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.pcapng'));
  return found.sort().map((file) => {
    const name = file.replace(/[.]pcapng$/, '');
    const path = join(CAPTURES, name);
    const kernel = readFileSync(`${path}.pcapng`).includes('WHY502_EVENT=');
    return { name, kernel, capture: `${path}.pcapng`, truth: `${path}.truth.ndjson`, expected: `${path}.expected.txt` };
  });
}

export function truthOf({ truth }: Recording): readonly TruthRow[] {
  const lines = readFileSync(truth, 'utf8').trimEnd().split('\n');
  return lines.map((line): TruthRow => JSON.parse(line));
}
