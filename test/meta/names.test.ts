/** Where a test is: `src/x.ts` has `test/x.test.ts`. Files that hold only types and constants have nothing to test. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { COVERED_ELSEWHERE } from './exceptions.ts';
import { filesUnder, foldersUnder, ROOT } from './tree.ts';

const sources = filesUnder('src').filter((path) => path.endsWith('.ts'));

function testOf(source: string): string {
  return source.replace(/^src/, 'test').replace(/[.]ts$/, '.test.ts');
}

function exceptionOf(source: string): string | undefined {
  return Object.keys(COVERED_ELSEWHERE).find((key) =>
    key.endsWith('/') ? `${dirname(source)}/` === key : source === key,
  );
}

/** No code is left of it once the types are gone. */
function holdsNoCode(source: string): boolean {
  const { outputText } = ts.transpileModule(readFileSync(join(ROOT, source), 'utf8'), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  });
  return !/\bfunction\b|\bclass\b|=>|^\s*(get )?\w+\(.*\) \{$/m.test(outputText);
}

describe('every file of src/ has a test of its name', () => {
  test.each(sources)('%s', (source) => {
    if (existsSync(join(ROOT, testOf(source))) || exceptionOf(source) !== undefined || holdsNoCode(source)) return;
    expect.fail(`${testOf(source)} does not exist (or say in test/meta/exceptions.ts which test covers ${source})`);
  });
});

test('the list of exceptions only shrinks: no entry is gone, superfluous or covered by nothing', () => {
  for (const [key, covering] of Object.entries(COVERED_ELSEWHERE)) {
    expect(existsSync(join(ROOT, covering)), `${key}: ${covering}`).toBe(true);
    const covered = sources.filter((source) => exceptionOf(source) === key);
    const lacking = covered.filter((source) => !existsSync(join(ROOT, testOf(source))) && !holdsNoCode(source));
    expect(lacking, `${key} needs no exception any more`).not.toEqual([]);
  }
});

test('no folder or file is a heap', () => {
  const heaps = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'shared'];
  expect(foldersUnder('src').filter((folder) => heaps.includes(basename(folder)))).toEqual([]);
  expect(
    sources.filter((path) => ['types.ts', 'index.ts', ...heaps.map((heap) => `${heap}.ts`)].includes(basename(path))),
  ).toEqual([]);
});

test('files are named in kebab-case, types without Manager, Handler, Processor, Helper, Data, Info', () => {
  expect(sources.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*([.]d)?[.]ts$/.test(basename(path)))).toEqual([]);
  const vague = sources.flatMap((path) =>
    [
      ...readFileSync(join(ROOT, path), 'utf8').matchAll(
        /\b(?:class|interface|type) (\w*(?:Manager|Handler|Processor|Helper|Data|Info))\b/g,
      ),
    ].map(([, name]) => `${path}: ${name}`),
  );
  expect(vague).toEqual([]);
});
