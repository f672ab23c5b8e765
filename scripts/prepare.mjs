/**
 * What both commands (npm start, npm test) do first: npm packages and dist/, each only when missing or stale.
 * Plain Node: runs before any package is installed. Everything is said on stderr; stdout belongs to the program.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const LOCK = join(ROOT, 'package-lock.json');
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
/** Written after a build without errors: what is newer than it has not been built. */
const STAMP = join(ROOT, 'node_modules/.cache/why502/built');

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {string} line @returns {never} */
export function giveUp(line) {
  say(line);
  process.exit(1);
}

export function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) giveUp(`why502 needs Node 20 or newer; this is ${process.version}.`);
}

/** Optional, because they have to be compiled where they are installed. */
const ENGINES = ['pcap', 'cap'];

/**
 * `npm ci`, unless node_modules holds exactly what package-lock.json asks for.
 * @param {boolean} engines whether what the engines need is there, so that they should be, too
 */
export function ensurePackages(engines = false) {
  if (packagesAreRight(engines ? ENGINES : [])) return;
  say(`Installing npm packages into node_modules (package-lock.json names them all, with checksums): npm ci`);
  const npm = process.env['npm_execpath'];
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const run = spawnSync(command, [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    env: { ...nodeHeaders(), ...process.env },
  });
  if (run.status !== 0) giveUp('npm ci failed: is the npm registry reachable?');
}

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockEntry */

/** Node's own headers, where it was installed with them: else node-gyp fetches them from nodejs.org. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node.h')) ? { npm_config_nodedir: prefix } : {};
}

/** @param {readonly string[]} engines that must not be absent */
function packagesAreRight(engines) {
  if (!existsSync(INSTALLED)) return false;
  /** @type {(path: string) => Record<string, LockEntry>} */
  const entries = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const installed = entries(INSTALLED);
  return Object.entries(entries(LOCK)).every(([path, wanted]) => {
    if (path === '') return true;
    const there = installed[path];
    // Packages for other platforms are optional and rightly absent.
    if (there === undefined) return wanted.optional === true && !engines.includes(basename(path));
    return there.version === wanted.version;
  });
}

/**
 * Compiles src/ into dist/ when something is newer than the last build.
 * @returns {boolean} false when the compiler found errors (it says them itself)
 */
export function ensureBuilt() {
  if (isBuilt()) return true;
  say('Building dist/');
  rmSync(STAMP, { force: true });
  const from = new Date();
  const run = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (run.status !== 0) return false;
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, from.toISOString());
  return true;
}

function isBuilt() {
  if (!existsSync(STAMP) || !existsSync(join(ROOT, 'dist/cli.js'))) return false;
  const built = Date.parse(readFileSync(STAMP, 'utf8'));
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true }).map((name) => join(ROOT, 'src', String(name)));
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs', 'package-lock.json'].map((name) =>
    join(ROOT, name),
  );
  // A folder's own time changes when a file is removed from it.
  return [join(ROOT, 'src'), ...sources, ...settings].every((path) => statSync(path).mtimeMs < built);
}
