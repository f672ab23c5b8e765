/** A world that a process cannot have: a full disk, an interrupt at a chosen moment, a terminal. */
import type { World } from '../../../src/commands/command.ts';

export interface Stage {
  readonly world: World;
  readonly written: string[];
  readonly errors: string[];
  readonly said: string[];
  readonly interrupt: AbortController;
}

export function stage(over: { onWrite?: (stage: Stage) => void; terminal?: boolean; env?: World['env'] } = {}): Stage {
  const interrupt = new AbortController();
  const [written, errors, said] = [[] as string[], [] as string[], [] as string[]];
  const isTTY = over.terminal ?? false;
  const world: World = {
    stdout: {
      isTTY,
      columns: 100,
      write: (text) => {
        over.onWrite?.(made);
        written.push(text);
      },
    },
    stderr: { isTTY, columns: 100, write: (text) => errors.push(text) },
    env: over.env ?? {},
    interrupt: interrupt.signal,
    version: '0.0.0',
    say: (line) => said.push(line),
  };
  const made: Stage = { world, written, errors, said, interrupt };
  return made;
}
