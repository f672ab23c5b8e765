/**
 * `npm test`: from a fresh clone to every test. Installs what is missing, builds, runs the tests that need no root, then,
 * as root, the live ones; names what it skipped and why. With CI set a missing prerequisite is a failure.
 * vitest's reports and their total go to .ci/results/ as JSON.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensurePackages, ROOT, say } from './prepare.mjs';
import { installPrerequisites, isRoot, missingPrerequisites } from './prerequisites.mjs';
import { addUp, runVitest } from './vitest.mjs';

const strict = Boolean(process.env['CI']);
/** @type {string[]} */
const skipped = [];

checkNode();
const live = prepareLive();
ensurePackages(live);
const built = ensureBuilt();
if (!built) say('The build failed. The tests are run all the same.');

const results = join(ROOT, '.ci/results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const outcomes = [runVitest('rootless', ['--project', '!live'], results)];
if (live) outcomes.push(runVitest('live', ['--project', 'live', '--no-file-parallelism'], results));

if (!built) outcomes.push({ passed: 0, failed: 1, names: [] });

const total = addUp(outcomes);
for (const { names } of outcomes) skipped.push(...names);
if (skipped.length > 0) say(`\nSkipped:\n${skipped.map((what) => `  ${what}`).join('\n')}`);
writeFileSync(join(results, 'total.json'), JSON.stringify(total));
say(`\n${total.passed} passed, ${total.failed} failed, ${skipped.length} skipped`);
process.exitCode = total.failed > 0 || (strict && !live) ? 1 : 0;

/** Can live tests run? Installs what they need where that is possible. */
function prepareLive() {
  if (process.platform !== 'linux') return cannot('they need Linux');
  if (!isRoot()) return cannot('they need root (network namespaces, captures): sudo npm test');
  const missing = missingPrerequisites();
  if (missing.length === 0) return true;
  const why = installPrerequisites(missing, say);
  return why === undefined ? true : cannot(why);
}

/** @param {string} why */
function cannot(why) {
  skipped.push(`all live tests (test/live): ${why}`);
  if (strict) say(`CI is set, so this is a failure: live tests cannot run: ${why}`);
  return false;
}
