/** `why502 record`: words and options -> typed configuration. Pure; what is wrong is a value with its remedy. */
import { type Nanos, SECOND } from '../model/time.ts';
import { CAPTURE_OPTIONS, type CaptureConfig, captureConfig } from './capture-options.ts';
import { type CommandSpec, type Given, isUsageError, type UsageError } from './command.ts';
import { HELP } from './options.ts';

export interface RecordConfig extends CaptureConfig {
  /** `case.pcapng` stands for case.0.pcapng and so on. */
  readonly file: string;
  readonly budget: Budget;
  /** What is kept before and after each 502; `undefined`: everything. */
  readonly around: Nanos | undefined;
}

export interface Budget {
  /** Percent of one processor; `undefined`: no limit. */
  readonly cpu: number | undefined;
  /** Octets of packets held in memory. */
  readonly mem: number;
  /** Octets of all files together. */
  readonly disk: number;
}

const MIB = 1024 * 1024;
const DEFAULT: Budget = { cpu: undefined, mem: 100 * MIB, disk: 1024 * MIB };
/** Rings of a few interfaces, and files that hold more than their own heads. */
const LEAST: Budget = { cpu: 1, mem: 4 * MIB, disk: 4 * MIB };
const MOST: Budget = { cpu: 100, mem: 1024 * MIB, disk: Number.MAX_SAFE_INTEGER };
const EXAMPLE = 'As in: --budget cpu=1%,mem=100M,disk=1G';
const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: MIB, G: 1024 * MIB };
const TIMES: Readonly<Record<string, number>> = { ms: 1e-3, '': 1, s: 1, m: 60, h: 3600 };

export const RECORD: CommandSpec = {
  usage: 'why502 record -o FILE [-i IF]... [--budget LIMITS] [--around-502 TIME]',
  does: 'Captures into files in turn, within a budget, for days; needs root.',
  exitCodes: true,
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'case.pcapng stands for case.0.pcapng, case.1.pcapng, ...: when the last is full, the oldest is written anew',
    },
    budget: {
      type: 'string',
      value: 'LIMITS',
      help: 'cpu=1%,mem=100M,disk=1G: of one processor, of packets held in memory, of all files (default: mem=100M,disk=1G)',
    },
    'around-502': { type: 'string', value: 'TIME', help: 'keep only this time before and after each 502, as in 30s' },
    ...CAPTURE_OPTIONS,
    help: HELP,
  },
};

export function recordConfig(given: Given): RecordConfig | UsageError {
  const { values } = given;
  const capture = captureConfig(given);
  if (isUsageError(capture)) return capture;
  const file = values['output'] as string | undefined;
  if (file === undefined || file === '' || file === '-') {
    return { wrong: 'record needs a file', remedy: 'As in: why502 record -o case.pcapng' };
  }
  const budget = budgetOf(values['budget'] as string | undefined);
  if (isUsageError(budget)) return budget;
  const around = values['around-502'] as string | undefined;
  const nanos = around === undefined ? undefined : timeOf(around);
  if (around !== undefined && !nanos) {
    return {
      wrong: `--around-502 ${around}: not a time`,
      remedy: 'As in 30s or 2m; longer than your longest request.',
    };
  }
  if (nanos !== undefined && budget.cpu === 1) {
    return { wrong: '--budget cpu=1%: finding 502s takes more', remedy: 'With --around-502 it is 2% or more.' };
  }
  return { ...capture, file, budget, around: nanos };
}

function budgetOf(text: string | undefined): Budget | UsageError {
  const budget = { ...DEFAULT };
  for (const part of text === undefined ? [] : text.split(',')) {
    const [, name, value] = /^(cpu|mem|disk)=(.+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined) {
      return { wrong: `--budget ${part}: not a limit`, remedy: EXAMPLE };
    }
    const limit = name as keyof Budget;
    const found = limit === 'cpu' ? percentOf(value) : sizeOf(value);
    if (found === undefined || found < (LEAST[limit] ?? 0) || found > (MOST[limit] ?? 0)) {
      const least = limit === 'cpu' ? '1% to 100%' : `${(LEAST[limit] ?? 0) / MIB}M or more`;
      return { wrong: `--budget ${part}: it is ${least}`, remedy: EXAMPLE };
    }
    budget[limit] = found;
  }
  return budget;
}

function percentOf(text: string): number | undefined {
  const [, digits] = /^(\d{1,3})%$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function sizeOf(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,12})([KMG]?)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit] ?? 1);
}

function timeOf(text: string): Nanos | undefined {
  const [, digits, unit = ''] = /^(\d{1,6})(ms|s|m|h|)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (TIMES[unit] ?? 1) * SECOND;
}
