#!/usr/bin/env node
/**
 * argv -> Config -> run. The only file that ends the process or writes to the console. What a command needs is loaded
 * when it runs, so that the others start without it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { World } from './app.ts';
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

function commandLine(argv: readonly string[]): Config | UsageError {
  const [first = ''] = argv;
  if (first === '--version' || first === '-V') return { command: 'version' };
  if (first === '--help' || first === '-h' || first === 'help') return { command: 'help', topic: argv[1] };
  if (Object.hasOwn(NOT_YET, first) && !existsSync(first)) return notYet(NOT_YET[first] as string);
  if (argv.length === 0) return notYet('Live capture');
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
    remedy: 'There are: why502 analyze FILE, why502 explain. See: why502 --help',
  };
}

function parsed(command: CommandName, argv: readonly string[]): Config | UsageError {
  const specs: Readonly<Record<string, OptionSpec>> = COMMANDS[command].options;
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { type, multiple, short }] of Object.entries(specs)) {
    options[name] = { type, ...(multiple ? { multiple } : {}), ...(short ? { short } : {}) };
  }
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
      process.stdout.write(`why502 ${version()}\n`);
      return 0;
    case 'help':
      process.stdout.write(helpText(config.topic));
      return 0;
    case 'explain':
      return (await import('./app.ts')).explain(config, world());
    case 'analyze':
      return (await import('./app.ts')).analyze(config, world());
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
  const { stdout, stderr, env } = process;
  return { stdout, stderr, env, interrupt: interrupt.signal, say: (line) => console.error(line) };
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

const config = commandLine(process.argv.slice(2));
if ('wrong' in config) {
  // What was typed may hold anything, a file name from a glob too.
  console.error(`why502: ${config.wrong}. ${config.remedy}`.replace(/\p{C}/gu, '?'));
  process.exitCode = EXIT.usage;
} else {
  // A reader that has gone ends help and explanations quietly too.
  process.stdout.on('error', () => {});
  try {
    process.exitCode = await run(config);
  } catch (error) {
    console.error(`why502 ${version()}: this is a bug of why502, please report it with the command and this text:`);
    console.error(error);
    process.exit(EXIT.bug);
  }
}
