/** What a command is: its words, what they mean, and how it is run in a world. */

export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** What a run needs of the outside. */
export interface World {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user interrupts. */
  readonly interrupt: AbortSignal;
  /** The package's. */
  readonly version: string;
  /** A line for the user that is no data. */
  say(line: string): void;
}

/** Returns the exit code. */
export type Run = (world: World) => Promise<number>;

/** What is wrong with a command line. */
export interface UsageError {
  readonly wrong: string;
  readonly remedy: string;
}

export interface OptionSpec {
  readonly type: 'boolean' | 'string';
  readonly multiple?: boolean;
  readonly short?: string;
  /** The value's name in the help. */
  readonly value?: string;
  readonly help: string;
}

/** What the help and the parser of the command line have to know. */
export interface CommandSpec {
  readonly usage: string;
  readonly does: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Its help ends with the exit codes. */
  readonly exitCodes: boolean;
}

export interface Command extends CommandSpec {
  understand(given: Given): Run | UsageError;
}

/** What the parser of the command line found: values by option name, the rest in order. */
export interface Given {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly words: readonly string[];
}

/** `read` is pure; `run` loads what the command needs. */
export function command<Config extends object>(
  spec: CommandSpec,
  read: (given: Given) => Config | UsageError,
  run: (config: Config, world: World) => Promise<number>,
): Command {
  return {
    ...spec,
    understand(given) {
      const config = read(given);
      return isUsageError(config) ? config : (world) => run(config, world);
    },
  };
}

export function isUsageError(value: unknown): value is UsageError {
  return typeof value === 'object' && value !== null && 'wrong' in value;
}
