/** `why502 record`: the stream into files in turn, whole or only what lies around each 502. */
import { EXIT } from '../config.ts';
import { namesOf } from '../sinks/recording-files.ts';
import { exitOf, futureSelf, refused, type StartCapture, startCapture } from './capture-run.ts';
import type { World } from './command.ts';
import { leftText, removeEmpty } from './empty-files.ts';
import type { RecordConfig } from './record-options.ts';

/** Of a whole recording. */
const FILES = 8;
/** A file may hold one block more than it should: the largest packet, and the last statistics. */
const OVER = 320 * 1024;
/** Of its memory that is not the rings': the output's buffer, the filter's table of connections. */
const FIXED_MEMORY = 16 * 1024 * 1024;
/** Rings are never smaller than this together, whatever is allowed. */
const LEAST_RINGS = 1024 * 1024;

export async function record(
  config: RecordConfig,
  world: World,
  start: StartCapture = startCapture(world.env),
): Promise<number> {
  const { interfaces, ports, duration, file, budget, around } = config;
  const memory = Math.max(budget.mem - FIXED_MEMORY, LEAST_RINGS);
  if (around !== undefined) {
    // Half of the memory is the ring before the trigger; half of the processor's time this process's own.
    const processor = budget.cpu === undefined ? undefined : Math.floor(budget.cpu / 2);
    const wish = { interfaces, ports, duration, memory: memory / 2, processor };
    const limits = { time: around, memory: memory / 2, disk: budget.disk, processor };
    return (await import('./record-around.ts')).recordAround(file, limits, world, (identity) => start(wish, identity));
  }
  // The program writes the files itself: there is nothing to do but to wait.
  const files = { name: file, count: FILES, size: Math.floor(budget.disk / FILES) - OVER };
  const started = await start({ interfaces, ports, duration, memory, processor: budget.cpu, files }, futureSelf(world));
  if ('kind' in started) return refused(started, world);
  if (world.stderr.isTTY === true) world.say('Ctrl-C ends it.');
  started.stream.resume();
  world.interrupt.addEventListener('abort', () => started.stop());
  const code = exitOf(await started.ended, world);
  // Else it may never have come to them: they would be an earlier recording's. The first one stands for all that was seen.
  const left = code === EXIT.done ? await removeEmpty(namesOf(file, FILES).slice(1)) : [];
  if (left.length > 0) world.say(`why502: ${leftText(left)}.`);
  return code;
}
