/** `why502 analyze`: words and options -> typed configuration. Pure; what is wrong is a value with its remedy. */
import { type CommandSpec, type Given, isUsageError, type UsageError } from './command.ts';
import { listOf, maybeEndpoint } from './options.ts';
import { REPORT_OPTIONS, type ReportConfig, reportConfig } from './report-options.ts';

export interface AnalyzeConfig extends ReportConfig {
  readonly files: readonly string[];
  /** As endpoints are printed: `10.0.0.1:80`, `[::1]:80`. Empty: found in the capture. */
  readonly gateways: readonly string[];
  readonly saveEvidence: string | undefined;
  readonly tui: boolean;
}

export const ANALYZE: CommandSpec = {
  usage: 'why502 [analyze] FILE...',
  does: 'Explains every 502 in captures: pcap, pcapng, gzip; - is standard input.',
  exitCodes: true,
  options: {
    format: { type: 'string', value: 'FORMAT', help: 'text, json (one document) or ndjson (one line each, at once)' },
    gateway: {
      type: 'string',
      multiple: true,
      value: 'ADDR:PORT',
      help: 'where clients reach the gateway; found in the capture by default; may be repeated',
    },
    tui: { type: 'boolean', help: 'the terminal UI: look around in one capture' },
    'save-evidence': {
      type: 'string',
      value: 'DIR',
      help: 'write a pcapng an incident with its connections only (as captured: with secrets)',
    },
    ...REPORT_OPTIONS,
  },
};

export function analyzeConfig(given: Given): AnalyzeConfig | UsageError {
  const report = reportConfig(given);
  if (isUsageError(report)) return report;
  const { words: files, values } = given;
  const gateways: string[] = [];
  for (const text of listOf(values, 'gateway')) {
    const endpoint = maybeEndpoint(text);
    if (endpoint === undefined) {
      return { wrong: `--gateway ${text}: not an address with a port`, remedy: 'As in 10.0.0.1:80 or [::1]:80.' };
    }
    gateways.push(endpoint);
  }
  const saveEvidence = values['save-evidence'] as string | undefined;
  if (files.length === 0) {
    return { wrong: 'no capture was named', remedy: 'As in: why502 analyze FILE, or - for standard input.' };
  }
  if (files.filter((file) => file === '-').length > 1) {
    return { wrong: '- was named twice', remedy: 'Standard input can be read once.' };
  }
  if (saveEvidence === '') {
    return { wrong: '--save-evidence needs a directory', remedy: 'As in: --save-evidence evidence' };
  }
  if (saveEvidence !== undefined && files.includes('-')) {
    return {
      wrong: '--save-evidence reads the capture a second time, which a pipe does not allow',
      remedy: 'Write it to a file first (tee capture.pcap), then analyze that.',
    };
  }
  const tui = values['tui'] === true;
  if (tui && files.length > 1) {
    return { wrong: '--tui shows one capture', remedy: 'Name one FILE, or - for standard input.' };
  }
  if (tui && values['format'] !== undefined) {
    return { wrong: '--tui and --format exclude each other', remedy: 'Leave one of them out.' };
  }
  return { ...report, files, gateways, saveEvidence, tui };
}
