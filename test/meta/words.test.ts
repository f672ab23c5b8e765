/** What no file of the repository may hold: traces of one machine, and loose ends. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './tree.ts';

/** Tracked and new files, without those that git ignores. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile())
  .filter((path) => path !== 'test/meta/words.test.ts');

const texts = files
  .filter((path) => /[.](ts|mjs|js|json|md|c|h|tsv|txt|yml)$|^[.]ci\/|Makefile$/.test(path))
  .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')] as const);

function linesWith(pattern: RegExp): string[] {
  return texts.flatMap(([path, text]) =>
    text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`] : [])),
  );
}

interface LockEntry {
  integrity?: string;
  inBundle?: boolean;
  optional?: boolean;
  os?: string[];
  optionalDependencies?: Record<string, string>;
}

const lock: { packages: Record<string, LockEntry> } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));

test('there are files to look at', () => {
  expect(texts.length).toBeGreaterThan(20);
});

test('no path of one machine', () => {
  expect(linesWith(/(?<![\w.*~-])\/(work|home\/\w+|Users\/\w+)\/(main|shared|\w+\/)/)).toEqual([]);
});

test('no loose end without a number', () => {
  expect(linesWith(/\b(TODO|FIXME|XXX)\b(?!.*#\d+)/)).toEqual([]);
});

test('package-lock.json names no registry: npm ci uses the one that is configured', () => {
  const withoutFunding = JSON.stringify(lock, (key, value) => (key === 'funding' ? undefined : value));
  expect(withoutFunding).not.toContain('"resolved"');
  expect(withoutFunding).not.toContain('://');
});

test('npm takes everything from a registry: no dependency from git, a folder or an address', () => {
  // Binaries for platforms that the lock file was not written on may lack their checksum.
  const loose = Object.entries(lock.packages).filter(
    ([path, { integrity, inBundle, os, optional }]) => path !== '' && !inBundle && !integrity && !(optional && os),
  );
  expect(loose.map(([path]) => path)).toEqual([]);
});

test('package-lock.json names the binaries of every platform: npm ci refuses it otherwise', () => {
  const wanted = Object.values(lock.packages).flatMap(({ optionalDependencies }) =>
    Object.keys(optionalDependencies ?? {}),
  );
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((name) => lock.packages[`node_modules/${name}`] === undefined)).toEqual([]);
});
