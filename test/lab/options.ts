/** What a run is asked for; handed to the process inside the namespace as JSON. */
import type { RecordOptions } from './record-inside.ts';

/** In clear, by TLS, or by HTTP/2 inside TLS. */
export type Clients = 'clear' | 'tls' | 'http2';

export interface RunOptions {
  readonly out: string;
  readonly seed: number;
  readonly concurrency: number;
  readonly connections: number;
  readonly workers: number;
  readonly plainTargets: boolean;
  readonly hotUrl: boolean;
  /** How they come to the outer gateway. */
  readonly clients: Clients;
  /** Empty: all that are not optional. */
  readonly scenarios: readonly string[];
  readonly nginx: string;
  readonly interface: string;
  readonly snaplen: number;
  /** Captured by the project's own program, with the kernel's events. */
  readonly kernel: boolean;
  /** Makes recordings instead of a run. */
  readonly record?: RecordOptions;
}

export const DEFAULTS: Omit<RunOptions, 'out'> = {
  seed: 1,
  concurrency: 24,
  connections: 1500,
  workers: 2,
  plainTargets: false,
  hotUrl: false,
  clients: 'clear',
  kernel: false,
  scenarios: [],
  nginx: 'nginx',
  interface: 'any',
  snaplen: 262_144,
};
