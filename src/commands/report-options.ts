/** The options of every command that reports incidents. */
import { type Given, isUsageError, type OptionSpec, type UsageError } from './command.ts';
import { COLOUR_OPTIONS, type ColourWish, colourOf, HELP } from './options.ts';

export type Format = 'text' | 'json' | 'ndjson';

export interface ReportConfig {
  readonly format: Format;
  readonly exitCode: boolean;
  readonly showSecrets: boolean;
  readonly colour: ColourWish;
  readonly all: boolean;
}

/** The last ones of every command's help. */
export const REPORT_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  all: { type: 'boolean', help: 'every story and every row, not only the first of each kind' },
  'exit-code': { type: 'boolean', help: 'exit with 1 if there is at least one 502' },
  'show-secrets': { type: 'boolean', help: 'do not mask passwords, tokens and cookies' },
  ...COLOUR_OPTIONS,
  help: HELP,
};

export function reportConfig({ values }: Given): ReportConfig | UsageError {
  const colour = colourOf(values);
  if (isUsageError(colour)) return colour;
  const { format = 'text' } = values;
  if (format !== 'text' && format !== 'json' && format !== 'ndjson') {
    return { wrong: `--format ${format}: no such format`, remedy: 'It is text, json or ndjson.' };
  }
  return {
    format,
    exitCode: values['exit-code'] === true,
    showSecrets: values['show-secrets'] === true,
    colour,
    all: values['all'] === true,
  };
}
