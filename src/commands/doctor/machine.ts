/** What the checks ask of the machine: a seam, so that they can be asked of a machine that is not there. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { networkInterfaces, release } from 'node:os';
import { type Listener, listeners } from '../../sources/machine/listeners.ts';

/** A program that does not answer is as good as none. */
const PATIENCE_MS = 5000;

export interface Fact {
  readonly group: string;
  readonly name: string;
  readonly has: boolean;
  /** What was found, or why it cannot be had. */
  readonly says: string;
  /** What is lost without it, and the command that changes it; empty where nothing is missing. */
  readonly remedy: string;
  /** A way to capture: without any of these there is nothing to do. */
  readonly captures?: boolean;
}

export interface Ran {
  /** -1: it could not be started, or was ended. */
  readonly code: number;
  readonly said: string;
}

export interface Machine {
  readonly platform: string;
  readonly kernel: string;
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file; `undefined` where it cannot be read. */
  text(path: string): string | undefined;
  run(program: string, args: readonly string[]): Ran;
  /** By name. */
  interfaces(): Readonly<Record<string, readonly string[]>>;
  listeners(): readonly Listener[];
}

export function thisMachine(env: Machine['env']): Machine {
  return {
    platform: process.platform,
    kernel: release(),
    uid: process.getuid?.(),
    env,
    text(path) {
      try {
        return readFileSync(path, 'latin1');
      } catch {
        return undefined;
      }
    },
    run(program, args) {
      const { status, stderr } = spawnSync(program, args, {
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: PATIENCE_MS,
      });
      return { code: status ?? -1, said: stderr ?? '' };
    },
    interfaces: () =>
      Object.fromEntries(
        Object.entries(networkInterfaces()).map(([name, all]) => [name, (all ?? []).map(({ address }) => address)]),
      ),
    listeners: () => listeners(),
  };
}
