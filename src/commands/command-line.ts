/** The words that follow `why502` -> what is to be run, or what is wrong with them. Whether a file exists is asked. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { EXIT } from '../config.ts';
import type { Given, OptionSpec, Run, UsageError } from './command.ts';
import { nearest } from './nearest.ts';
import { COMMANDS, type CommandName, isCommand, OPTIONS_NOT_YET } from './registry.ts';

export function commandLine(argv: readonly string[], exists: (path: string) => boolean): Run | UsageError {
  const [first = ''] = argv;
  if (first === '--version' || first === '-V') return printVersion;
  if (first === '--help' || first === '-h' || first === 'help') return printHelp(argv[1]);
  // The default command is the hunt; whoever names a file wants that explained.
  if (argv.length === 0 || (first.startsWith('-') && !namesFile(argv))) return parsed('live', argv);
  if (isCommand(first)) return parsed(first, argv.slice(1));
  if (!first.startsWith('-') && !exists(first)) {
    const near = nearest(first, [...Object.keys(COMMANDS), 'help']);
    if (near) return { wrong: `${first}: neither a command nor a file`, remedy: `Did you mean: why502 ${near}?` };
  }
  return parsed('analyze', argv);
}

const printVersion: Run = async ({ stdout, version }) => {
  stdout.write(`why502 ${version}\n`);
  return EXIT.done;
};

function printHelp(topic: string | undefined): Run | UsageError {
  if (topic !== undefined && !topic.startsWith('-') && !isCommand(topic)) {
    const near = nearest(topic, Object.keys(COMMANDS));
    const remedy = near ? `Did you mean: why502 help ${near}?` : 'All commands: why502 --help';
    return { wrong: `${topic}: no command of that name`, remedy };
  }
  return async ({ stdout }) => {
    stdout.write((await import('./help.ts')).helpText(topic));
    return EXIT.done;
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

function parsed(command: CommandName, argv: readonly string[]): Run | UsageError {
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
  if (values['help'] === true) return printHelp(command);
  return COMMANDS[command].understand({ values: values as Given['values'], words: positionals });
}

/** What to say of an option that `command` does not have. */
export function unknownOption(command: CommandName, name: string): UsageError {
  const remedy = `See: why502 ${command} --help`;
  if (OPTIONS_NOT_YET.has(name)) return { wrong: `--${name} is not there yet`, remedy };
  const near = nearest(name, Object.keys(COMMANDS[command].options));
  const shown = name.length === 1 ? `-${name}` : `--${name}`;
  return { wrong: `unknown option ${shown}`, remedy: near ? `Did you mean --${near}? ${remedy}` : remedy };
}
