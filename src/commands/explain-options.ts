/** `why502 explain`: words and options -> typed configuration. Pure; what is wrong is a value with its remedy. */
import { type CommandSpec, type Given, isUsageError, type UsageError } from './command.ts';
import { COLOUR_OPTIONS, type ColourWish, colourOf, HELP } from './options.ts';

export interface ExplainConfig {
  readonly causes: readonly string[];
  readonly list: boolean;
  readonly colour: ColourWish;
}

export const EXPLAIN: CommandSpec = {
  usage: 'why502 explain CAUSE... | --list',
  does: 'Says what a cause means, how it is recognised and what to do first.',
  exitCodes: false,
  options: {
    list: { type: 'boolean', short: 'l', help: 'all causes, a line each' },
    ...COLOUR_OPTIONS,
    help: HELP,
  },
};

export function explainConfig({ values, words: causes }: Given): ExplainConfig | UsageError {
  const colour = colourOf(values);
  if (isUsageError(colour)) return colour;
  const list = values['list'] === true;
  if (!list && causes.length === 0) {
    return { wrong: 'no cause was named', remedy: 'As in: why502 explain connect-refused. All: why502 explain --list' };
  }
  return { causes, list, colour };
}
