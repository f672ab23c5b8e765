/** Finds the capture program and starts it with its stream in a pipe. What the machine refuses is a value. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { InputFailure } from '../failure.ts';
import type { Identity } from './root.ts';

export interface CaptureWish {
  /** Empty: loopback and every interface that is up and carries IP. */
  readonly interfaces: readonly string[];
  /** TCP of these only; empty: of all. */
  readonly ports: readonly number[];
  /** As the program takes it: `90s`. */
  readonly duration: string | undefined;
  /** `false`: packets only, the kernel is not asked for events. */
  readonly kernel?: boolean | undefined;
  /** Requests that went well may be left out while the host has no processor time to spare. */
  readonly yields?: boolean | undefined;
  /** What the program says, a line a call; on standard error where not given. */
  readonly said?: ((line: string) => void) | undefined;
  /** Descriptor of the terminal that this process draws on: the program gives it back if this process is killed. */
  readonly terminal?: number | undefined;
  /** Written by the program itself, in turn; `undefined`: its stream comes here. */
  readonly files?: FilesWish | undefined;
  /** Octets of all rings together, and percent of a processor; `undefined`: no limit. */
  readonly memory?: number | undefined;
  readonly processor?: number | undefined;
}

export interface FilesWish {
  /** `case.pcapng` stands for case.0.pcapng and so on. */
  readonly name: string;
  readonly count: number;
  /** Octets at which the next one begins. */
  readonly size: number;
}

/** A capture under way. */
export interface LiveStream {
  readonly pid?: number | undefined;
  readonly stream: Readable;
  /** The exit code; the program said on standard error what it meant. -1: it was killed. */
  readonly ended: Promise<number>;
  /** Asks it to write out what it holds, and to end. */
  stop(): void;
}

const NAME = 'why502-capture';
/** Where the program finds the terminal, behind its three standard descriptors. */
const TERMINAL = 3;
/** Where `make -C native` puts it, seen from the package's folder. */
const BUILT = 'native/build';
/** From src/sources/capture/, and from dist/, where all files lie side by side. */
const UP = import.meta.url.endsWith('.ts') ? '../../..' : '..';

/** The program's arguments. */
export function programArguments(wish: CaptureWish): string[] {
  const { interfaces, ports, duration, kernel, yields, files, memory, processor, terminal } = wish;
  return [
    ...interfaces.flatMap((name) => ['--interface', name]),
    ...ports.flatMap((port) => ['--port', String(port)]),
    ...(duration === undefined ? [] : ['--duration', duration]),
    ...(kernel === false ? ['--no-witness'] : []),
    ...(yields ? ['--yield'] : []),
    ...(memory === undefined ? [] : ['--memory', String(memory)]),
    ...(processor === undefined ? [] : ['--cpu', String(processor)]),
    ...(terminal === undefined ? [] : ['--terminal', String(TERMINAL)]),
    ...(files ? ['-w', files.name, '--files', String(files.count), '--rotate-size', String(files.size)] : []),
  ];
}

/** In the first of these folders that has it. */
export function findProgram(folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, NAME)).find(isExecutable);
}

/** The clone's own build, then PATH. */
export function programFolders(path: string | undefined): string[] {
  const own = fileURLToPath(new URL(`${UP}/${BUILT}`, import.meta.url));
  return [own, ...(path ?? '').split(delimiter).filter((folder) => folder !== '')];
}

export function startProgram(
  wish: CaptureWish,
  env: Readonly<Record<string, string | undefined>>,
  identity: Identity | undefined,
  folders: readonly string[] = programFolders(env['PATH']),
): LiveStream | InputFailure {
  const program = findProgram(folders);
  if (program === undefined) {
    const remedy = 'In the clone: make -C native. Elsewhere: put it on the PATH.';
    return { kind: 'failure', code: 'ENOENT', cause: `${NAME} is not there`, remedy };
  }
  const future = identity && { WHY502_UID: String(identity.uid), WHY502_GID: String(identity.gid) };
  const child = spawn(program, programArguments(wish), {
    stdio: ['ignore', 'pipe', wish.said ? 'pipe' : 'inherit', wish.terminal ?? 'ignore'],
    env: { ...env, ...future, WHY502_TYPED: 'why502' },
    // A group of its own: Ctrl-C reaches this process, which asks it once. It ends with its parent in any case.
    detached: true,
  });
  // Whatever ends this process, but for SIGKILL, the terminal is its own to give back.
  const ask = (): void => void child.kill('SIGINT');
  process.once('exit', ask);
  child.once('exit', () => process.off('exit', ask));
  if (wish.said && child.stderr) createInterface({ input: child.stderr }).on('line', wish.said);
  return {
    stream: child.stdout as Readable,
    pid: child.pid,
    ended: endOf(child),
    stop: () => {
      // While it is root, and this process is not any more, it may not be asked: it ends when nobody reads it.
      if (!child.kill('SIGINT')) child.stdout?.destroy();
    },
  };
}

/** The exit code of a process; -1: it was killed, or never came up. */
export function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    // Also told where a signal could not be sent: then the process goes on, and its end is still to come.
    child.on('error', () => {
      if (child.pid === undefined) resolve(-1);
    });
    child.once('exit', (code) => resolve(code ?? -1));
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
