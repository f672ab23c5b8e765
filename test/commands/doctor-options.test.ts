import { expect, test } from 'vitest';
import { doctorConfig } from '../../src/commands/doctor-options.ts';

test('it is text unless asked otherwise', () => {
  expect(doctorConfig({ values: {}, words: [] })).toEqual({ format: 'text' });
  expect(doctorConfig({ values: { format: 'json' }, words: [] })).toEqual({ format: 'json' });
});

test.each([
  [{ format: 'ndjson' }, [], 'ndjson'],
  [{}, ['lo'], 'lo'],
] as const)('%j %j is a usage error with a remedy', (values, words, wrong) => {
  expect(doctorConfig({ values, words })).toMatchObject({ wrong: expect.stringContaining(wrong) });
});
