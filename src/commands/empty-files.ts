/** Files of a recording that were made in advance and not needed: they go, where that is allowed. */
import { statSync } from 'node:fs';
import { isRemoved } from '../sinks/recording-files.ts';
import { safeName } from '../sinks/safe-text.ts';
import { readCapture } from '../sources/capture-file.ts';

/** More than describes what a file would hold: it is not looked into. */
const LOOKED_INTO = 64 * 1024;

/** Takes away what holds no packet, no journal entry and no count of losses; returns the names of what stays all the same. */
export async function removeEmpty(names: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const name of names) if ((await isEmpty(name)) && !isRemoved(name)) left.push(name);
  return left;
}

/** What cannot be read may hold something. */
async function isEmpty(name: string): Promise<boolean> {
  if (sizeOf(name) > LOOKED_INTO) return false;
  const summary = await readCapture(name, { frame: () => {}, journal: () => {}, loss: () => {} });
  if (summary.kind === 'failure' || summary.damage) return false;
  return summary.frames === 0 && summary.journalEntries === 0 && summary.lost === 0;
}

function sizeOf(name: string): number {
  try {
    return statSync(name).size;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** They were made in advance, while this process was still root, who alone may take them away. */
export function leftText(names: readonly string[]): string {
  const [first = '', last = first] = [names[0], names.at(-1)].map((name) => safeName(name ?? ''));
  const which = names.length === 1 ? `${first} holds` : `${names.length} files, ${first} to ${last}, hold`;
  return `${which} no packets, and may not be removed by this user any more: root may`;
}
