/** How `.ci/run` counts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { addUp, readOutcome } from '../../scripts/vitest.mjs';

const folder = mkdtempSync(join(tmpdir(), 'outcome-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(...files: { status: string; tests: string[] }[]): string {
  const path = join(folder, 'report.json');
  const testResults = files.map(({ status, tests }, index) => ({
    name: `${index}.test.ts`,
    status,
    assertionResults: tests.map((outcome) => ({ status: outcome, fullName: outcome })),
  }));
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

test('passed and failed tests are counted, skipped ones named', () => {
  const path = report(
    { status: 'passed', tests: ['passed', 'passed', 'skipped'] },
    { status: 'failed', tests: ['failed', 'passed'] },
  );
  expect(readOutcome(path, 1)).toEqual({ passed: 3, failed: 1, names: ['skipped'] });
});

test('a file that cannot be loaded is a failure', () => {
  expect(readOutcome(report({ status: 'failed', tests: [] }), 1)).toMatchObject({ passed: 0, failed: 1 });
});

test('a run that fails with no test to blame is a failure', () => {
  expect(readOutcome(report({ status: 'passed', tests: ['passed'] }), 1)).toMatchObject({ passed: 1, failed: 1 });
});

test('a run without a report is a failure', () => {
  expect(readOutcome(join(folder, 'none.json'), 0)).toMatchObject({ passed: 0, failed: 1 });
});

test('runs add up', () => {
  const run = { passed: 2, failed: 1, names: [] };
  expect(addUp([run, run])).toEqual({ passed: 4, failed: 2 });
});
