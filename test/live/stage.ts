/** What a live test stands on: a folder that nginx's workers may read, and programs that end with the test, by their pid. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Program, start } from '../lab/programs/start.ts';

export const CLI = join(import.meta.dirname, '../../dist/cli.js');

export class Stage {
  readonly dir: string;
  readonly #endings: (() => void | Promise<void>)[] = [];

  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'why502-live-'));
    chmodSync(this.dir, 0o755);
    this.atEnd(() => rmSync(this.dir, { recursive: true, force: true }));
  }

  /** Done when the test is over, however it ended; the last one first. */
  atEnd(ending: () => void | Promise<void>): void {
    this.#endings.push(ending);
  }

  start(name: string, [command, args]: [string, readonly string[]], piped?: 'stdout' | 'stderr'): Program {
    const program = start(name, this.dir, command, args, piped);
    this.atEnd(() => program.stop());
    return program;
  }

  async clear(): Promise<void> {
    const failed: unknown[] = [];
    for (const ending of this.#endings.toReversed()) {
      try {
        await ending();
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length > 0) throw new AggregateError(failed, 'the stage was not cleared');
  }
}

/** A stage that is cleared when the running test is over, also where it failed or took too long. */
export function newStage(): Stage {
  const stage = new Stage();
  onTestFinished(() => stage.clear());
  return stage;
}
