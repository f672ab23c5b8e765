/**
 * Between source and sink nothing waits and nothing is random (imports and globals are seen to by the layer rules and by
 * biome's noRestrictedGlobals; this is the rest).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesUnder, ROOT } from './tree.ts';

const SHELL = /^src\/(sources|sinks|commands)\/|^src\/cli[.]ts$/;
const core = filesUnder('src').filter((path) => path.endsWith('.ts') && !SHELL.test(path));

/** The code without comments; strings may stay. */
function code(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').replace(/\/\*.*?\*\/|(?<!:)\/\/[^\n]*/gs, '');
}

test.each([
  ['is random', /Math[.]random|crypto[.]getRandom/],
  ['waits', /\basync\b|\bawait\b|\bnew Promise\b/],
  ['has a clock', /Date[.]now|performance[.]now|hrtime/],
])('nothing in the core %s', (_, pattern) => {
  expect(core.length).toBeGreaterThan(10);
  expect(core.filter((path) => pattern.test(code(path)))).toEqual([]);
});
