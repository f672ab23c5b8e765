/** The options of every command that captures on this machine. */
import { type Given, isUsageError, type OptionSpec, type UsageError } from './command.ts';
import { listOf } from './options.ts';

export interface CaptureConfig {
  /** Empty: loopback and every interface that is up and carries IP. */
  readonly interfaces: readonly string[];
  /** TCP of these only; empty: of all. */
  readonly ports: readonly number[];
  /** As the capture program takes it: `90s`. */
  readonly duration: string | undefined;
}

/** As many as the capture program's filter holds. */
const PORTS_LIMIT = 16;

export const CAPTURE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  interface: {
    type: 'string',
    multiple: true,
    short: 'i',
    value: 'IF',
    help: 'may be repeated; default: loopback and every interface that is up and carries IP',
  },
  port: {
    type: 'string',
    multiple: true,
    value: 'PORT',
    help: "TCP of this port only: name the gateway's and its peers'; may be repeated",
  },
  duration: { type: 'string', value: 'TIME', help: 'stop after it, as in 90s, 10m, 2h' },
};

export function captureConfig({ values, words: [word] }: Given): CaptureConfig | UsageError {
  if (word !== undefined) return { wrong: `${word}: not an option`, remedy: 'As in: sudo why502 -i lo' };
  const duration = values['duration'] as string | undefined;
  if (duration !== undefined && !isTime(duration)) {
    return { wrong: `--duration ${duration}: not a time`, remedy: 'As in 90s, 10m or 2h.' };
  }
  const interfaces = listOf(values, 'interface');
  const bad = interfaces.find((name) => !/^[^\s/]{1,15}$/.test(name));
  if (bad !== undefined) return { wrong: `-i ${bad}: not the name of an interface`, remedy: 'As in: -i eth0' };
  const ports = portsOf(listOf(values, 'port'));
  return isUsageError(ports) ? ports : { interfaces, ports, duration };
}

/** A number with a unit, as the capture program takes it. */
export function isTime(text: string): boolean {
  return /^\d{1,9}(?:ms|s|m|h|d)?$/.test(text);
}

function portsOf(texts: readonly string[]): number[] | UsageError {
  const bad = texts.find((text) => !/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535);
  if (bad !== undefined) return { wrong: `--port ${bad}: not a port`, remedy: 'It is a number from 1 to 65535.' };
  const ports = [...new Set(texts.map(Number))];
  if (ports.length <= PORTS_LIMIT) return ports;
  return { wrong: `--port: more than ${PORTS_LIMIT}`, remedy: 'Leave it out: all of TCP is looked at by default.' };
}
