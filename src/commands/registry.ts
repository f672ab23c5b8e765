/** The commands: each one's words, and where it is loaded from when it runs, so that the others start without it. */
import { ANALYZE, analyzeConfig } from './analyze-options.ts';
import { type Command, command } from './command.ts';
import { DOCTOR, doctorConfig } from './doctor-options.ts';
import { EXPLAIN, explainConfig } from './explain-options.ts';
import { LIVE, liveConfig } from './live-options.ts';
import { RECORD, recordConfig } from './record-options.ts';

export type CommandName = 'live' | 'analyze' | 'record' | 'doctor' | 'explain';

/** In the order of the help. */
export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  live: command(LIVE, liveConfig, async (config, world) => (await import('./live.ts')).live(config, world)),
  analyze: command(ANALYZE, analyzeConfig, async (config, world) =>
    (await import('./analyze.ts')).analyze(config, world),
  ),
  record: command(RECORD, recordConfig, async (config, world) => (await import('./record.ts')).record(config, world)),
  doctor: command(DOCTOR, doctorConfig, async (config, world) => (await import('./doctor.ts')).doctor(config, world)),
  explain: command(EXPLAIN, explainConfig, async (config, world) =>
    (await import('./explain.ts')).explain(config, world),
  ),
};

/** Promised, not built yet: said so instead of called unknown. */
export const OPTIONS_NOT_YET: ReadonlySet<string> = new Set(['access-log', 'error-log', 'keylog']);

export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}
