/** Starts a package's process, whose standard output is a stream like the capture program's. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type CaptureWish, endOf, type LiveStream } from '../program.ts';
import type { Identity } from '../root.ts';
import type { PackageName } from './names.ts';

/** In src/ beside this file, and in dist/, where all files lie side by side. */
const PROGRAM = import.meta.url.endsWith('.ts') ? './package-capture.ts' : './package-capture.js';
/** What Node is given to start it. */
export const ENGINE_WORDS: readonly string[] = [...process.execArgv, fileURLToPath(new URL(PROGRAM, import.meta.url))];
/** After the order to stop: a package may be caught in libpcap. */
const PATIENCE_MS = 2000;

/** What the process is told, as JSON. */
export interface EngineOrder {
  readonly engine: PackageName;
  readonly interfaces: readonly string[];
  readonly ports: readonly number[];
  readonly duration: string | undefined;
  /** Who it becomes once everything is open. */
  readonly identity: Identity | undefined;
}

export function startEngine(
  engine: PackageName,
  { interfaces, ports, duration, said }: CaptureWish,
  identity: Identity | undefined,
  words: readonly string[] = ENGINE_WORDS,
): LiveStream {
  const order: EngineOrder = { engine, interfaces, ports, duration, identity };
  const child = spawn(process.execPath, [...words, JSON.stringify(order)], {
    // Its standard input ends with this process, and so does it.
    stdio: ['pipe', 'pipe', said ? 'pipe' : 'inherit'],
    detached: true,
  });
  if (said && child.stderr) createInterface({ input: child.stderr }).on('line', said);
  const kill = (): void => void child.kill('SIGKILL');
  return {
    stream: child.stdout as Readable,
    pid: child.pid,
    ended: endOf(child),
    stop: () => {
      if (!child.kill('SIGINT')) child.stdin?.destroy();
      setTimeout(kill, PATIENCE_MS).unref();
    },
  };
}
