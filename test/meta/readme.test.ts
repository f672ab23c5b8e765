/** What the READMEs say is so. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foldersUnder, ROOT } from './tree.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const packageJson: {
  version: string;
  scripts: Record<string, string>;
  config: { capture: string };
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  devDependencies: Record<string, string>;
} = JSON.parse(read('package.json'));

test('every folder of src/ has a README', () => {
  expect(foldersUnder('src').filter((folder) => !existsSync(join(ROOT, folder, 'README.md')))).toEqual([]);
});

test.each(['README.md', 'test/README.md'])('every npm command that %s names exists', (path) => {
  const named = [...read(path).matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
    ([, run, word]) => run ?? word ?? '',
  );
  expect(named).not.toEqual([]);
  expect(named.filter((script) => packageJson.scripts[script] === undefined)).toEqual([]);
});

test.each(['hunt', 'story'])('the screen of the %s is the one that the program draws', (screen) => {
  const shown = new RegExp(`<!-- ${screen} -->\\n\`\`\`\\n([^]*?)\\n\`\`\``).exec(read('README.md'))?.[1];
  expect(shown).toBe(read(`test/program/golden/tui-${screen}.80x24.txt`).trimEnd());
});

test('every file that a README of the root or of test/ links to exists', () => {
  for (const [folder, path] of [
    ['.', 'README.md'],
    ['test', 'test/README.md'],
  ] as const) {
    const links = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(join(ROOT, folder, link)))).toEqual([]);
  }
});

test('the table of dependencies lists exactly those of package.json, each with a reason', () => {
  const section = /^## Dependencies$(.*?)(?=^## |(?![\s\S]))/ms.exec(read('README.md'))?.[1] ?? '';
  const rows = [...section.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)];
  const { dependencies = {}, optionalDependencies = {}, devDependencies } = packageJson;
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
  expect(rows.map(([, name]) => name).sort()).toEqual(names.sort());
  for (const [row, , reason] of rows) expect(reason?.trim().length, row).toBeGreaterThan(10);
});

test('the changelog is kept: unreleased changes, or the version of package.json', () => {
  const changelog = read('CHANGELOG.md');
  expect(changelog).toMatch(/^## \[Unreleased\]$/m);
  const unreleased = /^## \[Unreleased\]$(.*?)(?=^## |(?![\s\S]))/ms.exec(changelog)?.[1] ?? '';
  expect(/^- /m.test(unreleased) || changelog.includes(`## [${packageJson.version}]`)).toBe(true);
});

test('the bundled capture exists', () => {
  expect(existsSync(join(ROOT, packageJson.config.capture)), packageJson.config.capture).toBe(true);
});
