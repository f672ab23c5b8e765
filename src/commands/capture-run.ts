/** What live runs and recordings share: the capture program is root's for as long as it has to be; this process is not. */
import { setPriority } from 'node:os';
import { EXIT } from '../config.ts';
import type { EngineName } from '../sources/capture/engine/names.ts';
import { startEngine } from '../sources/capture/engine/start.ts';
import { type CaptureWish, type LiveStream, startProgram } from '../sources/capture/program.ts';
import { giveUpRoot, type Identity, identityAfter } from '../sources/capture/root.ts';
import type { InputFailure } from '../sources/failure.ts';
import type { World } from './command.ts';

/** `meanwhile`: what still needs to be root, or takes time, while the program comes up. */
export type StartCapture = (
  wish: CaptureWish,
  identity: Identity | undefined,
  meanwhile?: () => Promise<void>,
) => Promise<LiveStream | InputFailure>;

/** Who this process will be once the program runs; `undefined`: who it is now. */
export function futureSelf(world: World): Identity | undefined {
  return identityAfter(process.getuid?.(), world.env);
}

/**
 * Whoever is watched comes first: what waits for us meanwhile waits in the program's rings. Where it leaves out what went well
 * for the host's sake, failures are left, and theirs is a verdict within 250 ms: at saturation the slowest of 100 takes twice that
 * at this priority, for the same work.
 */
const NICENESS = 5;

/** Starts the program, then gives up root: what is imported or opened afterwards must not need it. */
export function startCapture(env: World['env'], engine: EngineName = 'capture'): StartCapture {
  return async (wish, identity, meanwhile) => {
    const started = engine === 'capture' ? startProgram(wish, env, identity) : startEngine(engine, wish, identity);
    if ('kind' in started) return started;
    await meanwhile?.();
    if (identity) giveUpRoot(identity);
    if (!wish.yields) setPriority(NICENESS);
    return started;
  };
}

export function refused({ cause, remedy }: InputFailure, world: World): number {
  world.say(`why502: ${cause}. ${remedy}`);
  return EXIT.refused;
}

/** The exit code for that of the program. It said by itself what went wrong, unless it could not. */
export function exitOf(ended: number, world: World): number {
  if (ended === -1) world.say('why502: the capture program was killed, or could not be started.');
  if (ended === 0) return EXIT.done;
  return ended === EXIT.usage ? EXIT.usage : EXIT.refused;
}
