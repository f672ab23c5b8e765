/** What --help prints, made of what the commands say of themselves. */
import type { OptionSpec } from './command.ts';
import { COMMANDS, isCommand } from './registry.ts';

const EXIT_CODES = [
  'Exit codes: 0 done; 1 a 502 was found (only with --exit-code); 2 usage;',
  '  3 input unreadable or damaged (what was read before is still reported);',
  '  4 the machine does not allow it; 130 interrupted before the file was read.',
];

/** The help of one command, or of the program. */
export function helpText(topic: string | undefined): string {
  if (topic !== undefined && isCommand(topic)) {
    const { usage, does, options, exitCodes } = COMMANDS[topic];
    const lines = Object.entries(options).map(([name, spec]) => optionLine(name, spec));
    const codes = exitCodes ? ['', ...EXIT_CODES] : [];
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
