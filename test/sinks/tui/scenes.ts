/** A scene on a real capture, for the tests of views: the whole pipeline into a book. */
import { join } from 'node:path';
import { createPipeline } from '../../../src/pipeline.ts';
import { MASK_SECRETS } from '../../../src/sinks/secrets.ts';
import { Book } from '../../../src/sinks/tui/book.ts';
import type { Look } from '../../../src/sinks/tui/frame.ts';
import { NO_RUN, type RunState, type Scene } from '../../../src/sinks/tui/scene.ts';
import { type Command, initialUi, update } from '../../../src/sinks/tui/ui.ts';
import { listsOf } from '../../../src/sinks/tui/view.ts';
import { readCapture } from '../../../src/sources/capture-file.ts';
import { explain } from '../../../src/verdict/explain.ts';

const EVENING = join(import.meta.dirname, '../../../captures/mixed/evening.pcapng');

export const UNICODE: Look = { unicode: true, colours: 256, light: false };
export const ASCII: Look = { unicode: false, colours: 0, light: false };

/** The bundled capture, read to its end. */
export async function eveningScene(cols: number, rows: number, look: Look): Promise<Scene> {
  const book = new Book({ mask: MASK_SECRETS, live: false });
  const watch = {
    early: book.early.bind(book),
    withdrawn: book.withdrawn.bind(book),
    attempted: book.attempted.bind(book),
  };
  const sink = {
    verdict: (verdict: Parameters<Book['verdict']>[0]) => book.verdict(verdict),
    loss: (loss: Parameters<Book['loss']>[0]) => book.loss(loss),
    watch,
  };
  const pipeline = createPipeline({ gateways: [], settle: 10e9 }, sink);
  const summary = await readCapture(EVENING, pipeline);
  if (summary.kind === 'failure') throw new Error(summary.cause);
  pipeline.end();
  const counters = pipeline.counters();
  const run: RunState = {
    ...NO_RUN,
    memory: 80e6,
    cpu: 0.01,
    name: 'evening.pcapng',
    gateways: pipeline.gateways(8),
    requests: counters.incidents.requests,
    frames: counters.frames,
    octets: summary.octets,
    now: summary.latest,
    elapsed: summary.latest,
    ended: true,
  };
  const clock = { mode: 'utc', epoch: summary.epoch, now: summary.latest, offset: 0 } as const;
  return { ui: initialUi(cols, rows), book, run, look, clock, explain: (cause) => explain(cause) ?? [] };
}

/** The scene after these commands. */
export function after(scene: Scene, ...commands: readonly Command[]): Scene {
  let now = scene;
  for (const command of commands) now = { ...now, ui: update(now.ui, command, listsOf(now, undefined)) };
  return now;
}
