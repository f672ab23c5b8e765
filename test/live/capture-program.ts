/** The capture program as live tests use it: built once, started in a namespace, waited for until its rings are open. */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { inside, makeNamespaces } from '../lab/netns.ts';
import { type Program, printed, until } from '../lab/programs/start.ts';
import { newStage, type Stage } from './stage.ts';

export const NATIVE: string = join(import.meta.dirname, '../../native');
export const CAPTURE: string = join(NATIVE, 'build/why502-capture');

/** What it says once no packet escapes it any more. */
export const READY = 'capturing on';

/** Runs `make` in native/; throws what it printed. */
export function make(...targets: readonly string[]): string {
  return execFileSync('make', ['-s', '-C', NATIVE, ...targets], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface Place {
  readonly stage: Stage;
  readonly namespace: string;
  /** The one behind it, a hop away. */
  readonly far: string;
}

/** A namespace of its own, removed with the stage. */
export function newPlace(): Place {
  const stage = newStage();
  const namespaces = makeNamespaces();
  stage.atEnd(namespaces.remove);
  return { stage, namespace: namespaces.gateway, far: namespaces.far };
}

export interface Running {
  readonly program: Program;
  /** Standard error so far. */
  said(): string;
}

/** With these options, of which one is `-w FILE`. `env` are settings of its environment, as of env(1). */
export async function startCapture(
  { stage, namespace }: Pick<Place, 'stage' | 'namespace'>,
  args: readonly string[],
  env: readonly string[] = [],
): Promise<Running> {
  make();
  const [command, words] = env.length > 0 ? ['env', [...env, CAPTURE, ...args]] : [CAPTURE, [...args]];
  const program = stage.start('why502-capture', inside(namespace, command, words), 'stderr');
  let said = '';
  program.process.stderr?.on('data', (octets: Buffer) => {
    said += octets.toString();
  });
  await printed(program, READY);
  return { program, said: () => said };
}

/** Ends it when the file holds the text. */
export async function stopWhenSeen({ program }: Running, file: string, text: string): Promise<void> {
  await until(`${text} is in the capture`, () => readFileSync(file).includes(text), program);
  await program.stop('SIGINT');
  if (program.process.exitCode !== 0) throw new Error(`${program.name} ended with ${program.process.exitCode}`);
}

export interface Piped {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Code and signal. */
  readonly ended: Promise<unknown>;
  said(): string;
}

/** With its standard output in a pipe that nobody reads yet; `command` starts it. */
export async function startPiped({ stage }: Place, [command, args]: [string, readonly string[]]): Promise<Piped> {
  make();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  stage.atEnd(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (octets: Buffer) => {
    said += octets.toString();
  });
  const ended = once(child, 'close');
  await until('it captures', () => said.includes(READY));
  return { child, ended, said: () => said };
}

/** Ids of our programs that are in the kernel of this machine: the filter's, and one of the witness. */
export function loadedPrograms(): number[] {
  const said = execFileSync('bpftool', ['-j', 'prog', 'show'], { encoding: 'utf8' });
  const listed: { id: number; name?: string }[] = JSON.parse(said);
  return listed.flatMap(({ id, name }) => (/^(?:triage|attempt)_/.test(name ?? '') ? [id] : []));
}
