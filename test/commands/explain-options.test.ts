import { expect, test } from 'vitest';
import { explainConfig } from '../../src/commands/explain-options.ts';

test('causes are taken in their order', () => {
  const words = ['stale-keepalive', 'connect-refused'];
  expect(explainConfig({ values: { color: 'never' }, words })).toEqual({ causes: words, list: false, colour: 'never' });
  expect(explainConfig({ values: { list: true }, words: [] })).toMatchObject({ causes: [], list: true });
});

test('nothing to explain is a usage error with a remedy', () => {
  expect(explainConfig({ values: {}, words: [] })).toMatchObject({
    wrong: 'no cause was named',
    remedy: expect.stringContaining('--list'),
  });
});
