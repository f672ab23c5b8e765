/** What users install: everything that the program needs, and nothing else. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesUnder, ROOT } from './tree.ts';

interface Packed {
  files: { path: string }[];
}

const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: ROOT,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
});
const parsed: Packed[] | Record<string, Packed> = JSON.parse(listing);
const files = (Object.values(parsed)[0]?.files ?? []).map(({ path }) => path);

test('every piece that a piece of the program imports is in the package', () => {
  const pieces = files.filter((path) => /^dist\/[^/]+[.]js$/.test(path));
  const wanted = pieces.flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(/(?:from|import|import\()\s*"[.]\/([^"]+)"/g)].map(
      ([, piece]) => `dist/${piece}`,
    ),
  );
  expect(wanted.length).toBeGreaterThan(0);
  expect(wanted.filter((path) => !files.includes(path))).toEqual([]);
});

test('every file that the sources name beside themselves is in the package', () => {
  const named = filesUnder('src')
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/new URL\('([^']+)', import[.]meta[.]url\)/g)].map(
        // All pieces lie in dist/ itself: only a file of src/ itself may name others.
        ([, url]) => (path.split('/').length === 2 ? join('dist', url ?? '') : `${path} names ${url}`),
      ),
    );
  expect(named.filter((path) => !files.includes(path))).toEqual([]);
});

test('beside the program there are what its users read and the schema of its output, and nothing else', () => {
  const others = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'src/sinks/ndjson.schema.json'];
  // npm takes the README of every folder on the way along.
  const passed = /^dist\/|^src\/(sinks\/)?README[.]md$/;
  expect(files.filter((path) => !passed.test(path)).sort()).toEqual(others);
});

test('the program begins with a shebang', () => {
  const program = join(ROOT, 'dist/cli.js');
  expect(existsSync(program)).toBe(true);
  expect(readFileSync(program, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
});
