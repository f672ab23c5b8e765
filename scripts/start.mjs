/**
 * `npm start`: from a fresh clone to the first report. Installs what is missing, builds, and shows the 502s of the bundled
 * capture (package.json, "config"): in the terminal UI on a terminal, as text elsewhere; `npm start -- ARGS` runs `why502 ARGS` instead.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensurePackages, giveUp, ROOT } from './prepare.mjs';

checkNode();
ensurePackages();
if (!ensureBuilt()) giveUp('The build failed.');

const given = process.argv.slice(2);
/** @type {string} */
const capture = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).config.capture;
const { TERM } = process.env;
const screen = process.stdout.isTTY && TERM !== undefined && TERM !== '' && TERM !== 'dumb';
const args = given.length > 0 ? given : ['analyze', join(ROOT, capture), ...(screen ? ['--tui'] : [])];
const run = spawnSync(process.execPath, [join(ROOT, 'dist/cli.js'), ...args], {
  // npm runs scripts in the package's folder; files are named from where the user stands.
  cwd: process.env['INIT_CWD'] ?? process.cwd(),
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
