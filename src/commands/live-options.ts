/** `why502 live`: words and options -> typed configuration. Pure; what is wrong is a value with its remedy. */
import { type CommandSpec, type Given, isUsageError, type UsageError } from './command.ts';
import { listOf } from './options.ts';
import { GATEWAY, REPORT_OPTIONS, type ReportConfig, reportConfig } from './report-options.ts';

export interface LiveConfig extends ReportConfig {
  readonly format: 'text' | 'ndjson';
  readonly interfaces: readonly string[];
  /** As the capture program takes it. */
  readonly duration: string | undefined;
}

export const LIVE: CommandSpec = {
  usage: 'why502 [live] [-i IF]...',
  does: 'Captures on this machine and explains every 502 as it happens; needs root.',
  exitCodes: true,
  options: {
    interface: {
      type: 'string',
      multiple: true,
      short: 'i',
      value: 'IF',
      help: 'may be repeated; default: loopback and every interface that is up and carries IP',
    },
    gateway: GATEWAY,
    duration: { type: 'string', value: 'TIME', help: 'stop after it, as in 90s, 10m, 2h' },
    format: { type: 'string', value: 'FORMAT', help: 'text or ndjson (one line each, at once)' },
    ...REPORT_OPTIONS,
  },
};

export function liveConfig(given: Given): LiveConfig | UsageError {
  const report = reportConfig(given);
  if (isUsageError(report)) return report;
  const { words, values } = given;
  const { format } = report;
  const [word] = words;
  if (word !== undefined) return { wrong: `${word}: not an option`, remedy: 'As in: why502 live -i lo' };
  if (format === 'json') return { wrong: '--format json: a live run has no end', remedy: 'It is text or ndjson.' };
  const duration = values['duration'] as string | undefined;
  if (duration !== undefined && !/^\d{1,9}(?:ms|s|m|h|d)?$/.test(duration)) {
    return { wrong: `--duration ${duration}: not a time`, remedy: 'As in 90s, 10m or 2h.' };
  }
  const interfaces = listOf(values, 'interface');
  const bad = interfaces.find((name) => !/^[^\s/]{1,15}$/.test(name));
  if (bad !== undefined) return { wrong: `-i ${bad}: not the name of an interface`, remedy: 'As in: -i eth0' };
  return { ...report, format, interfaces, duration };
}
