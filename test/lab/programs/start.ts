/** Child processes of a run: started here, waited for until they are ready, ended by their pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

export interface Program {
  readonly name: string;
  readonly process: ChildProcess;
  /** Sends SIGTERM (or the given signal) and waits for the end; SIGKILL when it takes longer than the grace. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const POLL_MS = 20;
const READY_MS = 20_000;
const GRACE_MS = 5_000;

/** The node arguments that run a file of the lab. */
export function labProgram(file: string): readonly string[] {
  return ['--import', 'tsx', join(import.meta.dirname, file)];
}

/** Starts a program with its output in `dir`/NAME.log, or piped where its first words say that it is ready. */
export function start(
  name: string,
  dir: string,
  command: string,
  args: readonly string[],
  piped?: 'stdout' | 'stderr',
): Program {
  const log = openSync(join(dir, `${name}.log`), 'a');
  const child = spawn(command, args, {
    stdio: ['ignore', piped === 'stdout' ? 'pipe' : log, piped === 'stderr' ? 'pipe' : log],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    name,
    process: child,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Polls until the condition holds; fails when the program ends first or the time is up. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  program?: Program,
  limitMs = READY_MS,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (program !== undefined && (program.process.exitCode !== null || program.process.signalCode !== null))
      throw new Error(`${program.name} ended before ${what}; see its log`);
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Resolves once the program has printed the text on the piped stream. */
export function printed(program: Program, text: string): Promise<void> {
  const stream = program.process.stdout ?? program.process.stderr;
  let seen = '';
  stream?.on('data', (octets: Buffer) => {
    seen += octets.toString();
  });
  return until(`${program.name} says "${text}"`, () => seen.includes(text), program);
}

/** Does something accept connections there? */
export function accepts(where: { host: string; port: number } | { path: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(where);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
