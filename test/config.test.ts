import { describe, expect, test } from 'vitest';
import {
  COMMANDS,
  type CommandName,
  configOf,
  type Given,
  helpText,
  isCommand,
  maybeEndpoint,
  nearest,
  unknownOption,
} from '../src/config.ts';

function analyze(values: Given['values'], ...words: string[]) {
  return configOf('analyze', { values, words });
}

test('without options everything has its default', () => {
  expect(analyze({}, 'a.pcap')).toEqual({
    command: 'analyze',
    files: ['a.pcap'],
    format: 'text',
    gateways: [],
    exitCode: false,
    showSecrets: false,
    saveEvidence: undefined,
    colour: 'auto',
    all: false,
  });
});

test('options become typed fields', () => {
  const values = { format: 'ndjson', gateway: ['10.0.0.1:80', '[2001:DB8:0:0::1]:443'], color: 'always', all: true };
  expect(analyze({ ...values, 'exit-code': true, 'show-secrets': true, 'save-evidence': 'out' }, 'a')).toMatchObject({
    format: 'ndjson',
    gateways: ['10.0.0.1:80', '[2001:db8::1]:443'],
    colour: 'always',
    all: true,
    exitCode: true,
    showSecrets: true,
    saveEvidence: 'out',
  });
  expect(analyze({ 'no-color': true }, 'a')).toMatchObject({ colour: 'never' });
  expect(analyze({ help: true })).toEqual({ command: 'help', topic: 'analyze' });
});

test.each([
  ['no file', analyze({}), 'no capture was named'],
  ['a format that is none', analyze({ format: 'xml' }, 'a'), 'xml'],
  ['a colour that is none', analyze({ color: 'red' }, 'a'), 'red'],
  ['a gateway without a port', analyze({ gateway: ['10.0.0.1'] }, 'a'), '10.0.0.1'],
  ['standard input twice', analyze({}, '-', '-'), 'twice'],
  ['evidence without a directory', analyze({ 'save-evidence': '' }, 'a'), 'directory'],
  ['evidence from a pipe', analyze({ 'save-evidence': 'out' }, '-'), 'pipe'],
  ['nothing to explain', configOf('explain', { values: {}, words: [] }), 'no cause'],
])('%s is a usage error with a remedy', (_, config, wrong) => {
  expect(config).toMatchObject({ wrong: expect.stringContaining(wrong), remedy: expect.stringMatching(/.\.|--/) });
});

test.each([
  ['10.0.0.1:80', '10.0.0.1:80'],
  ['[::1]:8080', '[::1]:8080'],
  ['[2001:0DB8::0001]:80', '[2001:db8::1]:80'],
  ['256.0.0.1:80', undefined],
  ['10.0.0.1:0', undefined],
  ['10.0.0.1:65536', undefined],
  ['::1:80', undefined],
  ['[zz]:80', undefined],
  ['[:::]:80', undefined],
  ['web1:80', undefined],
  ['', undefined],
])('the endpoint %j is %j', (text, endpoint) => {
  expect(maybeEndpoint(text)).toBe(endpoint);
});

test('an unknown option names the one that was probably meant', () => {
  expect(unknownOption('analyze', 'formt').remedy).toContain('--format');
  expect(unknownOption('analyze', 'gateways').remedy).toContain('--gateway');
  expect(unknownOption('analyze', 'show').remedy).toContain('--show-secrets');
  expect(unknownOption('analyze', 'frobnicate').remedy).not.toContain('Did you mean');
  expect(unknownOption('analyze', 'x').wrong).toBe('unknown option -x');
  expect(unknownOption('analyze', 'access-log').wrong).toContain('not there yet');
});

test('the nearest name is near', () => {
  expect(nearest('analyse', ['analyze', 'explain'])).toBe('analyze');
  expect(nearest('trace', ['analyze', 'explain'])).toBeUndefined();
  expect(nearest('x'.repeat(100_000), ['analyze'])).toBeUndefined();
});

describe('the help', () => {
  test.each([undefined, 'analyze', 'explain'] as const)('of %s fits 80 columns', (topic) => {
    for (const line of helpText(topic).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each(Object.keys(COMMANDS) as CommandName[])('of %s names every option', (command) => {
    for (const name of Object.keys(COMMANDS[command].options)) expect(helpText(command)).toContain(`--${name}`);
    expect(isCommand(command)).toBe(true);
  });

  test('of something unknown is that of the program', () => {
    expect(helpText('nonsense')).toBe(helpText(undefined));
  });
});
