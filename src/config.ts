/**
 * Command line -> typed configuration. Pure: it reads no file and prints nothing; what is wrong with a command line is a
 * value with its remedy. Options, their help and their limits stand here and nowhere else.
 */
import { MILLISECOND, type Nanos, SECOND } from './model/time.ts';

/** Settle window of a file: long enough for a retry to follow a slow failure; costs nothing offline. */
export const SETTLE_FILE: Nanos = 10 * SECOND;
/** Settle window of a pipe: the incident is on screen before the user has switched windows. */
export const SETTLE_PIPE: Nanos = 250 * MILLISECOND;
/** How far a silent pipe's time is driven past its last record: everything has settled by then. */
export const SILENCE_AHEAD: Nanos = SECOND;
/** Between two looks at a silent pipe. */
export const SILENCE_PERIOD_MS = 100;
/** After SIGINT a pipe may still deliver what its writer, interrupted too, has to flush. */
export const INTERRUPT_GRACE_MS = 500;

/** 70 is sysexits' EX_SOFTWARE: a bug, ours to mend. */
export const EXIT: Readonly<
  Record<'done' | 'found' | 'usage' | 'unreadable' | 'refused' | 'bug' | 'interrupted', number>
> = { done: 0, found: 1, usage: 2, unreadable: 3, refused: 4, bug: 70, interrupted: 130 };

export type Format = 'text' | 'json' | 'ndjson';
export type ColourWish = 'always' | 'never' | 'auto';

export interface AnalyzeConfig {
  readonly command: 'analyze';
  readonly files: readonly string[];
  readonly format: Format;
  /** As endpoints are printed: `10.0.0.1:80`, `[::1]:80`. Empty: found in the capture. */
  readonly gateways: readonly string[];
  readonly exitCode: boolean;
  readonly showSecrets: boolean;
  readonly saveEvidence: string | undefined;
  readonly colour: ColourWish;
  readonly all: boolean;
}

export interface LiveConfig {
  readonly command: 'live';
  readonly interfaces: readonly string[];
  /** As the capture program takes it. */
  readonly duration: string | undefined;
  readonly format: 'text' | 'ndjson';
  readonly gateways: readonly string[];
  readonly exitCode: boolean;
  readonly showSecrets: boolean;
  readonly colour: ColourWish;
  readonly all: boolean;
}

export interface ExplainConfig {
  readonly command: 'explain';
  readonly causes: readonly string[];
  readonly list: boolean;
  readonly colour: ColourWish;
}

export interface HelpConfig {
  readonly command: 'help';
  readonly topic: string | undefined;
}

export type Config = AnalyzeConfig | LiveConfig | ExplainConfig | HelpConfig | { readonly command: 'version' };

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

const COLOUR: OptionSpec = {
  type: 'string',
  value: 'WHEN',
  help: 'always, never or auto (a terminal without NO_COLOR)',
};
const HELP: OptionSpec = { type: 'boolean', short: 'h', help: 'this text' };

export type CommandName = 'live' | 'analyze' | 'explain';

export interface CommandSpec {
  readonly usage: string;
  readonly does: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
}

export const COMMANDS: Readonly<Record<CommandName, CommandSpec>> = {
  live: {
    usage: 'why502 [live] [-i IF]...',
    does: 'Captures on this machine and explains every 502 as it happens; needs root.',
    options: {
      interface: {
        type: 'string',
        multiple: true,
        short: 'i',
        value: 'IF',
        help: 'may be repeated; default: loopback and every interface that is up and carries IP',
      },
      gateway: {
        type: 'string',
        multiple: true,
        value: 'ADDR:PORT',
        help: 'where clients reach the gateway; found in the traffic by default; may be repeated',
      },
      duration: { type: 'string', value: 'TIME', help: 'stop after it, as in 90s, 10m, 2h' },
      format: { type: 'string', value: 'FORMAT', help: 'text or ndjson (one line each, at once)' },
      all: { type: 'boolean', help: 'every story and every row, not only the first of each kind' },
      'exit-code': { type: 'boolean', help: 'exit with 1 if there is at least one 502' },
      'show-secrets': { type: 'boolean', help: 'do not mask passwords, tokens and cookies' },
      color: COLOUR,
      'no-color': { type: 'boolean', help: 'the same as --color never' },
      help: HELP,
    },
  },
  analyze: {
    usage: 'why502 [analyze] FILE...',
    does: 'Explains every 502 in captures: pcap, pcapng, gzip; - is standard input.',
    options: {
      format: { type: 'string', value: 'FORMAT', help: 'text, json (one document) or ndjson (one line each, at once)' },
      gateway: {
        type: 'string',
        multiple: true,
        value: 'ADDR:PORT',
        help: 'where clients reach the gateway; found in the capture by default; may be repeated',
      },
      all: { type: 'boolean', help: 'every story and every row, not only the first of each kind' },
      'exit-code': { type: 'boolean', help: 'exit with 1 if there is at least one 502' },
      'save-evidence': {
        type: 'string',
        value: 'DIR',
        help: 'write a pcapng an incident with its connections only (as captured: with secrets)',
      },
      'show-secrets': { type: 'boolean', help: 'do not mask passwords, tokens and cookies' },
      color: COLOUR,
      'no-color': { type: 'boolean', help: 'the same as --color never' },
      help: HELP,
    },
  },
  explain: {
    usage: 'why502 explain CAUSE... | --list',
    does: 'Says what a cause means, how it is recognised and what to do first.',
    options: {
      list: { type: 'boolean', short: 'l', help: 'all causes, a line each' },
      color: COLOUR,
      'no-color': { type: 'boolean', help: 'the same as --color never' },
      help: HELP,
    },
  },
};

/** Promised by the design, not built yet: said so instead of called unknown. */
export const NOT_YET: Readonly<Record<string, string>> = {
  record: 'The recorder',
  doctor: 'The check of this machine',
};
const OPTIONS_NOT_YET: ReadonlySet<string> = new Set(['tui', 'access-log', 'error-log', 'keylog']);

export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

/** What the parser of the command line found: values by option name, the rest in order. */
export interface Given {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly words: readonly string[];
}

export function configOf(command: CommandName, { values, words }: Given): Config | UsageError {
  if (values['help'] === true) return { command: 'help', topic: command };
  const colour = values['no-color'] === true ? 'never' : (values['color'] ?? 'auto');
  if (colour !== 'always' && colour !== 'never' && colour !== 'auto') {
    return { wrong: `--color ${colour}: no such choice`, remedy: 'It is always, never or auto.' };
  }
  if (command === 'explain') return explainConfig(values['list'] === true, words, colour);
  const { format = 'text' } = values;
  if (format !== 'text' && format !== 'json' && format !== 'ndjson') {
    return { wrong: `--format ${format}: no such format`, remedy: 'It is text, json or ndjson.' };
  }
  const gateways = ((values['gateway'] ?? []) as readonly string[]).map((text) => maybeEndpoint(text) ?? { text });
  const bad = gateways.find((gateway) => typeof gateway !== 'string');
  if (bad)
    return { wrong: `--gateway ${bad.text}: not an address with a port`, remedy: 'As in 10.0.0.1:80 or [::1]:80.' };
  const common = {
    gateways: gateways as string[],
    exitCode: values['exit-code'] === true,
    showSecrets: values['show-secrets'] === true,
    colour,
    all: values['all'] === true,
  } as const;
  if (command === 'live') return liveConfig(values, words, format, common);
  const saveEvidence = values['save-evidence'] as string | undefined;
  return analyzeConfig({
    command,
    files: words,
    format,
    saveEvidence,
    ...common,
  });
}

function liveConfig(
  values: Given['values'],
  words: readonly string[],
  format: Format,
  common: Omit<LiveConfig, 'command' | 'interfaces' | 'duration' | 'format'>,
): Config | UsageError {
  const [word] = words;
  if (word !== undefined) return { wrong: `${word}: not an option`, remedy: 'As in: why502 live -i lo' };
  if (format === 'json') return { wrong: '--format json: a live run has no end', remedy: 'It is text or ndjson.' };
  const duration = values['duration'] as string | undefined;
  if (duration !== undefined && !/^\d{1,9}(?:ms|s|m|h|d)?$/.test(duration)) {
    return { wrong: `--duration ${duration}: not a time`, remedy: 'As in 90s, 10m or 2h.' };
  }
  const interfaces = (values['interface'] ?? []) as readonly string[];
  const bad = interfaces.find((name) => !/^[^\s/]{1,15}$/.test(name));
  if (bad !== undefined) return { wrong: `-i ${bad}: not the name of an interface`, remedy: 'As in: -i eth0' };
  return { command: 'live', interfaces, duration, format, ...common };
}

function analyzeConfig(config: AnalyzeConfig): Config | UsageError {
  const { files, saveEvidence } = config;
  if (files.length === 0) {
    return { wrong: 'no capture was named', remedy: 'As in: why502 analyze FILE, or - for standard input.' };
  }
  if (files.filter((file) => file === '-').length > 1) {
    return { wrong: '- was named twice', remedy: 'Standard input can be read once.' };
  }
  if (saveEvidence === '')
    return { wrong: '--save-evidence needs a directory', remedy: 'As in: --save-evidence evidence' };
  if (saveEvidence !== undefined && files.includes('-')) {
    return {
      wrong: '--save-evidence reads the capture a second time, which a pipe does not allow',
      remedy: 'Write it to a file first (tee capture.pcap), then analyze that.',
    };
  }
  return config;
}

function explainConfig(list: boolean, causes: readonly string[], colour: ColourWish): Config | UsageError {
  if (!list && causes.length === 0) {
    return { wrong: 'no cause was named', remedy: 'As in: why502 explain connect-refused. All: why502 explain --list' };
  }
  return { command: 'explain', causes, list, colour };
}

/** An address and port as endpoints are printed; `undefined` where it is neither IPv4 nor bracketed IPv6 with a port. */
export function maybeEndpoint(text: string): string | undefined {
  const split = text.lastIndexOf(':');
  const [address, port] = [text.slice(0, split), Number(text.slice(split + 1))];
  if (split < 1 || !/:\d{1,5}$/.test(text) || port < 1 || port > 65_535) return undefined;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) {
    const octets = address.split('.').map(Number);
    return octets.every((octet) => octet <= 255) ? `${octets.join('.')}:${port}` : undefined;
  }
  if (!/^\[[0-9a-f:.]+\]$/i.test(address)) return undefined;
  try {
    // The URL standard writes IPv6 as RFC 5952 does.
    return `${new URL(`http://${address}/`).hostname}:${port}`;
  } catch {
    return undefined;
  }
}

/** What to say of an option that `command` does not have. */
export function unknownOption(command: CommandName, name: string): UsageError {
  const remedy = `See: why502 ${command} --help`;
  if (OPTIONS_NOT_YET.has(name)) return { wrong: `--${name} is not there yet`, remedy };
  const near = nearest(name, Object.keys(COMMANDS[command].options));
  const shown = name.length === 1 ? `-${name}` : `--${name}`;
  return { wrong: `unknown option ${shown}`, remedy: near ? `Did you mean --${near}? ${remedy}` : remedy };
}

/** The name that was probably meant; `undefined` where none is near. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const scored = names
    .map((name) => ({ name, score: name.startsWith(word) && word.length > 1 ? 0 : distance(word, name) }))
    .sort((a, b) => a.score - b.score);
  const [best] = scored;
  return best && best.score <= Math.max(1, Math.floor(word.length / 3)) ? best.name : undefined;
}

/** Levenshtein's: letters to add, remove or change. Words longer than this are nobody's typing error. */
const LONGEST_WORD = 40;

function distance(a: string, b: string): number {
  if (a.length > LONGEST_WORD) return a.length;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

const EXIT_CODES = [
  'Exit codes: 0 done; 1 a 502 was found (only with --exit-code); 2 usage;',
  '  3 input unreadable or damaged (what was read before is still reported);',
  '  4 the machine does not allow it; 130 interrupted before the file was read.',
];

/** The help of one command, or of the program. */
export function helpText(topic: string | undefined): string {
  if (topic !== undefined && isCommand(topic)) {
    const { usage, does, options } = COMMANDS[topic];
    const lines = Object.entries(options).map(([name, spec]) => optionLine(name, spec));
    const codes = topic === 'analyze' || topic === 'live' ? ['', ...EXIT_CODES] : [];
    return [usage, '', does, '', 'Options:', ...lines, ...codes, ''].join('\n');
  }
  return [
    'why502 - why was this request a 502?',
    '',
    ...Object.values(COMMANDS).map(({ usage, does }) => `  ${usage}\n      ${does}`),
    '  why502 --help | --version',
    '      Help of one command: why502 analyze --help',
    '',
    'Examples:',
    '  sudo why502',
    '  why502 checkout.pcap',
    '  ssh web1 sudo tcpdump --immediate-mode -i any -U -w - not port 22 | why502 -',
    '  why502 analyze --format ndjson *.pcapng | jq .verdict.cause',
    '',
    ...EXIT_CODES,
    '',
  ].join('\n');
}

/** Column where the help of an option begins, and where its lines end. */
const HELP_AT = 26;
const HELP_WIDTH = 80;

function optionLine(name: string, { short, value, help }: OptionSpec): string {
  const head = `  ${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`.padEnd(HELP_AT - 1);
  const lines: string[] = [];
  let line = head;
  for (const word of help.split(' ')) {
    if (line.length + 1 + word.length > HELP_WIDTH) {
      lines.push(line);
      line = ' '.repeat(HELP_AT - 1);
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}
