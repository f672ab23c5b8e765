/**
 * `npm run build`: src/ into dist/. Types are checked by the compiler; what runs is bundled, because a hundred small
 * modules take longer to load than a small capture takes to read. Each command and format stays a piece of its own.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');

rmSync(DIST, { recursive: true, force: true });
await build({
  entryPoints: [join(ROOT, 'src/cli.ts'), join(ROOT, 'src/sources/capture/engine/package-capture.ts')],
  entryNames: '[name]',
  outdir: DIST,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // They find their own files by where they lie, and are loaded for the terminal UI only.
  external: ['blessed', 'blessed-contrib/*', 'pcap', 'cap'],
  sourcemap: true,
  logLevel: 'warning',
});
const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(ROOT, 'tsconfig.build.json')];
process.exitCode = spawnSync(process.execPath, tsc, { stdio: ['ignore', 2, 2] }).status ?? 1;
