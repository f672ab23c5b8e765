/** Scenes for the tests of views: a real capture through the whole pipeline into a book, or a book made by hand. */
import { join } from 'node:path';
import { createPipeline } from '../../../src/pipeline.ts';
import { MASK_SECRETS, SHOW_SECRETS } from '../../../src/sinks/secrets.ts';
import { flatCounters } from '../../../src/sinks/summary.ts';
import { Book } from '../../../src/sinks/tui/book.ts';
import type { Look } from '../../../src/sinks/tui/frame.ts';
import { NO_RUN, type RunState, type Scene } from '../../../src/sinks/tui/scene.ts';
import { type Command, initialUi, update } from '../../../src/sinks/tui/ui.ts';
import { listsOf } from '../../../src/sinks/tui/view.ts';
import { readCapture } from '../../../src/sources/capture-file.ts';
import { explain } from '../../../src/verdict/explain.ts';

const CAPTURES = join(import.meta.dirname, '../../../captures');
const EVENING = 'mixed/evening.pcapng';
/** With kernel events: a worker of PHP-FPM that kills itself. */
export const KILLED = 'reset-before-response/php-kill-kernel.pcapng';

export const UNICODE: Look = { unicode: true, colours: 256, background: 'dark' };
export const ASCII: Look = { unicode: false, colours: 0, background: 'dark' };

type Read = Pick<Scene, 'book' | 'run' | 'clock'>;

const read = new Map<string, Promise<Read>>();

/** A capture of captures/, read to its end; once for all tests of a file, which only look at it. */
export async function captureScene(file: string, cols: number, rows: number, look: Look = UNICODE): Promise<Scene> {
  const known = read.get(file) ?? readToEnd(file);
  read.set(file, known);
  return {
    ...(await known),
    ui: initialUi(cols, rows),
    look,
    explain: (cause, columns) => explain(cause, columns) ?? [],
  };
}

/** The bundled capture. */
export function eveningScene(cols: number, rows: number, look: Look = UNICODE): Promise<Scene> {
  return captureScene(EVENING, cols, rows, look);
}

/** Nothing has happened yet. */
export function emptyScene(cols: number, rows: number, run: Partial<RunState> = {}, look: Look = UNICODE): Scene {
  const live = run.mode !== 'file';
  return {
    ui: initialUi(cols, rows),
    book: new Book({ mask: SHOW_SECRETS, live }),
    run: { ...NO_RUN, ...run },
    look,
    clock: { mode: 'utc', epoch: 0n, now: run.now ?? 0, offset: 0 },
    explain: (cause, columns) => explain(cause, columns) ?? [],
  };
}

/** The scene after these commands. */
export function after(scene: Scene, ...commands: readonly Command[]): Scene {
  let now = scene;
  for (const command of commands) now = { ...now, ui: update(now.ui, command, listsOf(now, undefined)) };
  return now;
}

async function readToEnd(file: string): Promise<Read> {
  const book = new Book({ mask: MASK_SECRETS, live: false });
  const watch = {
    early: book.early.bind(book),
    withdrawn: book.withdrawn.bind(book),
    attempted: book.attempted.bind(book),
    leftOut: book.leftOut.bind(book),
  };
  const sink = {
    verdict: (verdict: Parameters<Book['verdict']>[0]) => book.verdict(verdict),
    loss: (loss: Parameters<Book['loss']>[0]) => book.loss(loss),
    watch,
  };
  const pipeline = createPipeline({ gateways: [], settle: 10e9 }, sink);
  const summary = await readCapture(join(CAPTURES, file), pipeline);
  if (summary.kind === 'failure') throw new Error(summary.cause);
  pipeline.end();
  const counters = pipeline.counters();
  const run: RunState = {
    ...NO_RUN,
    memory: 80e6,
    cpu: 0.01,
    name: file.slice(file.lastIndexOf('/') + 1),
    rungs: counters.kernel.events > 0 ? ['packets', 'kernel'] : ['packets'],
    gateways: pipeline.gateways(8).map((at) => ({ at, who: '' })),
    tables: pipeline.tables(),
    counters: flatCounters(counters),
    requests: counters.incidents.requests,
    frames: counters.frames,
    octets: summary.octets,
    now: summary.latest,
    elapsed: summary.latest,
    ended: true,
  };
  return { book, run, clock: { mode: 'utc', epoch: summary.epoch, now: summary.latest, offset: 0 } };
}
