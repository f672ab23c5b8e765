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

function linesWith(pattern: RegExp, among = texts): string[] {
  return among.flatMap(([path, text]) =>
    text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`] : [])),
  );
}

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
  const lock = texts.filter(([path]) => path === 'package-lock.json');
  expect(linesWith(/"resolved"/, lock)).toEqual([]);
  // What remains are the addresses where authors ask for money.
  expect(linesWith(/^(?!\s*"url": ).*https?:/, lock).filter((line) => !line.includes('"funding"'))).toEqual([]);
});

test('npm takes everything from a registry: no dependency from git, a folder or an address', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string; link?: boolean; inBundle?: boolean }>;
  };
  const loose = Object.entries(packages).filter(
    ([path, { integrity, inBundle }]) => path !== '' && !inBundle && !integrity,
  );
  expect(loose.map(([path]) => path)).toEqual([]);
});
