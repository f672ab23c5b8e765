/** The repository as meta tests see it: its root and the files under a folder. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT: string = join(import.meta.dirname, '../..');

/** Paths relative to the root, sorted; nothing where the folder does not exist. */
export function filesUnder(folder: string): string[] {
  return walk(folder).filter((path) => statSync(join(ROOT, path)).isFile());
}

/** The folder itself and those inside it. */
export function foldersUnder(folder: string): string[] {
  return [folder, ...walk(folder)].filter((path) => statSync(join(ROOT, path)).isDirectory());
}

function walk(folder: string): string[] {
  const from = join(ROOT, folder);
  if (!existsSync(from)) return [];
  return readdirSync(from, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .sort();
}
