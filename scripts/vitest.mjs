/** Runs vitest and reads what came of it from its JSON report. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} names of skipped tests
 *
 * @typedef {{ status: string, fullName: string }} Assertion
 * @typedef {{ name: string, status: string, assertionResults: Assertion[] }} TestFile
 */

/**
 * @param {string} name of this run
 * @param {readonly string[]} args
 * @param {string} folder for the report
 * @param {{ node?: string, quiet?: boolean }} [options]
 * @returns {Outcome}
 */
export function runVitest(name, args, folder, { node = process.execPath, quiet = false } = {}) {
  const report = join(folder, `${name}.json`);
  const reporters = quiet ? ['--reporter=json'] : ['--reporter=default', '--reporter=json'];
  const run = spawnSync(
    node,
    [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...args, ...reporters, `--outputFile.json=${report}`],
    { cwd: ROOT, stdio: ['ignore', quiet ? 'ignore' : 'inherit', quiet ? 'ignore' : 'inherit'] },
  );
  return readOutcome(report, run.status ?? 1);
}

/**
 * A file that could not be loaded holds no failed test, and a run can fail with none: each counts as one failure.
 * @param {string} report
 * @param {number} exit vitest's own
 * @returns {Outcome}
 */
export function readOutcome(report, exit) {
  if (!existsSync(report)) return { passed: 0, failed: 1, names: [] };
  /** @type {{ testResults: TestFile[] }} */
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const outcome = { passed: 0, failed: 0, names: /** @type {string[]} */ ([]) };
  for (const file of testResults) {
    if (file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed')) outcome.failed++;
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') outcome.passed++;
      else if (status === 'failed') outcome.failed++;
      else outcome.names.push(fullName);
    }
  }
  if (exit !== 0 && outcome.failed === 0) outcome.failed = 1;
  return outcome;
}

/** @param {readonly Outcome[]} outcomes */
export function addUp(outcomes) {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
  };
}
