#!/usr/bin/env node
/**
 * argv -> Config -> run. The only file that ends the process or writes to the console. What a command needs is loaded
 * when it runs, so that the others start without it.
 */
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import type { Terminal, World } from './app.ts';
import {
  COMMANDS,
  type CommandName,
  type Config,
  configOf,
  EXIT,
  type Given,
  helpText,
  isCommand,
  NOT_YET,
  nearest,
  type OptionSpec,
  type UsageError,
  unknownOption,
} from './config.ts';
import { isReaderGone } from './model/reader-gone.ts';

/**
 * Most runs are over before they have been compiled twice. V8 inlines less, so that what is hot is compiled sooner:
 * on a capture of 1 GB half of the time that compiling takes is saved.
 */
setFlagsFromString('--max-inlined-bytecode-size-cumulative=200');

/** Between two tries to write to a pipe that is full. */
const RETRY_MS = 5;

function commandLine(argv: readonly string[]): Config | UsageError {
  const [first = ''] = argv;
  if (first === '--version' || first === '-V') return { command: 'version' };
  if (first === '--help' || first === '-h' || first === 'help') return { command: 'help', topic: argv[1] };
  if (Object.hasOwn(NOT_YET, first) && !existsSync(first)) return notYet(NOT_YET[first] as string);
  // The default command is the hunt; whoever names a file wants that explained.
  if (argv.length === 0 || (first.startsWith('-') && !namesFile(argv))) return parsed('live', argv);
  if (isCommand(first)) return parsed(first, argv.slice(1));
  if (!first.startsWith('-') && !existsSync(first)) {
    const near = nearest(first, [...Object.keys(COMMANDS), ...Object.keys(NOT_YET), 'help']);
    if (near) return { wrong: `${first}: neither a command nor a file`, remedy: `Did you mean: why502 ${near}?` };
  }
  return parsed('analyze', argv);
}

function notYet(what: string): UsageError {
  return {
    wrong: `${what} is not there yet`,
    remedy: 'There are: why502 live, why502 analyze FILE, why502 explain. See: why502 --help',
  };
}

type Specs = Readonly<Record<string, OptionSpec>>;

/** Is there a word that is no option's value? */
function namesFile(argv: readonly string[]): boolean {
  const specs: Specs = { ...COMMANDS.live.options, ...COMMANDS.analyze.options };
  return (
    parseArgs({ args: [...argv], options: parserOptions(specs), allowPositionals: true, strict: false }).positionals
      .length > 0
  );
}

function parserOptions(specs: Specs): NonNullable<ParseArgsConfig['options']> {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { type, multiple, short }] of Object.entries(specs)) {
    options[name] = { type, ...(multiple ? { multiple } : {}), ...(short ? { short } : {}) };
  }
  return options;
}

function parsed(command: CommandName, argv: readonly string[]): Config | UsageError {
  const specs: Specs = COMMANDS[command].options;
  const options = parserOptions(specs);
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const spec = specs[token.name];
    if (!spec) return unknownOption(command, token.name);
    const { rawName, value } = token;
    const remedy = `See: why502 ${command} --help`;
    if (spec.type === 'boolean' && value !== undefined) return { wrong: `${rawName} takes no value`, remedy };
    if (spec.type === 'string' && (value === undefined || (!token.inlineValue && /^-./.test(value)))) {
      return { wrong: `${rawName} needs a value: ${spec.value}`, remedy };
    }
  }
  return configOf(command, { values: values as Given['values'], words: positionals });
}

async function run(config: Config): Promise<number> {
  switch (config.command) {
    case 'version':
      stdout.write(`why502 ${version()}\n`);
      return 0;
    case 'help':
      stdout.write(helpText(config.topic));
      return 0;
    case 'explain':
      return (await import('./app.ts')).explain(config, world());
    case 'analyze':
      return (await import('./app.ts')).analyze(config, world());
    case 'live':
      return (await import('./app.ts')).live(config, world());
  }
}

function world(): World {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Asked twice: now.
      if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
      interrupt.abort();
    });
  }
  const { stderr, env } = process;
  return { stdout, stderr, env, interrupt: interrupt.signal, say: (line) => console.error(line) };
}

/**
 * Standard output, written at once. process.stdout would keep in memory what a slow reader of a pipe has not taken yet:
 * all of a large report.
 */
const stdout: Terminal = {
  isTTY: isatty(1),
  get columns() {
    return isatty(1) ? process.stdout.columns : undefined;
  },
  write(text) {
    const octets = Buffer.from(text, 'utf8');
    for (let written = 0; written < octets.length; ) {
      try {
        written += writeSync(1, octets, written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        // Whoever shares the pipe made it non-blocking: wait for the reader.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      }
    }
  },
};

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

const config = commandLine(process.argv.slice(2));
if ('wrong' in config) {
  // What was typed may hold anything, a file name from a glob too.
  console.error(`why502: ${config.wrong}. ${config.remedy}`.replace(/\p{C}/gu, '?'));
  process.exitCode = EXIT.usage;
} else {
  try {
    process.exitCode = await run(config);
  } catch (error) {
    if (isReaderGone(error)) process.exit(EXIT.done);
    console.error(`why502 ${version()}: this is a bug of why502, please report it with the command and this text:`);
    console.error(error);
    process.exit(EXIT.bug);
  }
}
