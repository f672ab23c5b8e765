import { expect, test } from 'vitest';
import type { EntryWords } from '../../../src/sinks/tui/entry.ts';
import { filterOf } from '../../../src/sinks/tui/filter.ts';

const WORDS: EntryWords = {
  at: 0,
  method: 'POST',
  target: '/checkout?id=7',
  host: 'shop.example',
  client: '203.0.113.9:58884',
  peer: '127.0.0.1:9000',
  cause: 'reset-before-response',
  subcause: 'worker-killed',
  plain: 'reset before response: worker killed',
  process: 'php-fpm8.2 4211',
  by: 'peer',
  confidence: 'certain',
  attempts: 1,
  status: 502,
  hidden: false,
};

test.each([
  ['', true],
  ['cause:reset', true],
  ['CAUSE:Reset peer:9000', true],
  ['cause:refused', false],
  ['-cause:refused', true],
  ['path:/checkout status:502 conf:certain', true],
  ['status:504', false],
  ['127.0.0.1:9000', true],
  ['worker', true],
  ['by:fpm', true],
  ['by:gateway', false],
  ['"before response"', true],
  ['-worker', false],
  ['cause:', true],
  ['unknownkey:checkout', false],
])('%j lets it through: %s', (text, passes) => {
  expect(filterOf(text)(WORDS)).toBe(passes);
});
