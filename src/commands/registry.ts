/** The commands: each one's words, and where it is loaded from when it runs, so that the others start without it. */
import { ANALYZE, analyzeConfig } from './analyze-options.ts';
import { type Command, command } from './command.ts';
import { EXPLAIN, explainConfig } from './explain-options.ts';
import { LIVE, liveConfig } from './live-options.ts';

export type CommandName = 'live' | 'analyze' | 'explain';

/** In the order of the help. */
export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  live: command(LIVE, liveConfig, async (config, world) => (await import('./live.ts')).live(config, world)),
  analyze: command(ANALYZE, analyzeConfig, async (config, world) =>
    (await import('./analyze.ts')).analyze(config, world),
  ),
  explain: command(EXPLAIN, explainConfig, async (config, world) =>
    (await import('./explain.ts')).explain(config, world),
  ),
};

/** Promised, not built yet: said so instead of called unknown. */
export const NOT_YET: Readonly<Record<string, string>> = {
  record: 'The recorder',
  doctor: 'The check of this machine',
};
export const OPTIONS_NOT_YET: ReadonlySet<string> = new Set(['access-log', 'error-log', 'keylog']);

export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}
