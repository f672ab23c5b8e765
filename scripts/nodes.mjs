/**
 * `npm run test:nodes`: the tests that need no root, on other versions of Node. Those come as the npm package `node`, into
 * a cache folder outside the repository. One line a version; a failing version leaves its report where the line says.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensurePackages, say } from './prepare.mjs';
import { runVitest } from './vitest.mjs';

const VERSIONS = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24'];
const ROOTLESS = ['unit', 'lab', 'program', 'properties'];
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'why502');

checkNode();
ensurePackages();
if (!ensureBuilt()) process.exitCode = 1;
for (const version of VERSIONS) {
  const folder = join(CACHE, `node-${version}`);
  const node = join(folder, 'node_modules/node/bin/node');
  if (!existsSync(node)) {
    say(`Installing Node ${version} into ${folder} (npm package "node", about 130 MB)`);
    mkdirSync(folder, { recursive: true });
    const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', `node@${version}`];
    if (spawnSync('npm', install, { stdio: ['ignore', 2, 2] }).status !== 0 || !existsSync(node)) {
      console.log(`Node ${version}: could not be installed`);
      process.exitCode = 1;
      continue;
    }
  }
  const exact = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  // Several excluded ones would exclude nothing: vitest takes a project that any of the patterns matches.
  const projects = ROOTLESS.flatMap((name) => ['--project', name]);
  const { passed, failed, names } = runVitest('report', projects, folder, { node, quiet: true });
  const report = failed > 0 ? `: see ${join(folder, 'report.json')}` : '';
  console.log(`Node ${exact}: ${passed} passed, ${failed} failed, ${names.length} skipped${report}`);
  if (failed > 0) process.exitCode = 1;
}
