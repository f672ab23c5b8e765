/** Processor time of a load and of whatever watches it, to the nanosecond, by a control group of their own: v2, or v1's cpuacct. */
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
const NANOS_PER_MICRO = 1000;

export interface ProcessorTime {
  /** The command, run within the group. */
  within(command: string, args: readonly string[]): [string, string[]];
  /** Nanoseconds so far, of those that have ended too. */
  used(): number;
  /** Once its last process has ended. */
  remove(): void;
}

export function processorTimeOf(name: string): ProcessorTime {
  const unified = existsSync(join(ROOT, 'cgroup.controllers'));
  const group = join(ROOT, unified ? '' : 'cpuacct', name);
  mkdirSync(group);
  return {
    within: (command, args) => {
      const script = `echo $$ > ${join(group, 'cgroup.procs')} && exec "$0" "$@"`;
      return ['sh', ['-c', script, command, ...args]];
    },
    used: () => {
      if (!unified) return Number(readFileSync(join(group, 'cpuacct.usage'), 'utf8'));
      const [, micros] = /^usage_usec (\d+)/m.exec(readFileSync(join(group, 'cpu.stat'), 'utf8')) ?? [];
      return Number(micros) * NANOS_PER_MICRO;
    },
    remove: () => {
      try {
        rmdirSync(group);
      } catch {
        // Somebody in it has not ended yet. An empty group does no harm.
      }
    },
  };
}
