/** `why502 doctor`: words and options -> typed configuration. Pure; what is wrong is a value with its remedy. */
import type { CommandSpec, Given, UsageError } from './command.ts';
import { HELP } from './options.ts';

export interface DoctorConfig {
  readonly format: 'text' | 'json';
}

export const DOCTOR: CommandSpec = {
  usage: 'why502 doctor [--format json]',
  does: 'Says what can be captured on this machine, and what would change it.',
  exitCodes: false,
  options: {
    format: { type: 'string', value: 'FORMAT', help: 'text or json; the exit code is 4 where nothing can capture' },
    help: HELP,
  },
};

export function doctorConfig({ values, words: [word] }: Given): DoctorConfig | UsageError {
  if (word !== undefined) return { wrong: `${word}: not an option`, remedy: 'As in: why502 doctor' };
  const { format = 'text' } = values;
  if (format === 'text' || format === 'json') return { format };
  return { wrong: `--format ${format}: no such format`, remedy: 'It is text or json.' };
}
