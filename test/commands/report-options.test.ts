import { expect, test } from 'vitest';
import type { Given } from '../../src/commands/command.ts';
import { reportConfig } from '../../src/commands/report-options.ts';

const report = (values: Given['values']) => reportConfig({ values, words: [] });

test('options become typed fields', () => {
  const values = { format: 'ndjson', gateway: ['10.0.0.1:80', '[2001:DB8:0:0::1]:443'], color: 'always', all: true };
  expect(report({ ...values, 'exit-code': true, 'show-secrets': true })).toEqual({
    format: 'ndjson',
    gateways: ['10.0.0.1:80', '[2001:db8::1]:443'],
    colour: 'always',
    all: true,
    exitCode: true,
    showSecrets: true,
  });
});

test.each([
  ['a format that is none', report({ format: 'xml' }), 'xml'],
  ['a colour that is none', report({ color: 'red' }), 'red'],
  ['a gateway without a port', report({ gateway: ['10.0.0.1'] }), '10.0.0.1'],
])('%s is a usage error with a remedy', (_, config, wrong) => {
  expect(config).toMatchObject({ wrong: expect.stringContaining(wrong), remedy: expect.stringMatching(/./) });
});
