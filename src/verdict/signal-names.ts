/** Signals by number, as Linux has them on every machine that why502-capture runs on (signal(7)). */
const NAMES: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  11: 'SIGSEGV',
  12: 'SIGUSR2',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  31: 'SIGSYS',
};

export function signalName(signal: number): string {
  return NAMES[signal] ?? `signal ${signal}`;
}

/** It asks or forces a process to end: not to reload, nor to open its logs anew. */
export function isEnding(signal: number): boolean {
  return [2, 3, 6, 9, 15].includes(signal);
}

/** Of a fault of the program itself. */
export function isFault(signal: number): boolean {
  return [4, 5, 6, 7, 8, 11, 31].includes(signal);
}
