import { expect, test } from 'vitest';
import { colourOf, listOf, maybeEndpoint } from '../../src/commands/options.ts';

test('colours are automatic unless asked for or forbidden', () => {
  expect(colourOf({})).toBe('auto');
  expect(colourOf({ color: 'always' })).toBe('always');
  expect(colourOf({ color: 'always', 'no-color': true })).toBe('never');
  expect(colourOf({ color: 'red' })).toMatchObject({ wrong: expect.stringContaining('red') });
});

test('an option that was not given has no values', () => {
  expect(listOf({}, 'gateway')).toEqual([]);
  expect(listOf({ gateway: ['a', 'b'] }, 'gateway')).toEqual(['a', 'b']);
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
