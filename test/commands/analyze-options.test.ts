import { expect, test } from 'vitest';
import { analyzeConfig } from '../../src/commands/analyze-options.ts';
import type { Given } from '../../src/commands/command.ts';

function analyze(values: Given['values'], ...words: string[]) {
  return analyzeConfig({ values, words });
}

test('without options everything has its default', () => {
  expect(analyze({}, 'a.pcap')).toEqual({
    files: ['a.pcap'],
    format: 'text',
    gateways: [],
    exitCode: false,
    showSecrets: false,
    saveEvidence: undefined,
    tui: false,
    colour: 'auto',
    all: false,
  });
});

test('gateways are written as they are printed', () => {
  expect(analyze({ gateway: ['10.0.0.1:80', '[2001:DB8:0:0::1]:443'] }, 'a')).toMatchObject({
    gateways: ['10.0.0.1:80', '[2001:db8::1]:443'],
  });
});

test('the directory of the evidence is taken', () => {
  expect(analyze({ 'save-evidence': 'out' }, 'a')).toMatchObject({ saveEvidence: 'out' });
});

test.each([
  ['no file', analyze({}), 'no capture was named'],
  ['a format that is none', analyze({ format: 'xml' }, 'a'), 'xml'],
  ['a gateway without a port', analyze({ gateway: ['10.0.0.1'] }, 'a'), '10.0.0.1'],
  ['standard input twice', analyze({}, '-', '-'), 'twice'],
  ['evidence without a directory', analyze({ 'save-evidence': '' }, 'a'), 'directory'],
  ['evidence from a pipe', analyze({ 'save-evidence': 'out' }, '-'), 'pipe'],
])('%s is a usage error with a remedy', (_, config, wrong) => {
  expect(config).toMatchObject({ wrong: expect.stringContaining(wrong), remedy: expect.stringMatching(/.\.|--/) });
});
