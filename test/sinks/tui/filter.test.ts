import { expect, test } from 'vitest';
import type { EntryWords } from '../../../src/sinks/tui/entry.ts';
import { filterOf, filterProblem } from '../../../src/sinks/tui/filter.ts';

const WORDS: EntryWords = {
  at: 0,
  method: 'POST',
  target: '/checkout?id=7',
  host: 'shop.example',
  client: '203.0.113.9:58884',
  peer: '127.0.0.1:9000',
  cause: 'reset-before-response',
  subcause: 'worker-killed',
  parts: ['reset before response', ': worker killed'],
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
  ['constructor:checkout', false],
])('%j lets it through: %s', (text, passes) => {
  expect(filterOf(text)(WORDS)).toBe(passes);
});

test.each([
  ['cause:reset -peer:9000 "before response" checkout', undefined],
  ['localhost:9000 http://shop.example 127.0.0.1:80 [::1]:80', undefined],
  ['caus:reset', 'caus: is no key; there are cause, peer, path, method, host, client, status, conf, by'],
  ['peer:9000 -constructor:x', expect.stringMatching(/^constructor: is no key/)],
  ['conf:cert', undefined],
  ['conf:sure', 'conf: wants certain, likely or possible'],
  ['status:bad', 'status: wants a number, as 502'],
  ['cause:', undefined],
])('what is wrong with %j is told', (text, problem) => {
  expect(filterProblem(text)).toEqual(problem);
});
