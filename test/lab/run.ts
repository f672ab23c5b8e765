/** Runs, with the namespaces made around them; everything else happens inside them (programs/inside.ts). */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CAPTURE_DROPPED } from './exit-codes.ts';
import { inside, makeNamespaces } from './netns.ts';
import type { RunOptions } from './options.ts';
import { labProgram } from './programs/start.ts';

const BUFFERS_KIB = [32_768, 262_144];
/** Marks a directory as one that a run may empty. */
const MARK = 'options.json';

/** Empties the directory and fills it with a run; once more with a larger buffer where the capture dropped packets. */
export async function runLab(options: RunOptions): Promise<void> {
  const out = resolve(options.out);
  for (const bufferKib of BUFFERS_KIB) {
    const code = await runOnce({ ...options, out }, bufferKib);
    if (code === 0) return;
    if (code !== CAPTURE_DROPPED) throw new Error(`the run failed; its logs are in ${out}`);
    process.stderr.write(`the capture dropped packets with a buffer of ${bufferKib} KiB\n`);
  }
  throw new Error('the capture dropped packets with every buffer');
}

/** Returns the exit code of the process inside. */
export async function runOnce(options: RunOptions, bufferKib: number): Promise<number> {
  empty(options.out);
  writeFileSync(join(options.out, MARK), `${JSON.stringify(options, undefined, 2)}\n`);
  const namespaces = makeNamespaces();
  const settings = JSON.stringify({ ...options, bufferKib, farNamespace: namespaces.far });
  const [command, args] = inside(namespaces.gateway, process.execPath, [...labProgram('inside.ts'), settings]);
  const child = spawn(command, args, { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.once('SIGINT', forward).once('SIGTERM', forward);
  try {
    return await new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
  } finally {
    process.removeListener('SIGINT', forward).removeListener('SIGTERM', forward);
    namespaces.remove();
  }
}

function empty(dir: string): void {
  if (existsSync(dir) && readdirSync(dir).length > 0 && !existsSync(join(dir, MARK)))
    throw new Error(`${dir} is not empty and holds no run`);
  rmSync(dir, { recursive: true, force: true });
  // nginx's and php-fpm's workers must reach what is in it.
  mkdirSync(dir, { recursive: true, mode: 0o755 });
}
