/** `why502 live`: words and options -> typed configuration. Pure; what is wrong is a value with its remedy. */
import { type EngineName, isEngine } from '../sources/capture/engine/names.ts';
import { CAPTURE_OPTIONS, type CaptureConfig, captureConfig } from './capture-options.ts';
import { type CommandSpec, type Given, isUsageError, type UsageError } from './command.ts';
import { listOf, maybeEndpoint } from './options.ts';
import { REPORT_OPTIONS, type ReportConfig, reportConfig } from './report-options.ts';

export interface LiveConfig extends ReportConfig, CaptureConfig {
  readonly format: 'text' | 'ndjson';
  readonly gateways: readonly GatewayWish[];
  readonly engine: EngineName;
  /** Ask the kernel too. */
  readonly kernel: boolean;
  /** On a terminal: the terminal UI instead of text. */
  readonly tui: boolean;
}

/** A gateway that the user named: an endpoint as printed, or a process by its name or pid. */
export type GatewayWish = { readonly endpoint: string } | { readonly process: string };

export const LIVE: CommandSpec = {
  usage: 'why502 [live] [-i IF]... [--port PORT]... [--gateway NAME]...',
  does: 'Captures on this machine and explains every 502 as it happens; needs root.',
  exitCodes: true,
  options: {
    ...CAPTURE_OPTIONS,
    gateway: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'its process (name or pid) or address (10.0.0.1:80); found by default; may be repeated',
    },
    engine: {
      type: 'string',
      value: 'ENGINE',
      help: 'capture (why502-capture, the default), or the npm packages pcap or cap where it cannot run',
    },
    'no-kernel': { type: 'boolean', help: 'packets only: the kernel is not asked what became of them' },
    'no-tui': { type: 'boolean', help: 'text on a terminal too, instead of the terminal UI' },
    format: { type: 'string', value: 'FORMAT', help: 'text or ndjson (one line each, at once)' },
    ...REPORT_OPTIONS,
  },
};

export function liveConfig(given: Given): LiveConfig | UsageError {
  const report = reportConfig(given);
  if (isUsageError(report)) return report;
  const { format } = report;
  if (format === 'json') return { wrong: '--format json: a live run has no end', remedy: 'It is text or ndjson.' };
  const capture = captureConfig(given);
  if (isUsageError(capture)) return capture;
  const gateways: GatewayWish[] = [];
  for (const text of listOf(given.values, 'gateway')) {
    const endpoint = maybeEndpoint(text);
    // A name with a colon in it is an address that was meant to be one.
    if (endpoint === undefined && !/^[^\s:/]{1,15}$/.test(text)) {
      const remedy = 'As in nginx, 4711, 10.0.0.1:80 or [::1]:80.';
      return { wrong: `--gateway ${text}: neither a process nor an address with a port`, remedy };
    }
    gateways.push(endpoint === undefined ? { process: text } : { endpoint });
  }
  const { engine = 'capture' } = given.values;
  if (!isEngine(engine)) return { wrong: `--engine ${engine}: no such engine`, remedy: 'It is capture, pcap or cap.' };
  const tui = given.values['no-tui'] !== true && given.values['format'] === undefined;
  return { ...report, ...capture, format, gateways, engine, tui, kernel: given.values['no-kernel'] !== true };
}
