import { expect, test } from 'vitest';
import type { Given } from '../../src/commands/command.ts';
import { reportConfig } from '../../src/commands/report-options.ts';

const report = (values: Given['values']) => reportConfig({ values, words: [] });

test('options become typed fields', () => {
  const values = { format: 'ndjson', color: 'always', all: true };
  expect(report({ ...values, 'exit-code': true, 'show-secrets': true })).toEqual({
    format: 'ndjson',
    colour: 'always',
    all: true,
    exitCode: true,
    showSecrets: true,
  });
});

test.each([
  ['a format that is none', report({ format: 'xml' }), 'xml'],
  ['a colour that is none', report({ color: 'red' }), 'red'],
])('%s is a usage error with a remedy', (_, config, wrong) => {
  expect(config).toMatchObject({ wrong: expect.stringContaining(wrong), remedy: expect.stringMatching(/./) });
});
